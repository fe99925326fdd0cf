import fc from 'fast-check';
import { LAST_LOOK_MS } from './await-session';
import { BROKER_HOP_MS } from './model/broker';
import { type Wait } from './model/gateway';
import { broken, LOOK_MS } from './model/invariants';
import { parametersFrom } from './model/parameters';
import { TIMER_LAG_MS } from './model/timeline';
import { RELAY, STORE_HANGS_MS, STORE_HOP_MS, World, type WorldPlan } from './model/world';

/**
 * The nets of the protocol cover for each other: where one has a hole the next one catches the call, only later. So
 * here each of them is alone, and has to be in time: in virtual ms after the commit.
 */

const { runs, all } = parametersFrom(process.env);
jest.setTimeout(300_000);

const NEVER_MS = 1_000_000;
/** so long that the last look and the last word play no part */
const ENDLESS_MS = 60_000;
const POLL_MS = 600;

/** From the commit, or from the beginning of the wait, to the end: told, or told before the acknowledgement. */
const PROMPT_MS = STORE_HOP_MS + 3 * BROKER_HOP_MS + 2 * LOOK_MS + TIMER_LAG_MS;
const POLLED_MS = 1.2 * POLL_MS + 3 * LOOK_MS + 2 * TIMER_LAG_MS;
const RELAYED_MS = RELAY.minAgeMs + 2 * RELAY.intervalMs + PROMPT_MS + 3 * TIMER_LAG_MS;

const at = fc.integer({ min: 0, max: 500 });

const socketAt = (atMs: number, timeoutMs = ENDLESS_MS) => ({
  at: atMs,
  call: 0,
  gateway: 0,
  timeoutMs,
  concedeAs: 'timed_out' as const,
  leavesMs: null,
  talksMs: 0,
});

const webhookAt = (atMs: number, dies = false) => ({ at: atMs, call: 0, dies, crmMs: null });

/** A subscriber that is deaf from the beginning, and does not learn of it. */
const DEAF = { halfOpen: [{ at: 0, gateway: 0 }], link: { resends: true, watchdogMs: null, delayMs: 0 } };

interface Meeting {
  world: World;
  wait: Wait;
  committedAt: number;
  /** from the moment at which both were there, ms */
  tookMs: number;
}

async function meet(plan: WorldPlan, scheduler: fc.Scheduler): Promise<Meeting> {
  const world = new World(scheduler, plan);
  await world.run();
  expect(broken(world)).toEqual([]);
  const [wait] = world.waits as [Wait];
  const committedAt = world.store.commits.get('exotel|default|call-0001')?.announcedAt ?? Infinity;
  return { world, wait, committedAt, tookMs: wait.endedAt - Math.max(committedAt, wait.startedAt) };
}

const found = expect.objectContaining({ outcome: 'ready' }) as unknown;

describe('subscribe, then look', () => {
  it('finds the session as soon as it was told of, whenever that is', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(at, at, fc.scheduler(), async (socket, webhook, scheduler) => {
        const plan = {
          sockets: [socketAt(socket)],
          webhooks: [webhookAt(webhook)],
          pollMs: NEVER_MS,
          relay: null,
        };
        const { wait, tookMs } = await meet(plan, scheduler);
        expect(wait.result).toEqual(found);
        expect(tookMs).toBeLessThanOrEqual(PROMPT_MS);
        if (wait.result?.outcome === 'ready') seen.add(wait.result.found);
      }),
      all(runs(2000)),
    );
    expect([...seen].sort()).toEqual(['cache', 'database', 'event']);
  });
});

describe('a link that is lost', () => {
  /** a webhook at any time, or while the link is being remade */
  const webhookOf = (drops: readonly number[]) => {
    const last = drops.at(-1) ?? 0;
    return fc.oneof(at, fc.integer({ min: last + 60, max: last + 300 }));
  };
  const lost = fc
    .array(at, { minLength: 1, maxLength: 3 })
    .chain((drops) => fc.record({ drops: fc.constant(drops), webhook: webhookOf(drops) }));
  /** so slow that a look is over before the broker has heard of the new link's subscriptions */
  const link = fc.record({
    resends: fc.boolean(),
    watchdogMs: fc.constant(null),
    delayMs: fc.constantFrom(0, 150),
  });

  it('costs no more than the time until it is subscribed anew', async () => {
    let mattered = 0;
    await fc.assert(
      fc.asyncProperty(lost, link, fc.scheduler(), async ({ drops, webhook }, behaviour, scheduler) => {
        const plan = {
          sockets: [socketAt(0)],
          webhooks: [webhookAt(webhook)],
          drops: drops.map((each) => ({ at: each, gateway: 0 })),
          link: behaviour,
          pollMs: NEVER_MS,
          relay: null,
        };
        const { world, wait, committedAt } = await meet(plan, scheduler);
        const roundTripMs = 2 * (behaviour.delayMs + BROKER_HOP_MS + TIMER_LAG_MS);
        const subscribedAt = (world.links[0]?.readyAt ?? 0) + roundTripMs;
        expect(wait.result).toEqual(found);
        expect(wait.endedAt).toBeLessThanOrEqual(
          Math.max(committedAt + PROMPT_MS + roundTripMs, subscribedAt + LOOK_MS),
        );
        if (world.journal.met.has('event missed by a lost link')) mattered += 1;
      }),
      all(runs(3000)),
    );
    expect(mattered).toBeGreaterThan(0);
  });
});

describe('a link that comes back while a poll is under way', () => {
  /** the first poll begins in it, and hangs */
  const hanging = { from: 0, to: 800, how: 'hangs' as const, only: ['findMany'] };
  const POLL_ENDS_MS = 2 * LOOK_MS + POLL_MS + STORE_HANGS_MS + 3 * TIMER_LAG_MS;

  it('has all streams looked for once more, and not only at the next poll', async () => {
    const missed = fc.record({ drop: fc.integer({ min: 800, max: 1500 }), later: fc.nat({ max: 150 }) });
    await fc.assert(
      fc.asyncProperty(missed, fc.scheduler(), async ({ drop, later }, scheduler) => {
        const plan = {
          sockets: [socketAt(0)],
          webhooks: [webhookAt(drop + later)],
          drops: [{ at: drop, gateway: 0 }],
          storeOutages: [hanging],
          pollMs: POLL_MS,
          relay: null,
        };
        const { wait, committedAt } = await meet(plan, scheduler);
        expect(wait.result).toEqual(found);
        expect(wait.endedAt).toBeLessThanOrEqual(Math.max(POLL_ENDS_MS, committedAt) + PROMPT_MS);
      }),
      all(runs(500)),
    );
  });
});

describe('the safety poll', () => {
  it('finds within one poll what no event tells of, since the link is half-open', async () => {
    await fc.assert(
      fc.asyncProperty(at, at, fc.scheduler(), async (socket, webhook, scheduler) => {
        const plan = {
          sockets: [socketAt(socket)],
          webhooks: [webhookAt(webhook)],
          pollMs: POLL_MS,
          ...DEAF,
        };
        const { wait, tookMs } = await meet(plan, scheduler);
        expect(wait.result).toEqual(found);
        expect(tookMs).toBeLessThanOrEqual(POLLED_MS);
      }),
      all(runs(600)),
    );
  });

  it('finds in the store what the cache has lost', async () => {
    await fc.assert(
      fc.asyncProperty(at, at, fc.scheduler(), async (socket, webhook, scheduler) => {
        const plan = {
          sockets: [socketAt(socket)],
          webhooks: [webhookAt(webhook)],
          pollMs: POLL_MS,
          forgetful: true,
          ...DEAF,
        };
        const { wait, tookMs } = await meet(plan, scheduler);
        expect(wait.result).toEqual(found);
        expect(tookMs).toBeLessThanOrEqual(POLLED_MS);
      }),
      all(runs(600)),
    );
  });

  it('finds what the CRM has made ready, as the first look does, although the cache says that it is still being asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1000 }), at, fc.scheduler(), async (socket, webhook, scheduler) => {
        const plan = {
          sockets: [socketAt(socket)],
          webhooks: [{ ...webhookAt(webhook, true), crmMs: 200, early: true }],
          pollMs: POLL_MS,
          relay: null,
        };
        const { world, wait } = await meet(plan, scheduler);
        const readyAt = world.store.commits.get('exotel|default|call-0001')?.readyAt ?? Infinity;
        expect(wait.result).toMatchObject({ outcome: 'ready', session: { state: 'ready' } });
        const latest = readyAt < wait.startedAt ? wait.startedAt + LOOK_MS : readyAt + POLLED_MS;
        expect(wait.endedAt).toBeLessThanOrEqual(latest);
      }),
      all(runs(600)),
    );
  });

  it('finds what a publisher that died told nobody of', async () => {
    await fc.assert(
      fc.asyncProperty(at, at, fc.scheduler(), async (socket, webhook, scheduler) => {
        const plan = {
          sockets: [socketAt(socket)],
          webhooks: [webhookAt(webhook, true)],
          pollMs: POLL_MS,
          relay: null,
        };
        const { wait, tookMs } = await meet(plan, scheduler);
        expect(wait.result).toEqual(found);
        expect(tookMs).toBeLessThanOrEqual(POLLED_MS);
      }),
      all(runs(500)),
    );
  });
});

describe('the outbox', () => {
  it('tells of what a publisher that died told nobody of', async () => {
    await fc.assert(
      fc.asyncProperty(at, at, fc.scheduler(), async (socket, webhook, scheduler) => {
        const plan = { sockets: [socketAt(socket)], webhooks: [webhookAt(webhook, true)], pollMs: NEVER_MS };
        const { wait, tookMs } = await meet(plan, scheduler);
        expect(wait.result).toEqual(found);
        expect(tookMs).toBeLessThanOrEqual(RELAYED_MS);
      }),
      all(runs(500)),
    );
  });
});

describe('the end of a wait', () => {
  const timeout = fc.integer({ min: 400, max: 1200 });
  /** nothing but the end of the wait can find anything */
  const alone = { pollMs: NEVER_MS, relay: null, forgetful: true, ...DEAF };

  it('looks once more in the store, early enough to need no last word', async () => {
    const conceding = { from: 0, to: NEVER_MS, how: 'refuses' as const, only: ['concede'] };
    await fc.assert(
      fc.asyncProperty(timeout, at, fc.scheduler(), async (timeoutMs, webhook, scheduler) => {
        const plan = {
          sockets: [socketAt(0, timeoutMs)],
          webhooks: [webhookAt(webhook)],
          storeOutages: [conceding],
          ...alone,
        };
        const { wait, committedAt } = await meet(plan, scheduler);
        const lastLook = wait.startedAt + timeoutMs - LAST_LOOK_MS;
        if (committedAt >= lastLook) return;
        expect(wait.result).toEqual(found);
        expect(wait.endedAt).toBeLessThanOrEqual(lastLook + LOOK_MS + TIMER_LAG_MS);
      }),
      all(runs(600)),
    );
  });

  it('lets the store decide between the session and the tombstone: who wrote first wins', async () => {
    const ends = { ready: 0, 'timed-out': 0, cancelled: 0 };
    await fc.assert(
      fc.asyncProperty(
        timeout,
        fc.integer({ min: -50, max: 300 }),
        fc.scheduler(),
        async (timeoutMs, early, scheduler) => {
          const plan = {
            sockets: [socketAt(0, timeoutMs)],
            webhooks: [webhookAt(timeoutMs - early)],
            ...alone,
          };
          const { wait, world } = await meet(plan, scheduler);
          const outcome = wait.result?.outcome ?? 'cancelled';
          const written = world.store.row(wait.key)?.session.announcedAt !== null;
          expect(outcome).toBe(written ? 'ready' : 'timed-out');
          ends[outcome] += 1;
        },
      ),
      all(runs(600)),
    );
    expect(ends.ready).toBeGreaterThan(0);
    expect(ends['timed-out']).toBeGreaterThan(0);
  });
});
