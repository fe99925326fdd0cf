import { waitUntil } from '../../processes/wait-until';
import { type Findings } from '../group';
import { readMetrics } from '../metrics-page';
import { figure } from '../print';
import { atMost, row } from '../row';
import { type Crowd } from './crowd';
import { PER_SECOND } from './latency';
import { takeObserved } from './observation';
import { type Stage } from './stage';

/*
 * What a waiting call has the stores do, from its handshake to its claim, as it is sent to them: what is sent for the
 * whole process, and what the conversation behind the claim sends, is told apart by its name.
 */

/** Sent by the process, however many wait: pings, one look for all of them, the connections themselves. */
const OF_THE_PROCESS = new Set(['ping', 'info', 'greenroom-find-many', 'SELECT 1']);
/** A caller who is silent, as all are here, has its claim renewed a second after. */
const OF_THE_CONVERSATION = new Set(['greenroom-renew']);

type Counts = Readonly<Record<string, number>>;

export interface StoreWork {
  waiting: number;
  /** of one call, by name */
  redis: Counts;
  postgres: Counts;
}

/** All calls are found, and claimed one way or the other. */
const CLAIMED_WITHIN_MS = 5000;
const MOST_LOOKED_AT = 2000;

/** Begins with nobody waiting, and leaves so many. */
export async function measureStoreWork(stage: Stage, crowd: Crowd, waiting: number): Promise<StoreWork> {
  const { gateway, own, writer } = stage;
  const before = crowd.size;
  await takeObserved(gateway, own.folder);
  await crowd.fillUp(waiting);
  const toWait = await takeObserved(gateway, own.folder);
  const range = crowd.take(Math.min(waiting, MOST_LOOKED_AT));
  await writer.write(range, PER_SECOND);
  const toClaim = await observeUntilClaimed(stage, range.count);
  await crowd.leave(range);
  const [waits, claims] = [withoutPolls(toWait), withoutPolls(toClaim)];
  const perCall = (store: 'redis' | 'postgres'): Counts =>
    sumOf(share(waits[store], waiting - before), share(claims[store], range.count));
  return { waiting, redis: perCall('redis'), postgres: perCall('postgres') };
}

/** @throws if fewer are claimed in time: what is counted would be too little */
async function observeUntilClaimed({ gateway, own }: Stage, calls: number): Promise<Sent> {
  let seen: Sent = { redis: {}, postgres: {} };
  const claimed = async (): Promise<true | undefined> => {
    const all = (await readMetrics(gateway))('greenroom_gateway_active_calls') === calls;
    const more = await takeObserved(gateway, own.folder);
    seen = { redis: sumOf(seen.redis, more.redis), postgres: sumOf(seen.postgres, more.postgres) };
    return all || undefined;
  };
  if (await waitUntil(claimed, { timeoutMs: CLAIMED_WITHIN_MS, everyMs: 200 })) return seen;
  throw new Error(`Of ${calls} calls that were announced not all were claimed.`);
}

type Sent = Record<'redis' | 'postgres', Counts>;

/** A safety poll is one MGET, then one statement; every other MGET is of calls that are looked for at the same moment. */
export function withoutPolls({ redis: { mget = 0, ...redis }, postgres }: Sent): Sent {
  const ofCalls = mget - (postgres['greenroom-find-many'] ?? 0);
  return { redis: ofCalls > 0 ? { ...redis, mget: ofCalls } : redis, postgres };
}

/** @returns what one of them has sent, by name */
export function share(counts: Counts, calls: number): Counts {
  const own = Object.entries(counts).filter(
    ([name]) => !OF_THE_PROCESS.has(name) && !OF_THE_CONVERSATION.has(name),
  );
  return Object.fromEntries(own.map(([name, count]) => [name, count / calls]));
}

export function sumOf(one: Counts, other: Counts): Counts {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

const MOST_COMMANDS = 7;
const MOST_STATEMENTS = 2;

export const storeWorkFindings = (works: readonly StoreWork[]): Findings => ({
  rows: works.flatMap(({ waiting, redis, postgres }) => [
    row(
      `Redis commands of a waiting call, ${waiting} waiting`,
      { ours: total(redis) },
      atMost(MOST_COMMANDS),
    ),
    row(
      `SQL statements of a waiting call, ${waiting} waiting`,
      { ours: total(postgres) },
      atMost(MOST_STATEMENTS),
    ),
  ]),
  notes: works.map(
    ({ waiting, redis, postgres }) =>
      `Sent to the stores for a call, handshake to claim, ${waiting} waiting: ` +
      `${told(redis)}; ${told(postgres)}. Left out: the safety poll’s MGETs, ${[...OF_THE_PROCESS, ...OF_THE_CONVERSATION].join(', ')}.`,
  ),
});

const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const told = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${figure(count)}`)
    .join(', ');
