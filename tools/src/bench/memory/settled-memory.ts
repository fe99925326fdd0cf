import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../processes/wait-until';
import { residentMbOf } from '../process-usage';

/** Nobody else listens to it: most of the others end a process of ours in order. */
const SIGNAL = 'SIGWINCH';
/** Between two collections: what the first has freed is given back to the system meanwhile. */
const PAUSE_MS = 100;

/**
 * Part of the process that is measured, which gets its text: so it names nothing but its arguments and globals. When the
 * signal comes, garbage is collected, and a file says that it was.
 */
function collectOnSignal(
  { signal, file, pauseMs }: { signal: NodeJS.Signals; file: string; pauseMs: number },
  load: NodeJS.Require,
): void {
  const fs = load('node:fs') as typeof import('node:fs');
  const vm = load('node:vm') as typeof import('node:vm');
  const v8 = load('node:v8') as typeof import('node:v8');
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  process.on(signal, () => {
    collect();
    setTimeout(() => {
      collect();
      fs.writeFileSync(file, '');
    }, pauseMs);
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
