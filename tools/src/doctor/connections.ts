import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { notChecked, wrong, type Verdict } from './finding';
import { inWords } from './network-error';

/** Of one step, ms: so that what hangs is told by the step itself, before the check is given up. */
const STEP_MS = 2000;
/** A server that does not answer does not say goodbye either. */
const GOODBYE_MS = 500;

/** @throws what the driver throws */
export async function withPostgres<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'greenroom-doctor',
    connectionTimeoutMillis: STEP_MS,
    query_timeout: STEP_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await Promise.race([client.end(), sleep(GOODBYE_MS)]);
  }
}

/** @throws what the server or the network said, in place of the driver's "Connection is closed" */
export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: STEP_MS,
    commandTimeout: STEP_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    disconnectTimeout: GOODBYE_MS,
  });
  const said: Error[] = [];
  redis.on('error', (error: Error) => said.push(error));
  // a server that accepts connections and says nothing would be waited for without an end
  const late = setTimeout(() => {
    said.push(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    redis.disconnect();
  }, STEP_MS);
  try {
    await redis.connect();
    return await work(redis);
  } catch (error) {
    throw said[0] ?? error;
  } finally {
    clearTimeout(late);
    redis.disconnect();
  }
}

/** `host:port` and, where there is one, the path: what may be shown of a URL with a password in it. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { host, pathname } = new URL(url);
  return host + (pathname === '/' ? '' : pathname);
}

/** What a failed connection to a store says of the set-up; a store of compose cannot be seen from outside of it. */
export function judgeUnreachable(error: unknown, where: string, composed: boolean): Verdict {
  const words = inWords(error);
  if (!composed || !/\((ENOTFOUND|EAI_AGAIN)\)$/.test(words)) return wrong(`${where}: ${words}`);
  return notChecked('of compose, and reached in its network only: /readyz of the processes tells of it');
}
