import { setTimeout as sleep } from 'node:timers/promises';
import { sessionCacheKey } from '@greenroom/contracts';
import { sidOf } from '@greenroom/platform';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { z } from 'zod';
import { readSettings } from '../../config';
import { machineNow } from '../conversation/machine-clock';
import { callIdOf, keyOf, mapCalls, readDescription } from '../rendezvous/bench-calls';
import { orderOf, takeOrders } from '../rendezvous/orders';
import { type Sighting } from '../rendezvous/sightings';

/*
 * Waiting without events: every call looks for itself, twice a second, in Redis and then in Postgres.
 *
 *   DATABASE_URL=... polling.js STACK_FILE
 */

const WaitSchema = z.object({ series: z.string(), first: z.number(), count: z.number() });
type Range = z.infer<typeof WaitSchema>;

const EVERY_MS = 500;
const FIND = {
  name: 'polling-find',
  text: `SELECT s.*, c.full_name, c.language, c.attributes AS customer_attributes
    FROM call_sessions s LEFT JOIN customers c ON c.id = s.customer_id
    WHERE s.provider = $1 AND s.account = $2 AND s.call_id = $3`,
};

const { redisUrl, environment } = readDescription(process.argv[2] ?? '');
const redis = new Redis(redisUrl);
// as many connections as a gateway has
const pool = new Pool({ connectionString: readSettings().databaseUrl, max: 10, idleTimeoutMillis: 0 });

let waiting = new AbortController();
let sightings: Sighting[] = [];

/** Where it was found; null: nowhere. */
async function look(series: string, index: number): Promise<'cache' | 'database' | null> {
  const key = keyOf(series, index);
  if (await redis.get(sessionCacheKey(environment, sidOf(key)))) return 'cache';
  const { rowCount } = await pool.query({ ...FIND, values: [key.provider, key.account, key.callId] });
  return rowCount === 0 ? null : 'database';
}

/** Each begins at some time within the pause, as calls do. */
async function wait(series: string, index: number, offsetMs: number): Promise<void> {
  const { signal } = waiting;
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  await pause(offsetMs);
  while (!signal.aborted) {
    const found = await look(series, index);
    if (found && !signal.aborted) sightings.push([callIdOf(series, index), machineNow(), found]);
    if (found) return;
    await pause(EVERY_MS);
  }
}

function waitFor(range: Range) {
  waiting = new AbortController();
  sightings = [];
  mapCalls(range, (index) => void wait(range.series, index, offsetOf(index)));
  return Promise.resolve({});
}

/** Spread over the pause, and neighbours far from each other: the golden ratio's multiples are. */
const offsetOf = (index: number): number => ((index * 0.618_034) % 1) * EVERY_MS;

function report() {
  waiting.abort();
  return Promise.resolve({ sightings });
}

/** Every call once, all at once. */
async function lookOnce(range: Range) {
  const found = await Promise.all(mapCalls(range, (index) => look(range.series, index)));
  return { looks: found.length };
}

takeOrders({
  wait: orderOf(WaitSchema, waitFor),
  progress: orderOf(z.object({}), () => Promise.resolve({ found: sightings.length })),
  report: orderOf(z.object({}), report),
  'look-once': orderOf(WaitSchema, lookOnce),
});
