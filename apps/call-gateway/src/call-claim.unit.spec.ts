import { createLogger } from '@greenroom/platform';
import {
  MemoryNextSteps,
  MemorySessionStore,
  type ClaimCache,
  type ClaimRequest,
  type Clock,
} from '@greenroom/rendezvous';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { CallClaim } from './call-claim';

const LEASE_MS = 15_000;

const clock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

class MemoryClaims implements ClaimCache {
  holder: string | null = null;
  private until = 0;
  take(_key: unknown, owner: string, leaseMs: number): Promise<boolean> {
    if (clock.now() > this.until) this.holder = null;
    this.holder ??= owner;
    if (this.holder === owner) this.until = clock.now() + leaseMs;
    return Promise.resolve(this.holder === owner);
  }
  release(): Promise<void> {
    this.holder = null;
    return Promise.resolve();
  }
}

async function setUp(options: { settled: boolean; announced?: boolean } = { settled: true }) {
  const store = new MemorySessionStore();
  const claims = new MemoryClaims();
  const nextSteps = new MemoryNextSteps();
  const key = newKey();
  if (options.announced !== false) await store.announce(announcementOf(key), { pending: false });
  const request: ClaimRequest = { key, owner: 'a', leaseMs: LEASE_MS, found: 'event', waitedMs: 5 };
  const claimed = options.settled ? await store.claim(request) : null;
  const settled =
    claimed?.kind === 'claimed' ? { epoch: claimed.epoch, version: claimed.session.version } : null;
  const heard = { at: clock.now() };
  const changed = jest.fn();
  const claim = new CallClaim(
    request,
    settled,
    { store, claims, nextSteps, clock, logger: createLogger('spec', 'fatal') },
    { lastMessageAt: () => heard.at, onChanged: changed },
  );
  const hearing = setInterval(() => (heard.at = clock.now()), 100);
  const rowOf = () => [...store.rows.values()][0];
  return {
    store,
    claims,
    nextSteps,
    key,
    claim,
    changed,
    rowOf,
    goSilent: () => clearInterval(hearing),
    stop: () => clearInterval(hearing),
  };
}

const at = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const away = () => Promise.reject(new Error('away'));

describe('a claim', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('is renewed for as long as the call lasts, and ends the session', async () => {
    const { claim, rowOf, stop } = await setUp();
    await at(60_000);
    expect(rowOf()?.leaseUntil).toBeGreaterThan(Date.now() + LEASE_MS / 2);
    expect(claim.holds).toBe(true);
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    expect(rowOf()).toMatchObject({ session: { state: 'ended' }, ending: { outcome: 'completed' } });
    stop();
  });

  it('is lost when another epoch has begun, and writes nothing any more', async () => {
    const { claim, store, key, rowOf, stop } = await setUp();
    const row = rowOf();
    if (row) row.leaseUntil = 0;
    await store.claim({ key, owner: 'b', leaseMs: LEASE_MS, found: null, waitedMs: 0 });
    await at(6000);
    expect(claim.lost.aborted).toBe(true);
    expect(claim.holds).toBe(false);
    await claim.finish({ outcome: 'superseded', closeCode: 4409 });
    expect(rowOf()).toMatchObject({ owner: 'b', session: { state: 'active' }, ending: null });
    stop();
  });

  it('yields when nothing is heard for 3 s, and takes the call back when something is', async () => {
    const { claim, rowOf, goSilent, store, key } = await setUp();
    goSilent();
    await at(2900);
    expect(rowOf()?.yielding).toBe(false);
    await at(1500);
    expect(rowOf()?.yielding).toBe(true);
    expect(claim.holds).toBe(true);
    expect(
      await Promise.all([
        store.claim({ key, owner: 'b', leaseMs: LEASE_MS, found: null, waitedMs: 0 }),
        at(0),
      ]),
    ).toMatchObject([{ kind: 'claimed', epoch: 2 }, undefined]);
    await at(6000);
    expect(claim.lost.aborted).toBe(true);
  });

  it('goes on while the store is away, since nobody can claim there either', async () => {
    const { claim, store, stop } = await setUp();
    const renew = store.renew.bind(store);
    store.renew = away;
    await at(60_000);
    expect({ holds: claim.holds, lost: claim.lost.aborted }).toEqual({ holds: true, lost: false });
    store.renew = renew;
    await at(6000);
    expect(claim.holds).toBe(true);
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    stop();
  });

  it('does not hold after the process did not run for most of a lease, until a renewal has succeeded', async () => {
    const { claim, stop } = await setUp();
    await at(2000);
    const resumedAt = performance.now() + 20_000;
    const spy = jest.spyOn(performance, 'now').mockReturnValue(resumedAt);
    expect(claim.holds).toBe(false);
    spy.mockRestore();
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    stop();
  });

  it('tells when somebody else has written to the session', async () => {
    const { claim, store, changed, rowOf, stop } = await setUp();
    const row = rowOf();
    if (row) row.session = { ...row.session, version: row.session.version + 1 };
    await at(6000);
    expect(changed).toHaveBeenCalledTimes(1);
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    expect(store.rows.size).toBe(1);
    stop();
  });

  it('that is provisional is settled as soon as the store has the session', async () => {
    const { claim, store, key, claims, rowOf, stop } = await setUp({ settled: false, announced: false });
    await at(3000);
    expect(claims.holder).toBe('a');
    await store.announce(announcementOf(key), { pending: false });
    await at(1500);
    expect(rowOf()).toMatchObject({ owner: 'a', epoch: 1, session: { state: 'active' } });
    expect(claims.holder).toBeNull();
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    stop();
  });

  it('that is provisional tells, when it is settled, of the session that the store has', async () => {
    const { claim, store, key, changed, stop } = await setUp({ settled: false, announced: false });
    await at(3000);
    expect(changed).not.toHaveBeenCalled();
    await store.announce(announcementOf(key), { pending: false });
    await at(10_000);
    expect(changed).toHaveBeenCalledTimes(1);
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    stop();
  });

  it('that is provisional says nothing while another stands in the store, and takes the call when that one yields', async () => {
    const { claim, store, key, rowOf, stop } = await setUp({ settled: false });
    const other = { key, owner: 'b', leaseMs: LEASE_MS, found: null, waitedMs: 0 };
    await Promise.all([store.claim(other), at(0)]);
    await at(1500);
    expect([claim.holds, claim.lost.aborted]).toEqual([false, false]);
    await Promise.all([store.renew({ key, owner: 'b', epoch: 1 }, LEASE_MS, true), at(0)]);
    await at(1500);
    expect(rowOf()).toMatchObject({ owner: 'a', epoch: 2 });
    expect([claim.holds, claim.lost.aborted]).toEqual([true, false]);
    await claim.finish({ outcome: 'completed', closeCode: 1000 });
    stop();
  });

  it('that is provisional is lost to one that stands in the store and does not yield', async () => {
    const { claim, store, key, rowOf, stop } = await setUp({ settled: false });
    const other = { key, owner: 'b', leaseMs: LEASE_MS, found: null, waitedMs: 0 };
    await Promise.all([store.claim(other), at(0)]);
    await at(5000);
    expect([claim.holds, claim.lost.aborted]).toEqual([false, false]);
    await Promise.all([store.renew({ key, owner: 'b', epoch: 1 }, LEASE_MS), at(0)]);
    await at(2000);
    expect([claim.holds, claim.lost.aborted]).toEqual([false, true]);
    expect(rowOf()).toMatchObject({ owner: 'b', epoch: 1 });
    stop();
  });

  it('that is provisional lets another take it in Redis when nothing is heard for 3 s', async () => {
    const { claim, store, claims, key, goSilent } = await setUp({ settled: false });
    store.claim = away;
    await at(2500);
    expect(await claims.take(key, 'b', LEASE_MS)).toBe(false);
    goSilent();
    await at(5000);
    expect(await claims.take(key, 'b', LEASE_MS)).toBe(true);
    await at(1500);
    expect(claim.lost.aborted).toBe(true);
  });

  it('that is provisional is settled at the end of the call, when the store comes back only then', async () => {
    const { claim, store, rowOf, stop } = await setUp({ settled: false });
    const claimIt = store.claim.bind(store);
    store.claim = away;
    await at(3000);
    const finished = claim.finish({ outcome: 'completed', closeCode: 1000 });
    await at(2000);
    store.claim = claimIt;
    await at(5000);
    await finished;
    expect(rowOf()).toMatchObject({ session: { state: 'ended' }, ending: { outcome: 'completed' } });
    stop();
  });

  it('that ends while it is being settled ends under the epoch that it has then', async () => {
    const { claim, store, rowOf, stop } = await setUp({ settled: false });
    const [claimIt, finishIt] = [store.claim.bind(store), store.finish.bind(store)];
    const late = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    let claims = 0;
    // the statement of the first tick waits for a connection, while the end of the call has one
    store.claim = async (request) => {
      if (claims++ === 0) await late(300);
      return claimIt(request);
    };
    store.finish = async (...args) => {
      await late(500);
      return finishIt(...args);
    };
    await at(1100);
    const finishing = claim.finish({ outcome: 'completed', closeCode: 1000 });
    await at(2000);
    await finishing;
    expect(rowOf()).toMatchObject({ session: { state: 'ended' }, ending: { outcome: 'completed' } });
    stop();
  });

  describe('decides what comes next', () => {
    it('in the store and in Redis', async () => {
      const { claim, nextSteps, key, rowOf, stop } = await setUp();
      await claim.decideNext('transfer');
      expect([rowOf()?.next, await nextSteps.get(key)]).toEqual(['transfer', 'transfer']);
      await claim.finish({ outcome: 'transferred', closeCode: 1000 });
      stop();
      // whatever else the test environment has put off
      await at(0);
    });

    it('in Redis, while the store is away', async () => {
      const { claim, store, nextSteps, key, stop } = await setUp();
      const decide = jest.spyOn(store, 'decideNext').mockImplementation(away);
      await claim.decideNext('transfer');
      expect(await nextSteps.get(key)).toBe('transfer');
      decide.mockRestore();
      await claim.finish({ outcome: 'transferred', closeCode: 1000 });
      stop();
      // whatever else the test environment has put off
      await at(0);
    });

    it('in Redis, while the store hangs', async () => {
      const { claim, store, nextSteps, key, stop } = await setUp();
      const decide = jest.spyOn(store, 'decideNext').mockImplementation(() => new Promise(() => undefined));
      const decided = claim.decideNext('transfer');
      await at(700);
      await decided;
      expect(await nextSteps.get(key)).toBe('transfer');
      decide.mockRestore();
      await claim.finish({ outcome: 'transferred', closeCode: 1000 });
      stop();
      await at(0);
    });

    it('in bounded time, while neither answers', async () => {
      const { claim, store, nextSteps, stop } = await setUp();
      jest.spyOn(store, 'decideNext').mockImplementation(away);
      jest.spyOn(nextSteps, 'put').mockImplementation(() => new Promise(() => undefined));
      const decided = claim.decideNext('transfer');
      await at(1500);
      await decided;
      await claim.finish({ outcome: 'transferred', closeCode: 1000 });
      stop();
      // whatever else the test environment has put off
      await at(0);
    });

    it('not at all, once another connection drives the call', async () => {
      const { claim, store, nextSteps, key, rowOf, stop } = await setUp();
      jest.spyOn(store, 'decideNext').mockResolvedValue(false);
      await claim.decideNext('transfer');
      expect([rowOf()?.next, await nextSteps.get(key)]).toEqual([null, null]);
      await claim.finish({ outcome: 'hung-up', closeCode: 1000 });
      stop();
      // whatever else the test environment has put off
      await at(0);
    });
  });
});
