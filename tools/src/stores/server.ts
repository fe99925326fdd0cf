import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../processes/free-port';
import { type Exit, type Keeper, type KeptProcess, type ProcessSpec } from '../processes/keeper';

/** A store's server process that we started ourselves. */
export interface StoreServer {
  /** of the process that runs now; another one after `restart` */
  readonly pid: number;
  readonly port: number;
  /** settles when the process that runs now has ended */
  readonly exited: Promise<Exit>;
  /** Starts it again on the same port and the same data, after it has ended or was killed. Stops it first if it runs. */
  restart(): Promise<void>;
}

export interface ServerOptions {
  keeper: Keeper;
  /** as messages call it */
  name: string;
  preferredPort?: number | undefined;
  spec: (port: number) => ProcessSpec;
  /** Really connects: `false` as long as the server does not answer yet. @throws when it never will */
  answers: (port: number) => Promise<boolean>;
}

const READY_MS = 30_000;
const ATTEMPTS = 8;
const PORT_TAKEN = /address already in use/i;
/** the workers of a server that was killed live on for a moment */
const PREDECESSOR_LEAVES = /still in use|lock file .* already exists/i;

class StartFailure extends Error {}

export async function runServer(options: ServerOptions): Promise<StoreServer> {
  let { port, running } = await launch(options, undefined);
  return {
    get pid() {
      return running.pid;
    },
    get port() {
      return port;
    },
    get exited() {
      return running.exited;
    },
    async restart() {
      await running.stop();
      ({ port, running } = await launch(options, port));
    },
  };
}

async function launch(options: ServerOptions, fixedPort: number | undefined) {
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = fixedPort ?? (await freePort(attempt === 0 ? options.preferredPort : undefined));
    try {
      return { port, running: await startOn(options, port) };
    } catch (error) {
      failure = error;
      const said = error instanceof StartFailure ? error.message : '';
      if (!PORT_TAKEN.test(said) && !PREDECESSOR_LEAVES.test(said)) break;
      await sleep(fixedPort === undefined ? 0 : 100 * 2 ** attempt);
    }
  }
  throw failure;
}

async function startOn({ keeper, name, spec, answers }: ServerOptions, port: number): Promise<KeptProcess> {
  const tail: string[] = [];
  const onLine = (line: string) => {
    tail.push(line);
    if (tail.length > 30) tail.shift();
  };
  const running = await keeper.start({ ...spec(port), onLine });
  let ended: Exit | undefined;
  void running.exited.then((exit) => (ended = exit));
  const deadline = performance.now() + READY_MS;
  try {
    while (!(await answers(port)) || ended) {
      if (ended) throw new StartFailure(`it ended with ${ended.signal ?? `exit code ${ended.code}`}`);
      if (performance.now() > deadline) throw new StartFailure(`no answer within ${READY_MS / 1000} s`);
      await sleep(25);
    }
    return running;
  } catch (error) {
    await running.stop();
    const why = error instanceof Error ? error.message : String(error);
    throw new StartFailure(`${name} could not be started: ${why}. It said:\n${tail.join('\n')}`);
  }
}
