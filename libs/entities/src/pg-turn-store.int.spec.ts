import { TurnSchema, type CallKey, type Turn } from '@greenroom/contracts';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { CallRecords } from './call-records';
import { createDataSource, createPool } from './data-source';
import { PgSessionStore } from './pg-session-store';
import { PgTurnStore } from './pg-turn-store';

let database: TestDatabase;
let dataSource: DataSource;
let pool: Pool;
let store: PgTurnStore;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
  pool = patientPool(createPool({ url: database.url, applicationName: 'spec', poolSize: 4 }));
  await dataSource.initialize();
  store = new PgTurnStore(pool);
});

afterAll(async () => {
  await Promise.all([dataSource.destroy(), pool.end()]);
  await database.drop();
});

failOnLeaks();

const AT = 1_769_900_000_123;

const said = (number: number, more: Partial<Turn> = {}): Turn => ({
  number,
  who: 'assistant',
  startedAt: AT + number * 1000,
  endedAt: AT + number * 1000 + 999,
  endedBy: 'played',
  text: `Turn ${number}: नमस्ते 👋 "quoted", {braces}, \\ and NULL`,
  digits: null,
  lengthMs: 999,
  heardMs: 999,
  heardText: 'Turn',
  speechMs: null,
  step: 'greeting',
  ...more,
});

const heard = (number: number, more: Partial<Turn> = {}): Turn =>
  said(number, {
    who: 'caller',
    endedBy: 'digits-complete',
    text: null,
    digits: '12#',
    lengthMs: null,
    heardMs: null,
    heardText: null,
    speechMs: 420,
    step: null,
    ...more,
  });

async function announced(): Promise<CallKey> {
  const key = newKey();
  await new PgSessionStore(pool).announce(announcementOf(key), { pending: false });
  return key;
}

const turnsOf = async (key: CallKey): Promise<Turn[]> =>
  (await new CallRecords(dataSource).read(key))?.turns ?? [];

describe('the turns of a call', () => {
  it('are read as they were written, by number, whatever the order in which they came', async () => {
    const [key, other] = [await announced(), await announced()];
    const turns = [said(1), heard(2), said(3, { endedBy: 'barge-in', heardMs: 400 }), heard(4)];
    const batch = [3, 0, 2, 1].map((index) => ({ key, turn: turns[index]! }));
    expect(await store.write([...batch, { key: other, turn: said(1) }])).toEqual([]);
    expect(await turnsOf(key)).toEqual(turns);
    expect((await turnsOf(key)).map((turn) => TurnSchema.parse(turn))).toEqual(turns);
    expect(await turnsOf(other)).toEqual([said(1)]);
  });

  it('are written once: repeats change nothing, in one batch or in many at the same time', async () => {
    const key = await announced();
    const batch = Array.from({ length: 50 }, (_, index) => ({ key, turn: said(index + 1) }));
    const again = batch.map(({ turn }) => ({ key, turn: { ...turn, text: 'another' } })).reverse();
    await store.write([...batch, ...again]);
    const copies = await Promise.all([batch, again, again, batch].map((copy) => store.write(copy)));
    expect(copies.flat()).toEqual([]);
    expect(await turnsOf(key)).toEqual(batch.map(({ turn }) => turn));
  });

  it('are given back while their call is not written yet, and taken once it is', async () => {
    const [known, unknown] = [await announced(), newKey()];
    const batch = [
      { key: unknown, turn: said(1), tries: 1 },
      { key: known, turn: said(1), tries: 1 },
      { key: unknown, turn: said(2), tries: 1 },
    ];
    const left = await store.write(batch);
    expect(left).toEqual([batch[0], batch[2]]);
    expect(left[0]).toBe(batch[0]);
    await new PgSessionStore(pool).announce(announcementOf(unknown), { pending: false });
    expect(await store.write(left)).toEqual([]);
    expect(await turnsOf(unknown)).toEqual([said(1), said(2)]);
    expect(await turnsOf(known)).toEqual([said(1)]);
  });

  it('belong to one call only, of one provider and one account', async () => {
    const key = await announced();
    const strangers = [{ ...key, account: 'other' }, { ...key, provider: 'twilio' as const }, newKey()];
    const batch = strangers.map((stranger) => ({ key: stranger, turn: said(1) }));
    expect(await store.write(batch)).toEqual(batch);
    expect(await turnsOf(key)).toEqual([]);
  });

  it('are written whatever a transcript holds, and with whole ms', async () => {
    const key = await announced();
    const odd = said(1, { text: 'a\0b\ud800c\n', startedAt: AT + 0.6, heardMs: 399.6, lengthMs: 400.4 });
    await store.write([{ key, turn: odd }]);
    expect(await turnsOf(key)).toEqual([
      { ...odd, text: 'ab\ufffdc\n', startedAt: AT + 1, heardMs: 400, lengthMs: 400 },
    ]);
  });

  it('are at most 1000 in a record, the first ones', async () => {
    const key = await announced();
    await store.write(Array.from({ length: 1003 }, (_, index) => ({ key, turn: heard(1003 - index) })));
    const turns = await turnsOf(key);
    expect([turns.length, turns[0]?.number, turns.at(-1)?.number]).toEqual([1000, 1, 1000]);
  });

  it('go with their call', async () => {
    const key = await announced();
    await store.write([{ key, turn: said(1) }]);
    await database.query('DELETE FROM outbox');
    await database.query('DELETE FROM call_sessions WHERE call_id = $1', [key.callId]);
    const [left] = await database.query<{ n: string }>(
      'SELECT count(*) AS n FROM call_turns t LEFT JOIN call_sessions s ON s.id = t.session_id WHERE s.id IS NULL',
    );
    expect(left?.n).toBe('0');
  });

  it('are refused with half a key, before anything is sent', async () => {
    const batch = [{ key: { ...newKey(), callId: undefined as unknown as string }, turn: said(1) }];
    await expect(store.write(batch)).rejects.toThrow();
    expect(await store.write([])).toEqual([]);
  });

  it('cost one statement, planned once a connection', async () => {
    const own = patientPool(createPool({ url: database.url, applicationName: 'spec', poolSize: 1 }));
    const key = await announced();
    const batch = [1, 2, 3].map((number) => ({ key, turn: said(number) }));
    await new PgTurnStore(own).write(batch);
    await new PgTurnStore(own).write(batch.slice(1));
    const { rows } = await own.query(`SELECT name FROM pg_prepared_statements WHERE name LIKE 'greenroom-%'`);
    await own.end();
    expect(rows).toEqual([{ name: 'greenroom-write-turns' }]);
  });
});
