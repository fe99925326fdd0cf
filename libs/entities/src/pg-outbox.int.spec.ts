import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import type { Pool } from 'pg';
import { createPool, warmUp } from './data-source';
import { PgOutbox } from './pg-outbox';
import { PgSessionStore } from './pg-session-store';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => (database = await createTestDatabase()));
beforeEach(() => {
  pool = patientPool(createPool({ url: database.url, applicationName: 'spec', poolSize: 3 }));
});
afterEach(() => pool.end());
afterAll(() => database.drop());
failOnLeaks();

const LIMITS = { limit: 10, minAgeMs: 0 };

describe('the outbox', () => {
  it('survives a connection that breaks while it delivers, and delivers again', async () => {
    const [outbox, store] = [new PgOutbox(pool), new PgSessionStore(pool)];
    await store.announce(
      {
        provider: 'exotel',
        account: 'default',
        callId: 'outbox-broken-1',
        direction: 'inbound',
        from: null,
        to: null,
        customer: null,
        attributes: {},
      },
      { pending: false },
    );
    const breakIt = async (): Promise<void> => {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'spec' AND datname = current_database()`,
      );
      // nobody waits for an answer at the moment at which the connection says that it is gone
      await new Promise((resolve) => setTimeout(resolve, 100));
      // nor is another of the pool's taken, which is as dead
      while (pool.idleCount > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await expect(outbox.relay(breakIt, LIMITS)).rejects.toThrow();
    const delivered: string[] = [];
    const deliver = ({ callId }: { callId: string }) => Promise.resolve(void delivered.push(callId));
    expect(await outbox.relay(deliver, LIMITS)).toEqual({ delivered: 1, error: null });
    expect(delivered).toEqual(['outbox-broken-1']);
  });

  it('gets on while it can deliver but slowly: a batch ends before Postgres gives up on it', async () => {
    const [outbox, store] = [new PgOutbox(pool), new PgSessionStore(pool)];
    for (let index = 0; index < 5; index += 1)
      await store.announce(announcementOf(newKey(), { customer: null }), { pending: false });
    const delivered: string[] = [];
    const deliver = async ({ callId }: { callId: string }): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1100));
      delivered.push(callId);
    };
    let left = 5;
    while (left > 0) left -= (await outbox.relay(deliver, LIMITS)).delivered;
    expect(new Set(delivered).size).toBe(delivered.length);
  }, 20_000);
});

describe('debts that are settled', () => {
  const announcement = (callId: string) => announcementOf(newKey({ callId }), { customer: null });

  it('are those of one session only: the next version is still owed', async () => {
    const [outbox, store] = [new PgOutbox(pool), new PgSessionStore(pool)];
    const pending = announcement('outbox-settled-1');
    const { debt } = await store.announce(pending, { pending: true });
    await store.enrich(pending, { attributes: {} });
    outbox.settle(debt!);
    await outbox.drain();
    const versions: number[] = [];
    const deliver = ({ version }: { version: number }) => Promise.resolve(void versions.push(version));
    expect(await outbox.relay(deliver, LIMITS)).toEqual({ delivered: 1, error: null });
    expect(versions).toEqual([2]);
  });

  it('are paid once more when Postgres cannot be told of it, and nobody is kept waiting', async () => {
    const away = createPool({ url: 'postgres://nobody@127.0.0.1:1/nothing', applicationName: 'spec' });
    const unsettled: unknown[] = [];
    const outbox = new PgOutbox(away, (error) => unsettled.push(error));
    const { debt } = await new PgSessionStore(pool).announce(announcement('outbox-settled-2'), {
      pending: false,
    });
    outbox.settle(debt!);
    await outbox.drain();
    expect(unsettled).toHaveLength(1);
    await away.end();
    const delivered: string[] = [];
    const deliver = ({ callId }: { callId: string }) => Promise.resolve(void delivered.push(callId));
    expect(await new PgOutbox(pool).relay(deliver, LIMITS)).toEqual({ delivered: 1, error: null });
    expect(delivered).toEqual(['outbox-settled-2']);
  });
});

describe('a pool that is warmed up', () => {
  it('gives back what it has opened, also when one connection could not be opened', async () => {
    const connect = pool.connect.bind(pool) as () => ReturnType<Pool['connect']>;
    let asked = 0;
    pool.connect = (() => (asked++ === 1 ? Promise.reject(new Error('busy')) : connect())) as Pool['connect'];
    await warmUp(pool);
    expect({ open: pool.totalCount, idle: pool.idleCount }).toEqual({ open: 2, idle: 2 });
  });
});
