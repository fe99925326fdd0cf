import { plainEnvironment } from '../config';
import { Keeper } from '../processes/keeper';
import { waitUntil } from '../processes/wait-until';
import { bundleCommand } from '../stack/stack-process';

/** One of our own programs: a baseline, or a load generator. */
export interface ProgramOptions {
  /** name of its bundle below `dist/tools`, without `.js` */
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
}

/** A baseline that serves until it is stopped. */
export interface Served {
  pid: number;
  port: number;
  /** what it has written so far on lines that are JSON objects */
  reports: readonly unknown[];
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const READY_MS = 20_000;

/**
 * Starts a server, which writes `{"listening":PORT}` when it is ready (port 0 where it serves no one). It ends with this
 * process, however that ends.
 * @throws with what it said, if it did not come so far
 */
export async function serve(options: ProgramOptions): Promise<Served> {
  const keeper = new Keeper(true);
  const reports: object[] = [];
  const said: string[] = [];
  try {
    const onLine = (line: string): void => {
      said.push(line);
      const report = jsonOf(line);
      if (report) reports.push(report);
    };
    const running = await keeper.start({ ...specOf(options), onLine });
    let ended = false;
    void running.exited.then(() => (ended = true));
    const listening = () => reports.find((report) => 'listening' in report);
    const ready = await waitUntil(() => Promise.resolve(ended || listening()), { timeoutMs: READY_MS });
    if (typeof ready !== 'object')
      throw new Error(`${options.program} did not start. It said:\n${said.join('\n')}`);
    return {
      pid: running.pid,
      port: Number(ready.listening),
      reports,
      signal: (name) => running.signal(name),
      stop: () => keeper.close(),
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

/**
 * Runs a load generator to its end.
 * @returns the last JSON object that it wrote
 * @throws if it failed, wrote none, or took longer than `longestMs`
 */
export async function runProgram(
  options: ProgramOptions & { longestMs: number; onStarted?: (pid: number) => void },
): Promise<unknown> {
  const keeper = new Keeper();
  const lines: string[] = [];
  try {
    const running = await keeper.start({ ...specOf(options), onLine: (line) => lines.push(line) });
    options.onStarted?.(running.pid);
    const late = setTimeout(() => void running.stop(), options.longestMs);
    const { code } = await running.exited;
    clearTimeout(late);
    const report = lines.map(jsonOf).findLast((each) => each !== null);
    if (code === 0 && report) return report;
    throw new Error(
      `${options.program} gave no report (exit ${code}). It said:\n${lines.slice(-20).join('\n')}`,
    );
  } finally {
    await keeper.close();
  }
}

function specOf({ program, args, env }: ProgramOptions) {
  const { command, args: before, cwd } = bundleCommand(`dist/tools/${program}.js`);
  return { command, args: [...before, ...args], cwd, env: { ...plainEnvironment(), ...env }, graceMs: 3000 };
}

function jsonOf(line: string): object | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as object;
  } catch {
    return null;
  }
}
