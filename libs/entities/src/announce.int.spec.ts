import type { Announcement, CallKey } from '@greenroom/contracts';
import type { Announced, AnnounceOptions } from '@greenroom/rendezvous';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, patientPool, type TestDatabase } from '@greenroom/testing';
import fc from 'fast-check';
import { Pool } from 'pg';
import { announceMany, announceOne, givenOf } from './announce';
import { createPool } from './data-source';
import { PgSessionStore } from './pg-session-store';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = patientPool(createPool({ url: database.url, applicationName: 'spec' }));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
failOnLeaks();

const READY: AnnounceOptions = { pending: false };

const phoneOf = (customer: number): string => `+9190000${String(customer).padStart(5, '0')}`;

interface Example {
  announcement: Announcement;
  options: AnnounceOptions;
}

/** Holds a row until the result is called, as somebody's transaction does that was left open. */
async function hold(text: string, values: unknown[]): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(text, values);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

/** How many statements of this name the pool has been asked for. */
function countStatements(name: string): { pool: Pool; count: () => number } {
  let asked = 0;
  const query = (config: { name: string }) => {
    asked += config.name === name ? 1 : 0;
    return pool.query(config as unknown as string);
  };
  return { pool: { options: pool.options, query } as unknown as Pool, count: () => asked };
}

describe('announcements that come together', () => {
  it('are few statements, and each gets its own session', async () => {
    const counted = countStatements('greenroom-announce-many');
    const store = new PgSessionStore(counted.pool);
    const announcements = Array.from({ length: 60 }, (_, index) =>
      announcementOf(newKey(), {
        customer: { phone: phoneOf(index), fullName: null, language: null, attributes: {} },
      }),
    );
    const results = await Promise.all(announcements.map((each) => store.announce(each, READY)));
    expect(results.map(({ session }) => [session.callId, session.customer?.phone])).toEqual(
      announcements.map(({ callId, customer }) => [callId, customer?.phone]),
    );
    expect(results.every(({ changed, debt }) => changed && debt !== null)).toBe(true);
    expect(counted.count()).toBe(1);
  });

  it('are one statement where they are copies of one call', async () => {
    const counted = countStatements('greenroom-announce');
    const store = new PgSessionStore(counted.pool);
    const announcement = announcementOf(newKey());
    const copies = await Promise.all(Array.from({ length: 50 }, () => store.announce(announcement, READY)));
    expect(counted.count()).toBe(1);
    expect(copies.map(({ changed, debt }) => [changed, debt !== null])).toEqual([
      [true, true],
      ...Array.from({ length: 49 }, () => [false, false]),
    ]);
    expect(new Set(copies.map(({ session }) => JSON.stringify(session))).size).toBe(1);
  });

  it('are tried one after the other where the first of their call is one that Postgres cannot take', async () => {
    const store = new PgSessionStore(pool);
    const good = announcementOf(newKey(), { customer: null });
    const bad = { ...good, from: 'a NUL: \0' };
    const results = await Promise.allSettled(
      [bad, bad, good, good].map((each) => store.announce(each, READY)),
    );
    expect(results.map((each) => (each.status === 'fulfilled' ? each.value.changed : 'failed'))).toEqual([
      'failed',
      'failed',
      true,
      false,
    ]);
  });

  it('do not fail for one that Postgres cannot take', async () => {
    const store = new PgSessionStore(pool);
    const announcements = Array.from({ length: 20 }, (_, index) => ({
      ...announcementOf(newKey(), { customer: null }),
      // which our own schema would not let pass
      from: index === 7 ? 'a NUL: \0' : null,
    }));
    const results = await Promise.allSettled(announcements.map((each) => store.announce(each, READY)));
    const failed = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
    expect(failed).toEqual([7]);
    expect(await store.findMany(announcements)).toHaveLength(19);
  });

  it('are written although somebody else holds the customer of one of them', async () => {
    const store = new PgSessionStore(pool);
    const [held, free] = [announcementOf(newKey()), announcementOf(newKey(), { customer: null })];
    await store.announce(announcementOf(newKey()), READY);
    const release = await hold('SELECT FROM customers WHERE phone = $1 FOR UPDATE', [held.customer!.phone]);
    const [first, second] = await Promise.allSettled([
      store.announce(held, READY),
      store.announce(free, READY),
    ]);
    await release();
    expect(first).toMatchObject({ status: 'rejected', reason: { code: '55P03' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { changed: true } });
  });

  it('all fail, soon, when Postgres answers none of them, and not one after the other', async () => {
    const nowhere = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing' });
    let asked = 0;
    nowhere.on('error', () => undefined);
    const query = nowhere.query.bind(nowhere) as (config: unknown) => Promise<unknown>;
    nowhere.query = ((config: unknown) => ((asked += 1), query(config))) as Pool['query'];
    const store = new PgSessionStore(nowhere);
    const results = await Promise.allSettled(
      Array.from({ length: 66 }, () => store.announce(announcementOf(newKey(), { customer: null }), READY)),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toBe(2);
    await nowhere.end();
  });

  it('are refused by themselves when their key is malformed', async () => {
    const store = new PgSessionStore(pool);
    const good = announcementOf(newKey());
    const bad = { ...good, callId: 'short' };
    const [one, other] = await Promise.allSettled([store.announce(bad, READY), store.announce(good, READY)]);
    expect([one.status, other.status]).toEqual(['rejected', 'fulfilled']);
  });
});

/** Copies of few calls, of few customers: some calls were there before, in every state. */
const CALLS = 60;
const CUSTOMERS = 12;
const examples = fc.array(
  fc.record({
    call: fc.nat(CALLS - 1),
    customer: fc.option(fc.nat(CUSTOMERS - 1)),
    name: fc.constantFrom(null, 'Asha Rao', 'Ravi Iyer'),
    attribute: fc.constantFrom('a', 'b', 'c'),
    value: fc.constantFrom('1', '2', '"{},\\ \'NULL', 'ünï 😀'),
    from: fc.constantFrom(null, '+919000000001', '', 'NULL'),
    pending: fc.boolean(),
    pauseAfter: fc.constantFrom(0, 0, 0, 1),
  }),
  { minLength: 400, maxLength: 400 },
);
type Drawn = typeof examples extends fc.Arbitrary<infer T> ? (T extends (infer E)[] ? E : never) : never;

const callOf = (run: string, call: number): CallKey => ({
  provider: call % 2 === 0 ? 'exotel' : 'twilio',
  account: `${run}-${call % 3}`,
  callId: `call-${call}-of-many`,
});

function exampleOf(run: string, drawn: Drawn): Example {
  const { call, customer, name, attribute, value, from, pending } = drawn;
  return {
    announcement: {
      ...callOf(run, call),
      ...{ direction: 'inbound', from, to: null, attributes: { [attribute]: value } },
      customer:
        customer === null
          ? null
          : { phone: phoneOf(customer), fullName: name, language: null, attributes: { [attribute]: value } },
    },
    options: { pending },
  };
}

/** Sessions in all states: tombstones, waited for in vain, active with and without their customer, ended. */
async function prepare(store: PgSessionStore, run: string): Promise<void> {
  for (let call = 0; call < CALLS; call += 4) {
    const key = callOf(run, call);
    const kind = (call / 4) % 5;
    if (kind === 0) await store.concede({ key, as: 'timed_out', waitedMs: 10_000 });
    else if (kind === 4) await store.announce(announcementOf(key, { customer: null }), { pending: true });
    else await store.concede({ key, as: 'received', waitedMs: 10_000 });
    if (kind < 2 || kind === 4) continue;
    const claimed = await store.claim({ key, owner: 'a', leaseMs: 60_000, found: null, waitedMs: 10_000 });
    if (claimed.kind !== 'claimed') throw new Error('must have claimed');
    const { epoch } = claimed;
    if (kind === 3) await store.finish({ key, owner: 'a', epoch }, { outcome: 'completed', closeCode: 1000 });
  }
}

/** All that was written, without ids and times; the timeline and the outbox of each call in their order. */
const written = (run: string): Promise<object[][]> =>
  Promise.all(
    [
      `SELECT account, phone, full_name, language, attributes FROM customers WHERE account LIKE $1 ORDER BY 1, 2`,
      `SELECT s.provider, s.account, s.call_id, s.state, s.version, s.direction, s.from_number, s.to_number, c.phone,
         s.attributes, s.enrichment, s.announced_at IS NOT NULL AS announced, s.owner, s.epoch, s.outcome
       FROM call_sessions s LEFT JOIN customers c ON c.id = s.customer_id WHERE s.account LIKE $1 ORDER BY 1, 2, 3`,
      `SELECT s.provider, s.account, s.call_id, e.type, e.data FROM call_events e JOIN call_sessions s ON s.id = e.session_id
       WHERE s.account LIKE $1 ORDER BY 1, 2, 3, e.id`,
      `SELECT s.provider, s.account, s.call_id, o.version FROM outbox o JOIN call_sessions s ON s.id = o.session_id
       WHERE s.account LIKE $1 ORDER BY 1, 2, 3, o.id`,
    ].map((text) => database.query(text, [`${run}-%`])),
  );

const nameless = (rows: object[][], run: string): unknown =>
  JSON.parse(JSON.stringify(rows).replaceAll(run, 'run'));

const outcomeOf = ({ session, changed, late, debt }: Announced) => ({
  ...{ changed, late, owes: debt !== null },
  ...{ state: session.state, version: session.version, phone: session.customer?.phone },
});

it('2000 announcements in batches leave what they leave one by one, and are told the same', async () => {
  const counted = countStatements('greenroom-announce-many');
  const together = new PgSessionStore(counted.pool);
  const oneByOne = new PgSessionStore(pool, { run: (given) => announceOne(pool, given) });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(examples, async (drawn) => {
      runs += 1;
      const [a, b] = [`together${runs}`, `singly${runs}`];
      await Promise.all([prepare(together, a), prepare(oneByOne, b)]);
      const expected: Announced[] = [];
      for (const each of drawn) {
        const { announcement, options } = exampleOf(b, each);
        expected.push(await oneByOne.announce(announcement, options));
      }
      const coming: Promise<Announced>[] = [];
      for (const each of drawn) {
        const { announcement, options } = exampleOf(a, each);
        coming.push(together.announce(announcement, options));
        if (each.pauseAfter > 0) await new Promise((resolve) => setTimeout(resolve, each.pauseAfter));
      }
      const results = await Promise.all(coming);
      expect(results.map(outcomeOf)).toEqual(expected.map(outcomeOf));
      expect(nameless(await written(a), a)).toEqual(nameless(await written(b), b));
    }),
    { numRuns: 5, endOnFailure: true },
  );
  expect(counted.count()).toBeGreaterThan(50);
}, 60_000);

describe.each([
  { callers: 'known callers', account: 'known', known: true },
  { callers: 'unknown callers', account: 'unknown', known: false },
])('four processes that write batches of the same few calls, of $callers', ({ account, known }) => {
  const WRITERS = 4;
  const BATCHES = 40;
  /** of a batch, of the window that its calls are drawn from, and by how much that moves on with each batch */
  const [SIZE, WINDOW, STEP] = known ? [16, 4000, 0] : [48, 72, 24];

  /** Without bounds, so that a circle of waiting transactions shows as what it is. */
  const openWriter = () => new Pool({ connectionString: database.url, max: 2 });

  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: Math.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);

  /** Of a window that moves on, so that all writers meet in calls that are new. */
  function batchOf(batch: number): Announcement[] {
    const calls = shuffled([...Array(WINDOW).keys()]).slice(0, SIZE);
    return shuffled([...Array(SIZE).keys()]).map((customer, index) =>
      announcementOf(
        { provider: 'exotel', account, callId: `shared-call-${batch * STEP + calls[index]!}` },
        {
          customer: known
            ? {
                phone: phoneOf(customer),
                fullName: null,
                language: null,
                attributes: { batch: String(batch) },
              }
            : null,
        },
      ),
    );
  }

  it('never wait for each other in a circle, and write each call once', async () => {
    const writers = Array.from({ length: WRITERS }, openWriter);
    const changed: Announced[] = [];
    const write = async (own: Pool) => {
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const given = batchOf(batch).map((each) => givenOf(each, READY));
        const results = await announceMany(own, given);
        changed.push(...results.filter((result) => result.changed));
      }
    };
    try {
      // two at once from each, as a process has
      await Promise.all(writers.flatMap((own) => [write(own), write(own)]));
    } finally {
      await Promise.all(writers.map((own) => own.end()));
    }
    const [sums] = await database.query(
      `SELECT count(*)::int AS sessions, count(*) FILTER (WHERE version = 1 AND state = 'ready')::int AS untouched,
         (SELECT count(*)::int FROM outbox o JOIN call_sessions s ON s.id = o.session_id WHERE s.account = $1) AS owed,
         (SELECT count(*)::int FROM customers WHERE account = $1) AS customers
       FROM call_sessions WHERE account = $1`,
      [account],
    );
    const calls = new Set(changed.map(({ session }) => session.callId)).size;
    expect(changed).toHaveLength(calls);
    expect(calls).toBeGreaterThan(BATCHES);
    expect(sums).toEqual({ sessions: calls, untouched: calls, owed: calls, customers: known ? SIZE : 0 });
  }, 60_000);
});
