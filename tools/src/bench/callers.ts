import { plainEnvironment } from '../config';
import { Keeper } from '../processes/keeper';
import { bundleCommand } from '../stack/stack-process';
import { type Stack } from '../stack';

export interface CallersOptions {
  stack: Stack;
  /** of the simulator's `call` */
  args: readonly string[];
  /** ms; then they are ended, and there is no report */
  longestMs: number;
  onStarted?: (pid: number) => void;
}

/** Simulated callers, in a process of their own. @returns what they report. @throws if they report nothing */
export async function placeCalls({ stack, args, longestMs, onStarted }: CallersOptions): Promise<unknown> {
  const { command, args: before, cwd } = bundleCommand('dist/apps/simulator/main.js');
  const keeper = new Keeper();
  const lines: string[] = [];
  try {
    const running = await keeper.start({
      command,
      args: [...before, 'call', '--json', '--stack', stack.stackFile, ...args],
      cwd,
      env: plainEnvironment(),
      onLine: (line) => lines.push(line),
    });
    onStarted?.(running.pid);
    const late = setTimeout(() => void running.stop(), longestMs);
    await running.exited;
    clearTimeout(late);
  } finally {
    await keeper.close();
  }
  const report = lines.findLast((line) => line.startsWith('{'));
  if (report === undefined) throw new Error(`The callers gave no report. They said:\n${lines.join('\n')}`);
  return JSON.parse(report) as unknown;
}
