import { readFileSync } from 'node:fs';

/** USER_HZ, in which the kernel counts time for user space: 100 on all that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Processor time of a process so far, ms. Null: it has ended. */
export function processorMsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : processorMsIn(stat).own;
}

/** The same with all its children, those that have ended as well: of a Postgres with its workers. */
export function familyMsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const { own, ended } = processorMsIn(stat);
  const children = (read(`/proc/${pid}/task/${pid}/children`) ?? '').trim().split(/\s+/).filter(Boolean);
  return children.reduce((sum, child) => sum + (processorMsOf(Number(child)) ?? 0), own + ended);
}

/**
 * The name in front may hold blanks and brackets: the fields that can be split begin behind its last bracket
 * (proc_pid_stat(5)).
 * @returns ms, of the process and of children that have ended
 */
export function processorMsIn(stat: string): { own: number; ended: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime are fields 14 to 17, and the first of these is the third
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number);
  const toMs = (ticks: number): number => (ticks * 1000) / TICKS_PER_SECOND;
  return { own: toMs(utime + stime), ended: toMs(cutime + cstime) };
}

/**
 * How long its main thread, which runs the event loop, could have run and got no core, ms. Null: it has ended, or the
 * kernel does not tell.
 */
export function waitedMsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/schedstat`);
  // ns on a core, ns waiting for one, and how often (docs.kernel.org/scheduler/sched-stats.html)
  return stat === null ? null : Number(stat.split(' ')[1]) / 1e6;
}

/** Resident memory, MB. Null: it has ended. */
export function residentMbOf(pid: number): number | null {
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '') ?? [];
  return kb === undefined ? null : Number(kb) / 1024;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

export interface Usage {
  /** ms */
  processorMs: number;
  /** ms in which it waited for a core that others had */
  waitedMs: number;
  /** the most of resident memory that was seen */
  mostMb: number;
}

interface Watched {
  pid: number;
  /** ms so far */
  usedMs: () => number | null;
  usedBefore: number;
  waitedBefore: number;
  usage: Usage;
}

/** Keeps what several processes use from now on, also of those that end meanwhile. */
export class UsageWatch {
  private readonly processes = new Map<string, Watched>();
  private readonly timer: NodeJS.Timeout;

  constructor(everyMs = 250) {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  /** @param count `family`: its children as well; `born`: what it has used already, since it was started for this */
  add(name: string, pid: number, count: 'process' | 'family' | 'born' = 'process'): void {
    const usedMs = () => (count === 'family' ? familyMsOf(pid) : processorMsOf(pid));
    const usedBefore = count === 'born' ? 0 : (usedMs() ?? 0);
    const waitedBefore = count === 'born' ? 0 : (waitedMsOf(pid) ?? 0);
    const usage = { processorMs: 0, waitedMs: 0, mostMb: 0 };
    this.processes.set(name, { pid, usedMs, usedBefore, waitedBefore, usage });
    this.look();
  }

  /** @returns the usage of each, in the order in which they were added */
  stop(): ReadonlyMap<string, Usage> {
    clearInterval(this.timer);
    this.look();
    return new Map([...this.processes].map(([name, { usage }]) => [name, usage]));
  }

  private look(): void {
    for (const { pid, usedMs, usedBefore, waitedBefore, usage } of this.processes.values()) {
      // of one that has ended, what it had used when it was last seen
      usage.processorMs = Math.max(usage.processorMs, (usedMs() ?? 0) - usedBefore);
      usage.waitedMs = Math.max(usage.waitedMs, (waitedMsOf(pid) ?? 0) - waitedBefore);
      usage.mostMb = Math.max(usage.mostMb, residentMbOf(pid) ?? 0);
    }
  }
}
