import { describeSessionStore, announcementOf, claimOf, newKey } from '@greenroom/rendezvous/contract';
import { AnnouncementSchema, CustomerUpdateSchema, type CallKey } from '@greenroom/contracts';
import type { CallEnd } from '@greenroom/rendezvous';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import type { Pool, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { announceMany } from './announce';
import { CallRecords } from './call-records';
import { assertMigrated, createDataSource, createPool, migrate } from './data-source';
import { PgOutbox } from './pg-outbox';
import { PgSessionStore } from './pg-session-store';

let database: TestDatabase;
let dataSource: DataSource;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
  pool = patientPool(createPool({ url: database.url, applicationName: 'spec' }));
  await dataSource.initialize();
});

afterAll(async () => {
  await Promise.all([dataSource.destroy(), pool.end()]);
  await database.drop();
});

failOnLeaks();

/** What is written of a call's end. */
const readEnd = async (key: CallKey) => {
  const record = await new CallRecords(dataSource).read(key);
  const { endReason, callEndedAt, callMs } = record!.call;
  const lines = record!.events.filter(({ type }) => type === 'call-ended').map(({ data }) => data);
  const reason = endReason as CallEnd['reason'];
  return { reason, endedAt: callEndedAt?.getTime() ?? null, durationMs: callMs, lines };
};

describeSessionStore('PgSessionStore', () => new PgSessionStore(pool), readEnd);

// by itself an announcement is another statement than with others
describeSessionStore(
  'PgSessionStore, with each announcement as a batch,',
  () => new PgSessionStore(pool, { run: async (given) => (await announceMany(pool, [given]))[0]! }),
  readEnd,
);

const count = async (table: string): Promise<number> =>
  Number((await database.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n);

describe('what its schema takes', () => {
  const GOOD = ['', ' ', `"'{},\\`, 'NULL', '\\u0000', 'ünï 😀', '\u2028\ufeff', '\u0001\u007f', '__proto__'];
  const BAD = ['a\0b', 'a\ud800', '\udc00b'];
  const odd = (text: string) => ({
    ...{ ...newKey(), from: text, to: text, attributes: { a: text, [`b${text}`]: 'b' } },
    customer: { phone: '+919000000777', fullName: text, language: text, attributes: { c: text } },
  });

  it('of an announcement can be written, each and together, and nothing else is taken', async () => {
    const store = new PgSessionStore(pool);
    const taken = [...GOOD, ...BAD].flatMap((text) => AnnouncementSchema.safeParse(odd(text)).data ?? []);
    const announced = await Promise.all(taken.map((each) => store.announce(each, { pending: false })));
    expect(announced.map(({ session: { attributes } }) => attributes['a'])).toEqual(GOOD);
  });

  it('of the CRM’s answer can be written, and nothing else is taken', async () => {
    const store = new PgSessionStore(pool);
    const enrich = async (text: string) => {
      const update = CustomerUpdateSchema.safeParse({
        ...{ fullName: text, language: text, attributes: { a: text, [`b${text}`]: 'b' } },
      });
      if (!update.success) return 'refused';
      const key = newKey();
      await store.announce(announcementOf(key), { pending: true });
      return (await store.enrich(key, update.data))?.customer?.attributes['a'];
    };
    for (const text of GOOD) expect(await enrich(text)).toBe(text);
    for (const text of BAD) expect(await enrich(text)).toBe('refused');
  });
});

describe('the schema', () => {
  it('is what the entities say, and up to date', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await expect(assertMigrated(dataSource)).resolves.toBeUndefined();
    expect(await migrate(database.url)).toEqual([]);
  });

  it('is refused when a migration is missing', async () => {
    const newest = 'SELECT id, name FROM migrations ORDER BY id DESC LIMIT 1';
    const [row] = await database.query<{ id: number; name: string }>(newest);
    await database.query('UPDATE migrations SET name = $2 WHERE id = $1', [row?.id, 'other']);
    await expect(assertMigrated(dataSource)).rejects.toThrow('npm run migrate');
    await database.query('UPDATE migrations SET name = $2 WHERE id = $1', [row?.id, row?.name]);
  });
});

describe('repeats', () => {
  it('change no row of any table', async () => {
    const store = new PgSessionStore(pool);
    const announcement = announcementOf(newKey());
    await store.announce(announcement, { pending: false });
    const dump = async () =>
      JSON.stringify(
        await Promise.all(
          ['customers', 'call_sessions', 'call_events', 'outbox'].map((table) =>
            database.query(`SELECT * FROM ${table} ORDER BY id`),
          ),
        ),
      );
    const before = await dump();
    for (let copy = 0; copy < 20; copy += 1) await store.announce(announcement, { pending: false });
    expect(await dump()).toBe(before);
  });
});

describe('a claim', () => {
  it('is won when the call is announced between its statement and the look at who holds it', async () => {
    const announcing = new PgSessionStore(pool);
    const key = newKey();
    let announced = false;
    const between = Object.create(pool) as Pool;
    between.query = (async (statement: QueryConfig) => {
      const result = await pool.query(statement);
      if (statement.name === 'greenroom-claim' && !announced) {
        announced = true;
        await announcing.announce(announcementOf(key), { pending: false });
      }
      return result;
    }) as Pool['query'];
    expect(await new PgSessionStore(between).claim(claimOf(key, 'a'))).toMatchObject({
      kind: 'claimed',
      epoch: 1,
    });
    expect(announced).toBe(true);
  });
});

describe('a look for dead calls', () => {
  it('that is done long after it was asked for, as by a server that was frozen, holds leases against the time of then', async () => {
    const query = async (config: QueryConfig) => {
      if (config.name === 'greenroom-reap') await new Promise((resolve) => setTimeout(resolve, 300));
      return pool.query(config);
    };
    const [store, late] = [new PgSessionStore(pool), new PgSessionStore({ query } as unknown as Pool)];
    const key = newKey();
    await store.announce(announcementOf(key), { pending: false });
    await store.claim(claimOf(key, 'a', 200));
    const limits = { graceMs: 0, unansweredMs: 3_600_000 };
    expect((await late.reap(limits)).lost).not.toContainEqual(key);
    expect((await store.find(key))?.state).toBe('active');
    expect((await late.reap(limits)).lost).toContainEqual(key);
  });
});

describe('the outbox', () => {
  beforeEach(() => database.query('UPDATE outbox SET published_at = now()'));

  it('owes one row for each version that must be told', async () => {
    const store = new PgSessionStore(pool);
    const outbox = new PgOutbox(pool);
    const key = newKey();
    await store.announce(announcementOf(key), { pending: true });
    await store.enrich(key, { attributes: {} });
    const told: number[] = [];
    const deliver = ({ version }: { version: number }) => Promise.resolve(void told.push(version));
    const relayed = await outbox.relay(deliver, { limit: 100, minAgeMs: 0 });
    expect(relayed).toEqual({ delivered: 2, error: null });
    expect(told).toEqual([2, 2]);
    expect((await outbox.relay(deliver, { limit: 100, minAgeMs: 0 })).delivered).toBe(0);
  });

  it('keeps what could not be delivered, in order', async () => {
    const store = new PgSessionStore(pool);
    const outbox = new PgOutbox(pool);
    const keys = [newKey(), newKey(), newKey()];
    for (const key of keys) await store.announce(announcementOf(key), { pending: false });
    const told: string[] = [];
    let fail = true;
    const deliver = ({ callId }: { callId: string }) => {
      if (fail && told.length === 1) return Promise.reject(new Error('away'));
      return Promise.resolve(void told.push(callId));
    };
    expect(await outbox.relay(deliver, { limit: 100, minAgeMs: 0 })).toMatchObject({ delivered: 1 });
    fail = false;
    expect(await outbox.relay(deliver, { limit: 100, minAgeMs: 0 })).toMatchObject({ delivered: 2 });
    expect(told).toEqual(keys.map(({ callId }) => callId));
  });

  it('is worked off by two relays without either waiting for the other', async () => {
    const store = new PgSessionStore(pool);
    const outbox = new PgOutbox(pool);
    const keys = Array.from({ length: 60 }, () => newKey());
    await Promise.all(keys.map((key) => store.announce(announcementOf(key), { pending: false })));
    const told: string[] = [];
    const deliver = ({ callId }: { callId: string }) => Promise.resolve(void told.push(callId));
    const run = () => outbox.relay(deliver, { limit: 30, minAgeMs: 0 });
    await Promise.all([run(), run()]);
    expect(new Set(told)).toEqual(new Set(keys.map(({ callId }) => callId)));
    expect(told).toHaveLength(60);
  });

  it('owes nothing once the debt was settled, or the session marked, and forgets what is old', async () => {
    const store = new PgSessionStore(pool);
    const outbox = new PgOutbox(pool);
    const { session } = await store.announce(announcementOf(newKey()), { pending: false });
    await outbox.markPublished(session);
    const keys = Array.from({ length: 40 }, () => newKey());
    await Promise.all(
      keys.map(async (key) => {
        const { debt } = await store.announce(announcementOf(key), { pending: false });
        outbox.settle(debt!);
      }),
    );
    await outbox.drain();
    expect(await outbox.relay(() => Promise.reject(new Error('no')), { limit: 10, minAgeMs: 0 })).toEqual({
      delivered: 0,
      error: null,
    });
    expect(await outbox.prune(-1000)).toBeGreaterThan(0);
    expect(await count('outbox')).toBe(0);
  });
});

describe('the record of a call', () => {
  it('shows who called, how it was found and how it ended', async () => {
    const store = new PgSessionStore(pool);
    const key = newKey();
    await store.announce(announcementOf(key), { pending: false });
    const claimed = await store.claim({ key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 3001.4 });
    if (claimed.kind !== 'claimed') throw new Error('must have claimed');
    await store.record(key, { type: 'stream-ended', data: { status: 'completed' }, once: 'stream-ended' });
    await store.record(key, { type: 'stream-ended', data: { status: 'completed' }, once: 'stream-ended' });
    await store.finish({ key, owner: 'a', epoch: claimed.epoch }, { outcome: 'completed', closeCode: 1000 });
    const record = await new CallRecords(dataSource).read(key);
    expect(record?.session).toEqual(await store.find(key));
    expect(record?.call).toMatchObject({
      outcome: 'completed',
      found: 'event',
      waitedMs: 3001,
      closeCode: 1000,
      nextStep: null,
    });
    expect(record?.events.map(({ type }) => type)).toEqual([
      'announced',
      'claimed',
      'stream-ended',
      'conversation-ended',
    ]);
    expect(await new CallRecords(dataSource).read(newKey())).toBeNull();
  });
});
