import { readFileSync } from 'node:fs';

/** USER_HZ, in which the kernel counts time for user space: 100 on all that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Processor time of a process and its children so far, ms: of a Postgres with its workers. Null: it has ended. */
export function processorMsOf(pid: number): number | null {
  const own = read(`/proc/${pid}/stat`);
  if (own === null) return null;
  const children = (read(`/proc/${pid}/task/${pid}/children`) ?? '').trim().split(/\s+/).filter(Boolean);
  const stats = [own, ...children.map((child) => read(`/proc/${child}/stat`) ?? '')];
  return stats.reduce((sum, stat) => sum + processorMsIn(stat), 0);
}

/**
 * The name in front may hold blanks and brackets: the fields that can be split begin behind its last bracket
 * (proc_pid_stat(5)). Children that have ended count.
 */
export function processorMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime are fields 14 to 17, and the first of these is the third
  const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
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
  /** the most of resident memory that was seen */
  mostMb: number;
}

/** Keeps what several processes use from now on, also of those that end meanwhile. */
export class UsageWatch {
  private readonly processes = new Map<string, { pid: number; sinceMs: number; usage: Usage }>();
  private readonly timer: NodeJS.Timeout;

  constructor(everyMs = 250) {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  /** @param fromBirth what it has used before counts as well: it was started for this */
  add(name: string, pid: number, fromBirth = false): void {
    const sinceMs = fromBirth ? 0 : (processorMsOf(pid) ?? 0);
    this.processes.set(name, { pid, sinceMs, usage: { processorMs: 0, mostMb: 0 } });
    this.look();
  }

  /** @returns the usage of each, in the order in which they were added */
  stop(): ReadonlyMap<string, Usage> {
    clearInterval(this.timer);
    this.look();
    return new Map([...this.processes].map(([name, { usage }]) => [name, usage]));
  }

  private look(): void {
    for (const { pid, sinceMs, usage } of this.processes.values()) {
      const usedMs = processorMsOf(pid);
      if (usedMs !== null) usage.processorMs = usedMs - sinceMs;
      usage.mostMb = Math.max(usage.mostMb, residentMbOf(pid) ?? 0);
    }
  }
}
