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
 * two cores those leave too little for whoever waits. The sessions are written by the ingest's own store, as many together
 * as it writes under load, and told one by one by its own cache: how long a statement takes is no part of what is measured.
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

/** As many as the ingest commits together at most. */
const TOGETHER = 64;
/** By so much sooner than it is told a session is written: so that the statement is over by then. */
const WRITTEN_BEFORE_MS = 20;

/** Told of when its time comes; null: it could not be written. */
type Told = Promise<(() => Promise<void>) | null>;

const writeOne = (announcement: Announcement): Told =>
  store.announce(announcement, { pending: false }).then(
    ({ session, debt }) =>
      async () => {
        await publishing.run(session);
        if (debt !== null) outbox.settle(debt);
      },
    () => null,
  );

/** Each is told when its time comes, at an even rate; they are written some at a time, a moment before that. */
async function write({ perSecond, ...range }: z.infer<typeof WriteSchema>) {
  const announcements = mapCalls(range, (index) => announcementOf(range.series, index));
  const startedAt = performance.now() + WRITTEN_BEFORE_MS;
  const dueAt = (index: number): number => startedAt + (index / perSecond) * 1000;
  const lateMs: number[] = [];
  const told: Promise<boolean>[] = [];
  let written: Told[] = [];
  while (told.length < announcements.length) {
    const now = performance.now();
    if (now > dueAt(written.length) - WRITTEN_BEFORE_MS) {
      const next = announcements.slice(written.length, written.length + TOGETHER);
      written = [...written, ...next.map(writeOne)];
    }
    for (let index = told.length; index < written.length && dueAt(index) <= now; index = told.length) {
      lateMs.push(now - dueAt(index));
      told.push(tell(written[index]));
    }
    await sleep(1);
  }
  const outcomes = await Promise.all(told);
  const tookMs = performance.now() - startedAt;
  return { written: outcomes.filter(Boolean).length, tookMs, lateP99Ms: percentile(lateMs, 0.99) };
}

async function tell(written: Told | undefined): Promise<boolean> {
  const publish = await written;
  if (!publish) return false;
  return publish().then(
    () => true,
    () => false,
  );
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
