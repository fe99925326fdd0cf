import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../processes/wait-until';
import { processorMsOf, residentMbOf } from '../process-usage';

/** Nobody else listens to it: most of the others end a process of ours in order. */
const SIGNAL = 'SIGWINCH';
/** After a collection: what it has freed is given back to the system meanwhile. */
const PAUSE_MS = 100;

/**
 * Part of the process that is measured, which gets its text: so it names nothing but its arguments and globals. When the
 * signal comes, garbage is collected, and a file says that it was. The inspector's collection is the one that also shrinks
 * the young generation and gives back what it took (up to 32 MiB): with `gc()` a
 * server that was small before would show it as the sockets', and one that was large would not.
 */
function collectOnSignal(
  { signal, file, pauseMs }: { signal: NodeJS.Signals; file: string; pauseMs: number },
  load: NodeJS.Require,
): void {
  const fs = load('node:fs') as typeof import('node:fs');
  const { Session } = load('node:inspector') as typeof import('node:inspector');
  process.on(signal, () => {
    const session = new Session();
    session.connect();
    session.post('HeapProfiler.collectGarbage', (error) => {
      setTimeout(() => {
        session.disconnect();
        // without the file the measurement fails
        if (!error) fs.writeFileSync(file, '');
      }, pauseMs);
    });
  });
}

/** A process whose garbage can be collected. */
export interface Collectable {
  pid: number;
  signal(name: NodeJS.Signals): void;
}

const fileOf = (folder: string, name: string): string => join(folder, `collected-${name}`);

/** @returns the value of NODE_OPTIONS with which a process of this name can be measured; its threads are left alone */
export function writeCollector(folder: string, name: string): string {
  const file = join(folder, `collect-${name}.cjs`);
  const options = JSON.stringify({ signal: SIGNAL, file: fileOf(folder, name), pauseMs: PAUSE_MS });
  const call = `(${collectOnSignal.toString()})(${options}, require)`;
  writeFileSync(file, `if (require('node:worker_threads').isMainThread) ${call};\n`);
  return `--require=${JSON.stringify(file)}`;
}

const LOOK_MS = 1000;
/** Of a second, ms: more is work. */
const IDLE_MS = 50;
const IDLE_WITHIN_MS = 60_000;
/** V8 gives a thread's memory back 8 s after its last work (`MemoryReducer`). */
const GIVEN_BACK_MS = 10_000;

/**
 * Waits until a process that was started just now has done what it does behind its start. A gateway speaks its prompts in
 * a thread of its own: 1.5 s of processor and 70 MB that come and go within 10 s, which would be counted as the sockets',
 * the one for them and the other against.
 * @returns what waits until it has given back what that took, too
 * @throws if it does not come to rest
 */
export async function atRest(pid: number): Promise<() => Promise<void>> {
  let used = processorMsOf(pid) ?? 0;
  const idle = async (): Promise<true | undefined> => {
    await sleep(LOOK_MS);
    const before = used;
    used = processorMsOf(pid) ?? 0;
    return used - before <= IDLE_MS || undefined;
  };
  if (!(await waitUntil(idle, { timeoutMs: IDLE_WITHIN_MS })))
    throw new Error('The process does not come to rest.');
  const until = performance.now() + GIVEN_BACK_MS;
  return () => sleep(Math.max(0, until - performance.now()));
}

const COLLECTED_WITHIN_MS = 10_000;

/** Resident memory without garbage, bytes. @throws if the process does not say that it was collected */
export async function settledMemory(process: Collectable, folder: string, name: string): Promise<number> {
  const file = fileOf(folder, name);
  process.signal(SIGNAL);
  const told = () => Promise.resolve(existsSync(file) || undefined);
  if (!(await waitUntil(told, { timeoutMs: COLLECTED_WITHIN_MS, everyMs: 20 })))
    throw new Error(`The process ${name} does not say that its garbage was collected.`);
  rmSync(file);
  return (residentMbOf(process.pid) ?? 0) * 1_048_576;
}
