import type { StoreAnnouncement } from '@greenroom/contracts';
import { createPool, PgOutbox, PgSessionStore } from '@greenroom/entities';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import type { Pool } from 'pg';
import { openIngest } from '../e2e/ingest-process';
import { announceSession } from './announce-session';
import type { WebhookPorts } from './receive-webhook';
import { storeSpooled } from './spool';

let database: TestDatabase;
let pool: Pool;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = patientPool(createPool({ url: database.url, applicationName: 'spec' }));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
failOnLeaks();

const NOT_PENDING = { pending: false };

async function open(ports: Partial<WebhookPorts> = {}, more: { redisAway?: boolean } = {}) {
  const spooled: StoreAnnouncement[] = [];
  const spool = {
    storeAnnouncement: (data: StoreAnnouncement) => Promise.resolve(void spooled.push(data)),
    storeCallEvent: () => Promise.reject(new Error('no event comes in here')),
  };
  const process = await openIngest({ databaseUrl: database.url, ...more, ports: { spool, ...ports } });
  closing.push(() => process.close());
  return { ...process, spooled };
}

/** Holds what the statement locks until the result is called. */
async function hold(text: string): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(text);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

const rowsOf = (callId: string) =>
  database.query(
    `SELECT s.id, s.version, s.state,
       (SELECT count(*)::int FROM outbox WHERE session_id = s.id) AS owed,
       (SELECT count(*)::int FROM call_events WHERE session_id = s.id) AS lines
     FROM call_sessions s WHERE call_id = $1`,
    [callId],
  );

async function until(met: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await met())) {
    if (performance.now() - startedAt > 5000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('an announcement whose write is slow', () => {
  it('is spooled and told, and written once although both the write and the job come to their end', async () => {
    const { ports, spooled } = await open({ storeTimeoutMs: 50 });
    const announcement = announcementOf(newKey());
    await ports.store.announce(announcementOf(newKey()), NOT_PENDING);
    const release = await hold('SELECT FROM customers FOR UPDATE');
    const { session } = await announceSession(announcement, NOT_PENDING, ports);
    expect(spooled).toMatchObject([{ announcement, sessionId: session.sessionId }]);
    expect(await ports.cache.find(announcement)).toEqual(session);
    await release();
    await until(async () => (await rowsOf(announcement.callId)).length > 0);
    const written = await rowsOf(announcement.callId);
    expect(written).toMatchObject([{ version: 1, state: 'ready', owed: 1, lines: 1 }]);
    const job = storeSpooled(new PgSessionStore(pool));
    for (let repeat = 0; repeat < 2; repeat += 1) await job.announcement(spooled[0]!);
    expect(await rowsOf(announcement.callId)).toEqual(written);
  });

  it('is written once when the job is faster than the write', async () => {
    const { ports, spooled } = await open({ storeTimeoutMs: 50 });
    const announcement = announcementOf(newKey(), { customer: null });
    // as a statement that a frozen Postgres has taken in and not yet run
    const announce = () => new Promise<never>(() => undefined);
    const frozen = { ...ports, store: { announce } as unknown as WebhookPorts['store'] };
    const { session } = await announceSession(announcement, NOT_PENDING, frozen);
    await storeSpooled(ports.store).announcement(spooled[0]!);
    const written = await rowsOf(announcement.callId);
    expect(written).toMatchObject([{ id: session.sessionId, version: 1, owed: 1, lines: 1 }]);
    expect(await ports.store.announce(announcement, NOT_PENDING)).toMatchObject({
      changed: false,
      debt: null,
    });
    expect(await rowsOf(announcement.callId)).toEqual(written);
  });
});

describe('what the outbox owes', () => {
  const owed = async () =>
    (
      await database.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL')
    )[0]!.n;

  beforeEach(() => database.query('UPDATE outbox SET published_at = now()'));

  it('is settled behind the answer, which does not wait for it', async () => {
    const { ports, drain } = await open();
    const { debt } = await ports.store.announce(announcementOf(newKey(), { customer: null }), NOT_PENDING);
    const release = await hold(`SELECT FROM outbox WHERE id = ${debt} FOR UPDATE`);
    ports.outbox.settle(debt!);
    const announcements = Array.from({ length: 3 }, () => announcementOf(newKey(), { customer: null }));
    await Promise.all(announcements.map((each) => announceSession(each, NOT_PENDING, ports)));
    expect(await owed()).toBe(4);
    await release();
    await drain();
    expect(await owed()).toBe(0);
  });

  it('stays owed when Redis is away, and is told by the relay', async () => {
    const { ports, drain } = await open({}, { redisAway: true });
    const key = newKey();
    await announceSession(announcementOf(key, { customer: null }), NOT_PENDING, ports);
    await drain();
    expect(await owed()).toBe(1);
    const told: string[] = [];
    const deliver = ({ callId }: { callId: string }) => Promise.resolve(void told.push(callId));
    await new PgOutbox(pool).relay(deliver, { limit: 10, minAgeMs: 0 });
    expect(told).toEqual([key.callId]);
  });
});
