import { join } from 'node:path';
import { plainEnvironment } from '../config';
import { Keeper } from '../processes/keeper';
import { claim, lastingFolder, throwAwayFolder } from './folders';
import { postgresBinaries } from './postgres-binaries';
import { prepareCluster } from './postgres-cluster';
import { startPostgres } from './postgres';
import { startRedis } from './redis';
import { findRedis } from './redis-runtime';
import { type StoreServer } from './server';
import { type Log, serverUser } from './server-user';

export interface StoresOptions {
  /** `persistent`: in `dataDir`, found again by the next run. `throw-away`: gone on `close`. */
  mode: 'persistent' | 'throw-away';
  /** folder of lasting data; a Redis that had to be unpacked is kept there in both modes */
  dataDir: string;
  log: Log;
  /** a Postgres to use instead of one of our own; it is not touched */
  databaseUrl?: string | undefined;
  /** a Redis to use instead of one of our own; it is not touched */
  redisUrl?: string | undefined;
}

export interface Stores {
  /** of a database `greenroom`, where the server is ours: as superuser, also of the database `postgres` */
  databaseUrl: string;
  redisUrl: string;
  /** null: somebody else's, as given */
  postgres: StoreServer | null;
  redis: StoreServer | null;
  /** Stops what was started and removes what was thrown away. */
  close(): Promise<void>;
}

/**
 * A real Postgres and a real Redis. However this process ends, SIGKILL included, they end with it.
 * @throws with a message for people, when one of them cannot be had; nothing is left running then
 */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const keeper = new Keeper(true);
  try {
    if (options.mode === 'persistent') await claim(options.dataDir, keeper, options.log);
    const opened = await Promise.allSettled([openPostgres(options, keeper), openRedis(options, keeper)]);
    const [postgres, redis] = opened;
    if (postgres.status === 'rejected') throw postgres.reason;
    if (redis.status === 'rejected') throw redis.reason;
    return {
      databaseUrl: postgres.value.url,
      redisUrl: redis.value.url,
      postgres: postgres.value.server,
      redis: redis.value.server,
      close: () => keeper.close(),
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

async function openPostgres({ mode, dataDir, log, databaseUrl }: StoresOptions, keeper: Keeper) {
  if (databaseUrl) return { url: databaseUrl, server: null };
  const started = performance.now();
  const throwAway = mode === 'throw-away';
  const user = await serverUser(keeper, log);
  const base = throwAway ? throwAwayFolder(keeper, user) : lastingFolder(dataDir, user, log);
  const binaries = postgresBinaries(user, base, log);
  const cluster = await prepareCluster({ keeper, binaries, user, base, throwAway, log });
  const { server, url } = await startPostgres({ keeper, binaries, user, cluster, throwAway });
  log(`Postgres ${binaries.major} is ready on 127.0.0.1:${server.port} (${since(started)})`);
  return { url, server };
}

async function openRedis({ mode, dataDir, log, redisUrl }: StoresOptions, keeper: Keeper) {
  if (redisUrl) return { url: redisUrl, server: null };
  const started = performance.now();
  const throwAway = mode === 'throw-away';
  const runtime = await findRedis({ keeper, dataDir, env: plainEnvironment(), log });
  const folder = throwAway ? throwAwayFolder(keeper, null) : join(dataDir, 'redis');
  const { server, url } = await startRedis({ keeper, runtime, folder, throwAway });
  log(`Redis is ready on 127.0.0.1:${server.port} (${since(started)})`);
  return { url, server };
}

const since = (started: number): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
