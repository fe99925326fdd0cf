import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../config';
import { type Exit, type Keeper, type KeptProcess } from '../processes/keeper';
import { waitUntil } from '../processes/wait-until';
import { type LogLine, parseLine } from './log-lines';
import { type Plan, type Role } from './plan';

/** A process of a running stack. */
export interface StackProcess {
  readonly name: string;
  readonly role: Role;
  /** null for the worker, which has no public side */
  readonly port: number | null;
  readonly adminPort: number;
  /** of the process that runs now; another one after `restart` */
  readonly pid: number;
  /** settles when the process that runs now has ended */
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, a bounded wait, SIGKILL. */
  stop(): Promise<Exit>;
  /** Starts it again on the same ports, after it has ended or was killed; stops it first if it runs. */
  restart(): Promise<void>;
}

export interface LaunchOptions {
  keeper: Keeper;
  plan: Plan;
  env: Record<string, string>;
  graceMs: number;
  onLog: (line: LogLine) => void;
  /** told when it ends without having been asked to by `stop` or `restart` */
  onLost: (name: string, exit: Exit) => void;
}

const READY_MS = 30_000;

/** Starts it and waits until it says that it is ready. @throws with its last words when it does not get there */
export async function launch(options: LaunchOptions): Promise<StackProcess> {
  const { name, role, port, adminPort } = options.plan;
  let asked = false;
  const run = async (): Promise<KeptProcess> => {
    const kept = await startReady(options);
    asked = false;
    void kept.exited.then((exit) => asked || options.onLost(name, exit));
    return kept;
  };
  let running = await run();
  const stop = (): Promise<Exit> => {
    asked = true;
    return running.stop();
  };
  return {
    name,
    role,
    port,
    adminPort,
    get pid() {
      return running.pid;
    },
    get exited() {
      return running.exited;
    },
    signal: (signal) => running.signal(signal),
    stop,
    async restart() {
      await stop();
      running = await run();
    },
  };
}

async function startReady({ keeper, plan, env, graceMs, onLog }: LaunchOptions): Promise<KeptProcess> {
  const tail: string[] = [];
  const running = await keeper.start({
    ...bundleCommand(plan.bundle),
    env,
    graceMs,
    onLine: (text) => {
      tail.push(text);
      if (tail.length > 20) tail.shift();
      onLog(parseLine(plan.name, text));
    },
  });
  let ended: Exit | undefined;
  void running.exited.then((exit) => (ended = exit));
  const ready = await waitUntil(async () => ended ?? (await isReady(plan.adminPort)), {
    timeoutMs: READY_MS,
  });
  if (ready === true) return running;
  await running.stop();
  const why = ended
    ? `it ended with ${ended.signal ?? `exit code ${ended.code}`}`
    : `it was not ready after ${READY_MS / 1000} s`;
  throw new Error(`${plan.name} could not be started: ${why}. It said:\n${tail.join('\n')}`);
}

/** The command that runs a bundle. @throws when it has not been built */
export function bundleCommand(bundle: string): { command: string; args: string[]; cwd: string } {
  const cwd = repositoryRoot();
  if (!existsSync(join(cwd, bundle))) throw new Error(`${bundle} is missing. Run npm run build first.`);
  return { command: process.execPath, args: ['--enable-source-maps', bundle], cwd };
}

async function isReady(adminPort: number): Promise<true | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${adminPort}/readyz`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.text();
    return response.ok || undefined;
  } catch {
    return undefined;
  }
}
