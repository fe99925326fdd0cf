import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnnouncementSchema, type Announcement, type Session } from '@greenroom/contracts';
import { Batcher, createPool, PgOutbox, PgSessionStore, warmUp } from '@greenroom/entities';
import { commandConnection, RedisSessionCache } from '@greenroom/platform';
import { z } from 'zod';
import { readSettings } from '../../config';
import { machineNow } from '../conversation/machine-clock';
import { customerOf, keyOf, mapCalls, readDescription } from '../rendezvous/bench-calls';
import { orderOf, takeOrders } from '../rendezvous/orders';
import { type Sighting } from '../rendezvous/sightings';
import { percentile } from '../statistics';

/*
 * What the ingest does with calls that are announced, without the web server, the proofs and the parser ahead of it: on
 * two cores those leave too little for whoever waits. The sessions are written by the ingest's own store, with its batches
 * and its outbox, and told by its own cache, in one transaction those that one statement has written.
 *
 *   DATABASE_URL=... session-writer.js STACK_FILE
 */

const WriteSchema = z.object({
  series: z.string(),
  first: z.number(),
  count: z.number(),
  perSecond: z.number(),
});

const { redisUrl, environment } = readDescription(process.argv[2] ?? '');
const complain = (error: unknown): void => console.error(error);
const pool = createPool({
  url: readSettings().databaseUrl ?? '',
  applicationName: 'bench-session-writer',
  onPoolError: complain,
});
const store = new PgSessionStore(pool);
const outbox = new PgOutbox(pool, complain);
const redis = commandConnection(redisUrl, complain);
const cache = new RedisSessionCache(redis, { environment, ttlSeconds: 3600 });
/** As the ingest has it. */
const publishing = new Batcher<Session, void>({
  one: (session) => cache.publishMany([session]),
  many: async (sessions) => {
    await cache.publishMany(sessions);
    return sessions.map(() => undefined);
  },
  keysOf: () => [],
  isOfOneItem: () => false,
  ...{ atOnce: Infinity, most: 64, mostWaiting: Infinity, longestWaitMs: Infinity },
});

let sightings: Sighting[] = [];
subscribe('greenroom:session-published', (message) => {
  const { key } = message as { key: { callId: string } };
  sightings.push([key.callId, machineNow(), null]);
});

const announcementOf = (series: string, index: number): Announcement =>
  AnnouncementSchema.parse({
    ...keyOf(series, index),
    from: customerOf(series, index),
    to: '+918000000002',
    customer: { phone: customerOf(series, index) },
  });

async function announce(announcement: Announcement): Promise<void> {
  const { session, debt } = await store.announce(announcement, { pending: false });
  await publishing.run(session);
  if (debt !== null) outbox.settle(debt);
}

/** Each when its time comes. */
async function write({ perSecond, ...range }: z.infer<typeof WriteSchema>) {
  const announcements = mapCalls(range, (index) => announcementOf(range.series, index));
  const lateMs: number[] = [];
  const written: Promise<void>[] = [];
  let failed = 0;
  const startedAt = performance.now();
  while (written.length < announcements.length) {
    const dueNow = ((performance.now() - startedAt) / 1000) * perSecond;
    for (let next = announcements[written.length]; next && written.length < dueNow;) {
      lateMs.push(((dueNow - written.length) / perSecond) * 1000);
      written.push(announce(next).catch(() => void (failed += 1)));
      next = announcements[written.length];
    }
    await sleep(1);
  }
  await Promise.all(written);
  const tookMs = performance.now() - startedAt;
  return { written: written.length - failed, tookMs, lateP99Ms: percentile(lateMs, 0.99) };
}

function published() {
  const seen = sightings;
  sightings = [];
  return Promise.resolve({ sightings: seen });
}

void Promise.all([redis.connect(), warmUp(pool)]).then(() =>
  takeOrders({
    write: orderOf(WriteSchema, write),
    published: orderOf(z.object({}), published),
  }),
);
