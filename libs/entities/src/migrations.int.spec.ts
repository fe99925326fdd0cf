import type { Turn } from '@greenroom/contracts';
import { newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import { DataSource } from 'typeorm';
import { CallRecords } from './call-records';
import { assertMigrated, createDataSource, createPool, migrate } from './data-source';
import { Initial1763800000000 } from './migrations/1763800000000-initial';
import { PgSessionStore } from './pg-session-store';
import { PgTurnStore } from './pg-turn-store';

/** The migrations that a version brought, and rows as that version's program has written them. */
const RELEASED = [{ version: '0.1.0', migrations: [Initial1763800000000] }];

const ROWS = [
  `INSERT INTO customers (id, account, phone, full_name)
   VALUES ('00000000-0000-4000-8000-00000000000c', 'default', '+919000000001', 'Asha Rao')`,
  `INSERT INTO call_sessions (id, provider, account, call_id, state, customer_id, outcome, close_code, announced_at)
   VALUES ('00000000-0000-4000-8000-0000000000aa', 'exotel', 'default', 'released-call-1', 'ended',
     '00000000-0000-4000-8000-00000000000c', 'hung-up', 1000, now()),
     ('00000000-0000-4000-8000-0000000000bb', 'exotel', 'default', 'released-call-2', 'ready', NULL, NULL, NULL, now())`,
  `INSERT INTO call_events (session_id, type) VALUES ('00000000-0000-4000-8000-0000000000aa', 'announced')`,
  `INSERT INTO outbox (session_id, version) VALUES ('00000000-0000-4000-8000-0000000000bb', 1)`,
];

const NOTHING_SAID = {
  who: 'caller',
  endedBy: 'no-input',
  text: null,
  digits: null,
  lengthMs: null,
  heardMs: null,
  heardText: null,
  speechMs: null,
  step: null,
} as const;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());
failOnLeaks();

async function installed(migrations: (typeof RELEASED)[number]['migrations']): Promise<void> {
  await database.query('DROP SCHEMA public CASCADE');
  await database.query('CREATE SCHEMA public');
  const old = new DataSource({
    type: 'postgres',
    url: database.url,
    migrations,
    migrationsTableName: 'migrations',
  });
  await old.initialize();
  await old.runMigrations();
  await old.destroy();
  for (const row of ROWS) await database.query(row);
}

const dump = (): Promise<object[][]> =>
  Promise.all(
    ['customers', 'call_sessions', 'call_events', 'outbox'].map((table) =>
      database.query(`SELECT * FROM ${table} ORDER BY id`),
    ),
  );

describe.each(RELEASED)('a database of version $version', ({ migrations }) => {
  it('is brought up to date with all its rows, once, however many processes migrate', async () => {
    await installed(migrations);
    const [customers, sessions, ...rest] = await dump();
    const ran = await Promise.all([migrate(database.url), migrate(database.url)]);
    expect(ran.flat()).toEqual(['TurnsAndNextStep1769900000000', 'CallEnd1772600000000']);
    const added = { next_step: null, end_reason: null, call_ended_at: null, call_ms: null };
    const grown = sessions?.map((row) => ({ ...row, ...added }));
    expect(await dump()).toEqual([customers, grown, ...rest]);
  });

  it('serves calls of before and after it was brought up to date', async () => {
    await installed(migrations);
    await migrate(database.url);
    const dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
    const pool = patientPool(createPool({ url: database.url, applicationName: 'spec' }));
    try {
      await dataSource.initialize();
      await expect(assertMigrated(dataSource)).resolves.toBeUndefined();
      expect((await dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
      const store = new PgSessionStore(pool);
      const old = newKey({ callId: 'released-call-2' });
      const claimed = await store.claim({
        key: old,
        owner: 'a',
        leaseMs: 1000,
        found: 'database',
        waitedMs: 1,
      });
      if (claimed.kind !== 'claimed') throw new Error('must have claimed');
      await store.decideNext({ key: old, owner: 'a', epoch: claimed.epoch }, 'transfer');
      expect(await store.findOutlook(old)).toEqual({ state: 'active', next: 'transfer' });
      const ended = newKey({ callId: 'released-call-1' });
      expect(await store.findOutlook(ended)).toEqual({ state: 'ended', next: null });
      expect(await new CallRecords(dataSource).read(ended)).toMatchObject({
        call: { outcome: 'hung-up', nextStep: null, endReason: null, callEndedAt: null, callMs: null },
        session: { customer: { fullName: 'Asha Rao' } },
        turns: [],
      });
      await store.callEnded(
        {
          key: ended,
          reason: 'completed',
          endedAt: 1_769_900_000_500,
          durationMs: 63_000,
          source: 'hang-up',
        },
        {},
      );
      expect((await new CallRecords(dataSource).read(ended))?.call).toMatchObject({
        ...{ outcome: 'hung-up', endReason: 'completed', callMs: 63_000 },
        callEndedAt: new Date(1_769_900_000_500),
      });
      const turn: Turn = {
        ...NOTHING_SAID,
        number: 1,
        startedAt: 1_769_900_000_000,
        endedAt: 1_769_900_001_000,
      };
      expect(await new PgTurnStore(pool).write([{ key: ended, turn }])).toEqual([]);
      expect((await new CallRecords(dataSource).read(ended))?.turns).toEqual([turn]);
    } finally {
      await Promise.all([pool.end(), dataSource.destroy()]);
    }
  });
});

it('a migration is never taken back', async () => {
  const dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
  await dataSource.initialize();
  await expect(dataSource.undoLastMigration()).rejects.toThrow('only go forward');
  await dataSource.destroy();
});
