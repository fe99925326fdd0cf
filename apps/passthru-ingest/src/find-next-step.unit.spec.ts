import type { CallKey } from '@greenroom/contracts';
import { systemClock } from '@greenroom/platform';
import { MemoryNextSteps, MemorySessionStore, type Claim } from '@greenroom/rendezvous';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { conclude, findNextStep, type FoundNext } from './find-next-step';

const away = () => Promise.reject(new Error('away'));
const frozen = () => new Promise<never>(() => undefined);

async function setUp(state: 'unknown' | 'ready' | 'active' = 'active') {
  const [store, nextSteps, key] = [new MemorySessionStore(), new MemoryNextSteps(), newKey()];
  if (state !== 'unknown') await store.announce(announcementOf(key), { pending: false });
  const own: Claim = { key, owner: 'a', epoch: 1 };
  if (state === 'active') await claim(store, key, 'a');
  const ports = { store, nextSteps, clock: systemClock, nextStepWaitMs: 2000, lookTimeoutMs: 300 };
  const ask = () => {
    const asked: { found: FoundNext | null } = { found: null };
    void findNextStep(key, ports).then((found) => (asked.found = found));
    return asked;
  };
  return { store, nextSteps, key, own, ask };
}

const claim = (store: MemorySessionStore, key: CallKey, owner: string) =>
  store.claim({ key, owner, leaseMs: 15_000, found: 'event', waitedMs: 1 });

const after = (ms: number) => jest.advanceTimersByTimeAsync(ms);

const COMPLETED = { outcome: 'completed', closeCode: 1000 } as const;

describe('what comes after a stream', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it.each(['active', 'ready', 'unknown'] as const)(
    'is a transfer at once when Redis says so, also of a call that is %s in Postgres',
    async (state) => {
      const { nextSteps, key, ask } = await setUp(state);
      await nextSteps.put(key, 'transfer');
      const asked = ask();
      await after(0);
      expect(asked.found).toEqual({ next: 'transfer', known: true, waitedMs: 0 });
    },
  );

  it('is a transfer at once when only Postgres says so, before and after the end is written', async () => {
    const { store, own, ask } = await setUp();
    await store.decideNext(own, 'transfer');
    for (const end of [() => undefined, () => store.finish(own, COMPLETED)]) {
      await end();
      const asked = ask();
      await after(0);
      expect(asked.found).toEqual({ next: 'transfer', known: true, waitedMs: 0 });
    }
  });

  it.each(['ready', 'unknown'] as const)('is nothing at once after a call that is %s', async (state) => {
    const asked = (await setUp(state)).ask();
    await after(0);
    expect(asked.found).toEqual({ next: 'none', known: true, waitedMs: 0 });
  });

  it('is nothing at once after a call that has ended, or whose stream had waited in vain', async () => {
    const [ended, late] = [await setUp(), await setUp('unknown')];
    await ended.store.finish(ended.own, COMPLETED);
    await late.store.concede({ key: late.key, as: 'timed_out', waitedMs: 10_000 });
    const asked = [ended.ask(), late.ask()];
    await after(0);
    const none = { next: 'none', known: true, waitedMs: 0 };
    expect(asked.map(({ found }) => found)).toEqual([none, none]);
  });

  it.each<[string, (call: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>, string]>([
    ['a decision in Redis', ({ nextSteps, key }) => nextSteps.put(key, 'transfer'), 'transfer'],
    ['a decision in Postgres', ({ store, own }) => store.decideNext(own, 'transfer'), 'transfer'],
    ['its end', ({ store, own }) => store.finish(own, COMPLETED), 'none'],
    [
      'its end, which is the decision too',
      ({ store, own }) => store.finish(own, { outcome: 'transferred', closeCode: 1000 }),
      'transfer',
    ],
  ])('is waited for while the call is driven: %s', async (_, write, next) => {
    const call = await setUp();
    const asked = call.ask();
    await after(450);
    expect(asked.found).toBeNull();
    await write(call);
    await after(100);
    expect(asked.found).toEqual({ next, known: true, waitedMs: 500 });
  });

  it('is nothing, and not known, when the wait is over', async () => {
    const { ask } = await setUp();
    const asked = ask();
    await after(1850);
    expect(asked.found).toBeNull();
    await after(150);
    expect(asked.found).toMatchObject({ next: 'none', known: false });
    expect(asked.found?.waitedMs).toBeLessThanOrEqual(2000);
  });

  it('is what its owner has decided, and not an owner before', async () => {
    const { store, key, own, ask } = await setUp();
    await store.renew(own, 15_000, true);
    await claim(store, key, 'b');
    await store.decideNext(own, 'transfer');
    const asked = ask();
    await after(200);
    expect(asked.found).toBeNull();
    await store.finish({ key, owner: 'b', epoch: 2 }, COMPLETED);
    await after(100);
    expect(asked.found).toMatchObject({ next: 'none', known: true });
  });

  it('is the same for every copy of the question', async () => {
    const { store, own, ask } = await setUp();
    const asked = [ask(), ask(), ask()];
    await after(250);
    await store.decideNext(own, 'transfer');
    await after(100);
    await store.finish(own, COMPLETED);
    asked.push(ask(), ask());
    await after(0);
    expect(asked.map(({ found }) => found?.next)).toEqual(Array.from({ length: 5 }, () => 'transfer'));
  });
});

describe.each([
  ['away', away],
  ['frozen', frozen],
])('what comes after a stream, with a store that is %s', (_, gone) => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('is what Redis says, without Postgres', async () => {
    const { store, nextSteps, key, ask } = await setUp();
    jest.spyOn(store, 'findOutlook').mockImplementation(gone);
    const asked = ask();
    await after(600);
    expect(asked.found).toBeNull();
    await nextSteps.put(key, 'transfer');
    await after(400);
    expect(asked.found).toMatchObject({ next: 'transfer', known: true });
  });

  it('is what Postgres says, without Redis', async () => {
    const { store, nextSteps, own, ask } = await setUp();
    jest.spyOn(nextSteps, 'get').mockImplementation(gone);
    const first = ask();
    await after(600);
    expect(first.found).toBeNull();
    await store.decideNext(own, 'transfer');
    await after(400);
    expect(first.found).toMatchObject({ next: 'transfer', known: true });
    const unclaimed = await setUp('ready');
    jest.spyOn(unclaimed.nextSteps, 'get').mockImplementation(gone);
    const second = unclaimed.ask();
    await after(300);
    expect(second.found).toMatchObject({ next: 'none', known: true });
  });

  it('is nothing without both, within the wait', async () => {
    const { store, nextSteps, ask } = await setUp();
    jest.spyOn(store, 'findOutlook').mockImplementation(gone);
    jest.spyOn(nextSteps, 'get').mockImplementation(gone);
    const asked = ask();
    await after(2000);
    expect(asked.found).toMatchObject({ next: 'none', known: false });
    expect(asked.found?.waitedMs).toBeLessThanOrEqual(2000);
  });
});

it.each([
  [null, 'none'],
  [{ state: 'received', next: null }, 'none'],
  [{ state: 'ready', next: null }, 'none'],
  [{ state: 'timed_out', next: null }, 'none'],
  [{ state: 'active', next: null }, null],
  [{ state: 'ended', next: null }, 'none'],
  [{ state: 'active', next: 'transfer' }, 'transfer'],
  [{ state: 'ended', next: 'transfer' }, 'transfer'],
] as const)('of %j follows %j', (outlook, next) => {
  expect(conclude(outlook)).toBe(next);
});
