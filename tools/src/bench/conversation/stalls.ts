import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { waitUntil } from '../../processes/wait-until';
import { type Stack } from '../../stack';
import { type Stall } from './deadlines';

const STALL_MS = 20;
const EVERY_MS = 1000;
/** Nobody else listens to it: most of the others end a process of ours in order. */
const SIGNAL = 'SIGWINCH';

/**
 * Part of the process that is stalled, which gets its text: so it names nothing but its arguments and globals. It does
 * nothing until the signal comes, then blocks the event loop again and again until it comes once more, and says when.
 */
function stallOnSignal(
  signal: NodeJS.Signals,
  { stallMs, everyMs }: { stallMs: number; everyMs: number },
): void {
  // as machineNow
  const now = (): number => Number(process.hrtime.bigint()) / 1e6;
  let timer: NodeJS.Timeout | null = null;
  let stalls: { fromMs: number; toMs: number }[] = [];
  const stall = (): void => {
    const fromMs = now();
    while (now() < fromMs + stallMs);
    stalls.push({ fromMs, toMs: now() });
  };
  process.on(signal, () => {
    if (!timer) {
      timer = setInterval(stall, everyMs - stallMs);
      return;
    }
    clearInterval(timer);
    timer = null;
    console.log(JSON.stringify({ stalls }));
    stalls = [];
  });
}

/** @returns the value of NODE_OPTIONS with which a process can be stalled; its threads are left alone */
export function writeStalling(folder: string): string {
  const file = join(folder, 'stalling.cjs');
  const options = JSON.stringify({ stallMs: STALL_MS, everyMs: EVERY_MS });
  const call = `(${stallOnSignal.toString()})(${JSON.stringify(SIGNAL)}, ${options})`;
  writeFileSync(file, `if (require('node:worker_threads').isMainThread) ${call};\n`);
  return `--require=${JSON.stringify(file)}`;
}

const ToldSchema = z.object({ stalls: z.array(z.object({ fromMs: z.number(), toMs: z.number() })) });

/**
 * Stalls a gateway that was started with these options for as long as the work lasts.
 * @returns what the work gave, and the stalls by `machineNow`
 */
export async function whileStalled<T>(
  stack: Stack,
  work: () => Promise<T>,
): Promise<{ value: T; stalls: Stall[] }> {
  const [gateway] = stack.gateways;
  const before = stack.logs.length;
  gateway?.signal(SIGNAL);
  const value = await work().finally(() => gateway?.signal(SIGNAL));
  const told = () => stack.logs.slice(before).map(({ fields }) => ToldSchema.safeParse(fields));
  const found = await waitUntil(() => Promise.resolve(told().find(({ success }) => success)?.data), {
    timeoutMs: 5000,
  });
  if (!found) throw new Error('The gateway did not say when it was stalled.');
  return { value, stalls: found.stalls };
}
