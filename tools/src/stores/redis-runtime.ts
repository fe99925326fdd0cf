import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Keeper } from '../processes/keeper';
import { extractRedis, type RedisRuntime, runtimeIn } from './redis-extraction';
import { type Log } from './server-user';

export interface FindRedisOptions {
  keeper: Keeper;
  dataDir: string;
  /** environment for the programs that are run, its `PATH` is where a server is looked for */
  env: Record<string, string>;
  log: Log;
}

const OWN_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];

/** A Redis server that runs here: the system's own, else one unpacked into `dataDir`. */
export async function findRedis(options: FindRedisOptions): Promise<RedisRuntime> {
  const { keeper, dataDir, env } = options;
  const onPath = findOnPath(['redis-server', 'valkey-server'], env['PATH']);
  if (onPath) return { command: onPath, env: {} };
  const folder = join(dataDir, 'redis-runtime');
  if (existsSync(join(folder, 'x'))) {
    const kept = runtimeIn(folder);
    if ((await fault(keeper, kept)) === null) return kept;
  }
  if (!findOnPath(['apt-get'], env['PATH']) || !findOnPath(['dpkg'], env['PATH'])) throw new Error(advice());
  return unpackHere(options, folder);
}

async function unpackHere({ keeper, env, log }: FindRedisOptions, folder: string): Promise<RedisRuntime> {
  mkdirSync(join(folder, '..'), { recursive: true });
  let why: string | null;
  try {
    const unpacked = await extractRedis({ keeper, folder, env, log });
    why = await fault(keeper, unpacked);
    if (why === null) return unpacked;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new Error(`${advice()}\nUnpacking one from the package sources was tried:\n${why}`);
}

/** What keeps the server from running; `null`: it runs. */
async function fault(keeper: Keeper, { command, env }: RedisRuntime): Promise<string | null> {
  try {
    const { code, output } = await keeper.run({ command, args: ['--version'], env });
    return code === 0 ? null : output || `${command} --version ended with exit code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const advice = (): string =>
  'No Redis server was found. Do one of these: set REDIS_URL to a Redis of your own; ' +
  (process.platform === 'darwin'
    ? 'run "brew install redis".'
    : 'or put redis-server (or valkey-server) on the PATH, from your system’s packages.');

export function findOnPath(names: readonly string[], path: string | undefined): string | undefined {
  const folders = [...(path ?? '').split(delimiter).filter(Boolean), ...OWN_FOLDERS];
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isProgram);
    if (found) return found;
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
