import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TcpProxy } from '@greenroom/testing';
import { Redis } from 'ioredis';
import { Client, type QueryResultRow } from 'pg';
import { repositoryRoot } from '../config';
import { type Exit } from '../processes/keeper';
import { type Stack, type StackOptions, startStack } from '../stack';
import { type StackProcess } from '../stack/stack-process';
import { openStores, type Stores } from '../stores/open-stores';
import { type StoreServer } from '../stores/server';

export interface RigOptions {
  ingests?: number;
  gateways?: number;
  env?: StackOptions['env'];
  /** the gateways reach Redis through a proxy */
  redisProxy?: true;
}

/** Real stores and real processes of a scenario's own, and the hands to hurt them with. */
export interface Rig {
  stack: Stack;
  stores: Stores;
  /** before the gateways' Redis, where the options ask for it */
  redisProxy: TcpProxy | null;
  postgres: StoreServer;
  redis: StoreServer;
  /** what every call id of this scenario begins with; a new one for each scenario on the rig */
  prefix: string;
  /** processes that have ended without a scenario having ended them */
  lost: string[];
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Sends a signal that ends it, and waits for the end. */
  end(process: StackProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit>;
  /** Says that a process is about to end, so that it does not count as lost. */
  mayEnd(process: StackProcess): void;
  close(): Promise<void>;
}

export async function openRig(options: RigOptions): Promise<Rig> {
  const stores = await openStores({
    mode: 'throw-away',
    dataDir: join(repositoryRoot(), '.data'),
    log: () => {},
  });
  const { postgres, redis } = stores;
  if (!postgres || !redis) throw new Error('The stores of a rig are its own.');
  const closing = [() => stores.close()];
  const close = async (): Promise<void> => {
    for (const each of closing.reverse()) await each();
  };
  try {
    const redisProxy = options.redisProxy
      ? await TcpProxy.open({ host: '127.0.0.1', port: redis.port })
      : null;
    if (redisProxy) closing.push(() => redisProxy.close());
    const ends = new ExpectedEnds();
    const stack = await startStack({
      databaseUrl: stores.databaseUrl,
      redisUrl: stores.redisUrl,
      ingests: options.ingests ?? 1,
      gateways: options.gateways ?? 1,
      env: withProxy(options.env ?? {}, redisProxy),
      onLost: (name, exit) => ends.ended(name, exit),
    });
    closing.push(() => stack.stop());
    return { stack, stores, redisProxy, postgres, redis, prefix: '', ...handsOn(stores, ends), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function withProxy(
  env: NonNullable<StackOptions['env']>,
  proxy: TcpProxy | null,
): NonNullable<StackOptions['env']> {
  if (!proxy) return env;
  return { ...env, gateway: { ...env['gateway'], REDIS_URL: `redis://127.0.0.1:${proxy.port}` } };
}

class ExpectedEnds {
  readonly lost: string[] = [];
  private readonly expected = new Map<string, number>();

  expect(name: string): void {
    this.expected.set(name, (this.expected.get(name) ?? 0) + 1);
  }

  ended(name: string, { code, signal }: Exit): void {
    const left = this.expected.get(name) ?? 0;
    if (left > 0) this.expected.set(name, left - 1);
    else this.lost.push(`${name} (${signal ?? `exit code ${code}`})`);
  }
}

function handsOn(
  stores: Stores,
  ends: ExpectedEnds,
): Pick<Rig, 'query' | 'withRedis' | 'end' | 'mayEnd' | 'lost'> {
  return {
    lost: ends.lost,
    mayEnd: ({ name }) => ends.expect(name),
    end(process, signal) {
      ends.expect(process.name);
      process.signal(signal);
      return process.exited;
    },
    async query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
      const client = new Client({ connectionString: stores.databaseUrl, connectionTimeoutMillis: 5000 });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async withRedis(work) {
      const redis = new Redis(stores.redisUrl, { maxRetriesPerRequest: 1 });
      redis.on('error', () => undefined);
      try {
        return await work(redis);
      } finally {
        redis.disconnect();
      }
    },
  };
}

/** Call ids of one scenario: nothing else in the stores begins like this. */
export const newPrefix = (name: string): string => `${name}-${randomBytes(4).toString('hex')}-`;

/** Ends a store as a crash would; `restart` brings it back. */
export async function kill(server: StoreServer, signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
  process.kill(server.pid, signal);
  await server.exited;
}

/** Stops every process of a server where it stands; the result lets them go on. */
export function freeze(server: StoreServer): () => void {
  process.kill(server.pid, 'SIGSTOP');
  const pids = [server.pid, ...childrenOf(server.pid)];
  pids.slice(1).forEach((pid) => signal(pid, 'SIGSTOP'));
  return () => pids.reverse().forEach((pid) => signal(pid, 'SIGCONT'));
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // a worker that has ended meanwhile
  }
}
