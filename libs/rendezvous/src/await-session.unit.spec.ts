import type { CallKey, Session } from '@greenroom/contracts';
import { awaitSession, type AwaitPorts, type AwaitRequest } from './await-session';
import { announcementOf, newKey, sessionOf } from './contract';
import { MemorySessionBus } from './memory-session-bus';
import { MemorySessionStore } from './memory-session-store';
import type { Clock, Wake } from './ports';
import type { AwaitResult } from './waiter';
import { WaitingRoom } from './waiting-room';

const clock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

function setUp() {
  const bus = new MemorySessionBus();
  const store = new MemorySessionStore();
  const faults: string[] = [];
  const base = { cache: bus, store, signal: bus, clock, onFault: (where: string) => faults.push(where) };
  const room = new WaitingRoom(base, { maxWaiters: 10, pollMs: 1000, random: () => 0.5 });
  const ports: AwaitPorts = { ...base, room };
  const leave = new AbortController();
  const wait = (key: CallKey, more: Partial<AwaitRequest> = {}) => {
    const result: { value: AwaitResult | null } = { value: null };
    const request: AwaitRequest = {
      key,
      timeoutMs: 10_000,
      concedeAs: 'timed_out',
      signal: leave.signal,
      ...more,
    };
    void awaitSession(request, ports).then((value) => (result.value = value));
    return result;
  };
  return { bus, store, room, ports, faults, leave, wait };
}

const at = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('awaitSession', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('takes what is in the cache without subscribing', async () => {
    const { bus, room, wait } = setUp();
    const session = sessionOf(newKey());
    await bus.put(session);
    const subscribe = jest.spyOn(bus, 'subscribe');
    const result = wait(session);
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'cache', session, waitedMs: 0 });
    expect(subscribe).not.toHaveBeenCalled();
    expect(room.size).toBe(0);
  });

  it('takes what only the store has, and writes it back to the cache', async () => {
    const { bus, store, wait } = setUp();
    const key = newKey();
    const { session } = await store.announce(announcementOf(key), { pending: false });
    const result = wait(key);
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'database', session });
    expect(await bus.find(key)).toEqual(session);
  });

  it('waits for the event when the stream came first', async () => {
    const { bus, store, room, wait } = setUp();
    const key = newKey();
    const result = wait(key);
    await at(3000);
    expect(result.value).toBeNull();
    const { session } = await store.announce(announcementOf(key), { pending: false });
    await bus.publish(session);
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'event', session, waitedMs: 3000 });
    expect({ waiting: room.size, subscriptions: bus.subscriptions }).toEqual({
      waiting: 0,
      subscriptions: 0,
    });
  });

  it('takes what the event brings, and asks nobody for it', async () => {
    const { bus, store, wait } = setUp();
    const key = newKey();
    const result = wait(key);
    await at(500);
    const reads = [jest.spyOn(bus, 'find'), jest.spyOn(store, 'find')];
    const { session } = await store.announce(announcementOf(key), { pending: false });
    await bus.publish(session);
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'event', session });
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });

  it.each<[string, (session: Session) => Session | null]>([
    ['nothing', () => null],
    ['the session of another call', () => sessionOf(newKey())],
    ['one that nobody announced', (session) => ({ ...session, state: 'received', announcedAt: null })],
    ['one that is still asked about', (session) => ({ ...session, state: 'received' })],
  ])('looks when an event brings %s', async (_what, broughtFor) => {
    const { bus, store, wait, ports } = setUp();
    const key = newKey();
    let wake: Wake = () => undefined;
    ports.signal = {
      onRestored: () => undefined,
      subscribe: (_key, woken) => {
        wake = woken;
        return { acknowledged: Promise.resolve(true), close: () => undefined };
      },
    };
    const result = wait(key);
    await at(500);
    const { session } = await store.announce(announcementOf(key), { pending: false });
    wake(broughtFor(session));
    expect(result.value).toBeNull();
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'event', session, waitedMs: 500 });
    expect(await bus.find(key)).toEqual(session);
  });

  it('sees a session that was published between the first look and the acknowledgement', async () => {
    const { bus, store, wait, ports } = setUp();
    const key = newKey();
    let acknowledge: (ok: boolean) => void = () => undefined;
    ports.signal = {
      onRestored: () => undefined,
      subscribe: () => ({
        acknowledged: new Promise((resolve) => (acknowledge = resolve)),
        close: () => undefined,
      }),
    };
    const result = wait(key);
    await at(10);
    await bus.publish((await store.announce(announcementOf(key), { pending: false })).session);
    await at(100);
    expect(result.value).toBeNull();
    acknowledge(true);
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', waitedMs: 110 });
  });

  it('asks the store once before it sleeps, and the cache twice', async () => {
    const { bus, store, wait } = setUp();
    const [inCache, inStore] = [jest.spyOn(bus, 'find'), jest.spyOn(store, 'find')];
    wait(newKey());
    await at(500);
    expect([inCache.mock.calls.length, inStore.mock.calls.length]).toEqual([2, 1]);
    await at(9700);
  });

  it.each([
    ['the cache goes away', true],
    ['there is no subscription', false],
  ])('asks the store again before it sleeps when %s', async (_why, acknowledged) => {
    const { bus, store, wait, ports } = setUp();
    const key = newKey();
    let acknowledge: () => void = () => undefined;
    ports.signal = {
      onRestored: () => undefined,
      subscribe: () => ({
        acknowledged: new Promise((resolve) => (acknowledge = () => resolve(acknowledged))),
        close: () => undefined,
      }),
    };
    const result = wait(key);
    await at(10);
    await store.announce(announcementOf(key), { pending: false });
    if (acknowledged) bus.find = () => Promise.reject(new Error('away'));
    acknowledge();
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'database', waitedMs: 10 });
  });

  it('finds through the poll what no event told of', async () => {
    const { store, wait } = setUp();
    const key = newKey();
    const result = wait(key);
    await at(100);
    await store.announce(announcementOf(key), { pending: false });
    await at(901);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'poll' });
  });

  it('looks for all waiting streams with one read of each store', async () => {
    const { bus, store, wait } = setUp();
    const keys = Array.from({ length: 5 }, () => newKey());
    const results = keys.map((key) => wait(key));
    await at(500);
    for (const key of keys) await store.announce(announcementOf(key), { pending: false });
    const [inCache, inStore] = [jest.spyOn(bus, 'findMany'), jest.spyOn(store, 'findMany')];
    await at(501);
    expect(results.map(({ value }) => value?.outcome)).toEqual(keys.map(() => 'ready'));
    expect([inCache.mock.calls.length, inStore.mock.calls.length]).toEqual([1, 1]);
  });

  it('looks at once when a lost subscription came back', async () => {
    const { bus, store, wait } = setUp();
    const key = newKey();
    const result = wait(key);
    await at(100);
    await store.announce(announcementOf(key), { pending: false });
    bus.restore();
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'poll', waitedMs: 100 });
  });

  it('finds what was committed 300 ms before the deadline although events, polls and cache all fail', async () => {
    const { bus, store, wait, ports } = setUp();
    const key = newKey();
    const away = () => Promise.reject(new Error('away'));
    bus.find = away;
    bus.findMany = away;
    ports.signal = {
      onRestored: () => undefined,
      subscribe: () => ({ acknowledged: Promise.resolve(false), close: () => undefined }),
    };
    store.findMany = away;
    const result = wait(key);
    await at(9690);
    await store.announce(announcementOf(key), { pending: false });
    await at(10);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'database', waitedMs: 9700 });
  });

  it('times out once, at its deadline, and leaves a tombstone', async () => {
    const { bus, store, room, wait } = setUp();
    const key = newKey();
    const result = wait(key);
    await at(9999);
    expect(result.value).toBeNull();
    await at(1);
    expect(result.value).toEqual({ outcome: 'timed-out', waitedMs: 10_000 });
    expect(await store.find(key)).toMatchObject({ state: 'timed_out' });
    expect({ waiting: room.size, subscriptions: bus.subscriptions }).toEqual({
      waiting: 0,
      subscriptions: 0,
    });
  });

  it('times out also when a look sees its own tombstone before the store has said that it is written', async () => {
    const { bus, store, wait } = setUp();
    const key = newKey();
    const concede = store.concede.bind(store);
    store.concede = async (concession) => {
      const session = await concede(concession);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return session;
    };
    const result = wait(key);
    await at(10_050);
    // whatever wakes it now finds the tombstone
    await bus.publish(sessionOf(key, { state: 'timed_out', announcedAt: null }));
    await at(100);
    expect(result.value).toMatchObject({ outcome: 'timed-out' });
  });

  it('obeys the store when the session was written in the very last moment', async () => {
    const { store, wait } = setUp();
    const key = newKey();
    const result = wait(key);
    await at(9950);
    await store.announce(announcementOf(key), { pending: false });
    await at(50);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'database' });
  });

  it('ends within its deadline plus 250 ms when the store hangs', async () => {
    const { store, wait } = setUp();
    const never = () => new Promise<never>(() => undefined);
    store.concede = never;
    store.find = never;
    store.findMany = never;
    const result = wait(newKey());
    await at(10_250);
    expect(result.value).toEqual({ outcome: 'timed-out', waitedMs: 10_200 });
  });

  it.each(['the caller leaves', 'the session comes'])(
    'leaves no timer behind when %s during the last word',
    async (how) => {
      const { bus, store, leave, wait } = setUp();
      const key = newKey();
      store.concede = () => new Promise<never>(() => undefined);
      const result = wait(key);
      await at(10_050);
      if (how === 'the caller leaves') leave.abort();
      else await bus.publish(sessionOf(key));
      await at(0);
      expect(result.value?.waitedMs).toBe(10_050);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  it('waits on while the CRM is being asked, and takes the session as it is at the deadline', async () => {
    const { store, wait } = setUp();
    const key = newKey();
    await store.announce(announcementOf(key), { pending: true });
    const result = wait(key);
    await at(9999);
    expect(result.value).toBeNull();
    await at(1);
    expect(result.value).toMatchObject({
      outcome: 'ready',
      session: { state: 'received' },
      waitedMs: 10_000,
    });
  });

  it('takes a session that the CRM made ready', async () => {
    const { bus, store, wait } = setUp();
    const key = newKey();
    await bus.put((await store.announce(announcementOf(key), { pending: true })).session);
    const result = wait(key);
    await at(2000);
    const enriched = await store.enrich(key, { fullName: 'From the CRM', attributes: {} });
    if (enriched) await bus.publish(enriched);
    await at(0);
    expect(result.value).toMatchObject({
      found: 'event',
      session: { customer: { fullName: 'From the CRM' } },
    });
  });

  it('never takes the session of another key, whatever a store answers', async () => {
    const { bus, store, wait } = setUp();
    const foreign = sessionOf(newKey());
    bus.find = () => Promise.resolve(foreign);
    bus.findMany = () => Promise.resolve([foreign]);
    store.find = () => Promise.resolve(foreign);
    const result = wait(newKey());
    await at(10_250);
    expect(result.value?.outcome).toBe('timed-out');
  });

  it('is cancelled when the caller leaves, at any moment', async () => {
    const { bus, room, leave, wait } = setUp();
    const result = wait(newKey());
    await at(1234);
    leave.abort();
    await at(0);
    expect(result.value).toEqual({ outcome: 'cancelled', waitedMs: 1234 });
    const late = wait(newKey());
    await at(0);
    expect(late.value).toEqual({ outcome: 'cancelled', waitedMs: 0 });
    expect({ waiting: room.size, subscriptions: bus.subscriptions }).toEqual({
      waiting: 0,
      subscriptions: 0,
    });
  });

  it('goes on without the cache and says so', async () => {
    const { bus, store, faults, wait } = setUp();
    const key = newKey();
    bus.find = () => Promise.reject(new Error('away'));
    await store.announce(announcementOf(key), { pending: false });
    const result = wait(key);
    await at(0);
    expect(result.value).toMatchObject({ outcome: 'ready', found: 'database' });
    expect(faults).toEqual(['cache']);
  });
});
