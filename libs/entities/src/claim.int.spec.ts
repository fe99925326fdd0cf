import type { ClaimRequest, ClaimResult } from '@greenroom/rendezvous';
import { announcementOf, claimOf, newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import fc from 'fast-check';
import type { Pool, QueryConfig } from 'pg';
import { CallRecords } from './call-records';
import { claimMany, claimOne, givenClaimOf } from './claim';
import { createDataSource, createPool } from './data-source';
import { PgSessionStore } from './pg-session-store';

let database: TestDatabase;
let pool: Pool;
let store: PgSessionStore;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = patientPool(createPool({ url: database.url, applicationName: 'spec' }));
  store = new PgSessionStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
failOnLeaks();

/** The pool, which tells what is asked of it before it is answered. */
function watched(onAnswer: (name: string) => Promise<void> | void): Pool {
  const query = async (statement: QueryConfig) => {
    const result = await pool.query(statement);
    await onAnswer(statement.name ?? '');
    return result;
  };
  return { options: pool.options, query } as unknown as Pool;
}

const requestsOf = (count: number): ClaimRequest[] =>
  Array.from({ length: count }, (_, index) => claimOf(newKey(), `gateway-${index}`));

const announceAll = (requests: readonly ClaimRequest[]) =>
  Promise.all(requests.map(({ key }) => store.announce(announcementOf(key), { pending: false })));

describe('claims that come together', () => {
  it('are few statements, and each gets its own session', async () => {
    const asked: string[] = [];
    const counted = new PgSessionStore(watched((name) => void asked.push(name)));
    const requests = requestsOf(60);
    await announceAll(requests);
    const results = await Promise.all(requests.map((request) => counted.claim(request)));
    expect(results.map((each) => each.kind === 'claimed' && each.session.callId)).toEqual(
      requests.map(({ key }) => key.callId),
    );
    expect(asked).toEqual(['greenroom-claim-many']);
  });

  it('of one call are won by one of them', async () => {
    const [request] = requestsOf(1) as [ClaimRequest];
    await announceAll([request]);
    const owners = Array.from({ length: 20 }, (_, index) => `gateway-${index}`);
    const results = await Promise.all(owners.map((owner) => store.claim({ ...request, owner })));
    expect(results.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'owned')).toHaveLength(19);
  });

  it('by two gateways that name the same calls in opposite order lock nobody out, and each call has one owner', async () => {
    for (let round = 0; round < 10; round += 1) {
      const requests = requestsOf(30);
      await announceAll(requests);
      const by = (owner: string) => requests.map(({ key }) => givenClaimOf(claimOf(key, owner)));
      const [one, other] = await Promise.all([
        claimMany(pool, by('one')),
        claimMany(pool, by('other').toReversed()),
      ]);
      const kinds = requests.map((_, index) =>
        [one[index]?.kind, other.toReversed()[index]?.kind].toSorted(),
      );
      expect(kinds).toEqual(requests.map(() => ['claimed', 'owned']));
    }
  });

  it('are won when the calls are announced between the statement and the look at who holds them', async () => {
    const requests = requestsOf(3);
    let announced = false;
    const between = watched(async (name) => {
      if (name !== 'greenroom-claim-many' || announced) return;
      announced = true;
      await announceAll(requests.slice(1));
    });
    const results = await claimMany(between, requests.map(givenClaimOf));
    expect(results.map(({ kind }) => kind)).toEqual(['unknown', 'claimed', 'claimed']);
  });

  it('do not fail for one that Postgres cannot take', async () => {
    const requests = requestsOf(10);
    await announceAll(requests);
    const results = await Promise.allSettled(
      requests.map((request, index) =>
        store.claim(index === 4 ? { ...request, owner: 'a NUL: \0' } : request),
      ),
    );
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(
      requests.map((_, index) => index !== 4),
    );
  });
});

/** How a call stands before it is claimed by `me`. */
const BEFORE = {
  unknown: () => Promise.resolve(),
  ready: (request: ClaimRequest) => announceAll([request]),
  received: ({ key }: ClaimRequest) => store.announce(announcementOf(key), { pending: true }),
  conceded: ({ key }: ClaimRequest) => store.concede({ key, as: 'received', waitedMs: 5 }),
  'timed out': ({ key }: ClaimRequest) => store.concede({ key, as: 'timed_out', waitedMs: 5 }),
  mine: async (request: ClaimRequest) => {
    await announceAll([request]);
    await store.claim(request);
  },
  'of another': async (request: ClaimRequest) => {
    await announceAll([request]);
    await store.claim({ ...request, owner: 'another' });
  },
  'of one that is gone': async (request: ClaimRequest) => {
    await announceAll([request]);
    await store.claim({ ...request, owner: 'another', leaseMs: -1 });
  },
  'of one that yields': async (request: ClaimRequest) => {
    await announceAll([request]);
    const claim = { key: request.key, owner: 'another', epoch: 1 };
    await store.claim({ ...request, owner: claim.owner });
    await store.renew(claim, 15_000, true);
  },
  ended: async (request: ClaimRequest) => {
    await announceAll([request]);
    await store.claim(request);
    await store.finish({ ...request, epoch: 1 }, { outcome: 'completed', closeCode: 1000 });
  },
} satisfies Record<string, (request: ClaimRequest) => Promise<unknown>>;
const STANDINGS = Object.keys(BEFORE) as (keyof typeof BEFORE)[];

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/;

/** What a claim came to and left behind, without what is another in each run: ids and times. */
async function told(request: ClaimRequest, result: ClaimResult, records: CallRecords): Promise<string> {
  const record = await records.read(request.key);
  const { callId } = request.key;
  return JSON.stringify({ result, call: record?.call, events: record?.events }, (name, value: unknown) => {
    if (value === callId || (typeof value === 'string' && ID.test(value))) return 'ID';
    return /At$|Until$|^at$/.test(name) && value !== null ? 'TIME' : value;
  });
}

describe('claims that come together and claims one by one', () => {
  it('come to the same, however the calls stand', async () => {
    const dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
    await dataSource.initialize();
    const records = new CallRecords(dataSource);
    const standings = fc.array(fc.constantFrom(...STANDINGS), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(standings, async (some) => {
        const prepare = async () => {
          const requests = some.map(() => claimOf(newKey(), 'me'));
          await Promise.all(requests.map((request, index) => BEFORE[some[index]!](request)));
          return requests;
        };
        const [together, alone] = [await prepare(), await prepare()];
        const results = await claimMany(pool, together.map(givenClaimOf));
        for (const [index, request] of alone.entries()) {
          const expected = await told(request, await claimOne(pool, givenClaimOf(request)), records);
          expect(await told(together[index]!, results[index]!, records)).toBe(expected);
        }
      }),
      { numRuns: 20 },
    );
    await dataSource.destroy();
  }, 30_000);
});

describe('looks that come together', () => {
  it('are few statements, and each finds its own', async () => {
    const asked: string[] = [];
    const counted = new PgSessionStore(watched((name) => void asked.push(name)));
    const requests = requestsOf(40);
    await announceAll(requests.slice(10));
    const [first] = requests.slice(10);
    const keys = [...requests, ...(first ? [first] : [])].map(({ key }) => key);
    const sessions = await Promise.all(keys.map((key) => counted.find(key)));
    const alone: unknown[] = [];
    for (const key of keys) alone.push(await store.find(key));
    expect(sessions).toEqual(alone);
    expect(sessions.filter((session) => session === null)).toHaveLength(10);
    expect(asked).toEqual(['greenroom-find-together']);
  });
});

describe('renewals that come together', () => {
  it('are few statements; each is the version that stands, or lost', async () => {
    const asked: string[] = [];
    const counted = new PgSessionStore(watched((name) => void asked.push(name)));
    const requests = requestsOf(40);
    await announceAll(requests.slice(5));
    const claims = await Promise.all(requests.map((request) => store.claim(request)));
    const epochOf = (index: number) => (index % 4 === 0 ? 7 : 1);
    const renewed = await Promise.all(
      requests.map(({ key, owner }, index) =>
        counted.renew({ key, owner, epoch: epochOf(index) }, 1_000_000, index % 2 === 1),
      ),
    );
    expect(renewed).toEqual(
      claims.map((each, index) =>
        each.kind === 'claimed' && epochOf(index) === 1 ? each.session.version : null,
      ),
    );
    expect(asked).toEqual(['greenroom-renew-many']);
    const rows = await database.query<{ call_id: string; yielding: boolean; renewed: boolean }>(
      `SELECT call_id, yielding, lease_until > now() + interval '500 s' AS renewed FROM call_sessions
       WHERE call_id = ANY($1)`,
      [requests.map(({ key }) => key.callId)],
    );
    const expected = requests.slice(5).map(({ key }, at) => {
      const index = at + 5;
      const held = epochOf(index) === 1;
      return { call_id: key.callId, yielding: held && index % 2 === 1, renewed: held };
    });
    const byCall = (one: { call_id: string }, other: { call_id: string }) =>
      one.call_id < other.call_id ? -1 : 1;
    expect(rows.toSorted(byCall)).toEqual(expected.toSorted(byCall));
  });

  it('do not fail for one whose row somebody holds', async () => {
    const requests = requestsOf(5);
    await announceAll(requests);
    await Promise.all(requests.map((request) => store.claim(request)));
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM call_sessions WHERE call_id = $1 FOR UPDATE', [requests[2]?.key.callId]);
    const results = await Promise.allSettled(
      requests.map(({ key, owner }) => store.renew({ key, owner, epoch: 1 }, 15_000)),
    );
    await client.query('ROLLBACK');
    client.release();
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
  });
});
