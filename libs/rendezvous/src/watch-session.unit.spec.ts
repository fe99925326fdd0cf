import { type Session } from '@greenroom/contracts';
import { announcementOf, newKey, sessionOf } from './contract';
import { MemorySessionBus } from './memory-session-bus';
import { MemorySessionStore } from './memory-session-store';
import { watchSession } from './watch-session';

function setUp() {
  const bus = new MemorySessionBus();
  const store = new MemorySessionStore();
  const key = newKey();
  const found: Session[] = [];
  const ports = { cache: bus, store, signal: bus, onFault: () => undefined };
  const stop = watchSession(key, ports, (session) => found.push(session));
  return { bus, store, key, found, stop };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('watchSession', () => {
  it('tells of the session when it comes after all, until it is stopped', async () => {
    const { bus, store, key, found, stop } = setUp();
    await store.concede({ key, as: 'received', waitedMs: 10_000 });
    const { session } = await store.announce(announcementOf(key), { pending: false });
    await bus.publish(session);
    await settled();
    expect(found).toEqual([session]);
    stop();
    await bus.publish(session);
    await settled();
    expect(found).toHaveLength(1);
    expect(bus.subscriptions).toBe(0);
  });

  it('tells of nothing once it is stopped, though it was looking', async () => {
    const { bus, key, found, stop } = setUp();
    await bus.publish(sessionOf(key));
    stop();
    await settled();
    expect(found).toEqual([]);
  });

  it('does not tell of a session that nobody has announced', async () => {
    const { bus, store, key, found } = setUp();
    await bus.publish(await store.concede({ key, as: 'received', waitedMs: 10_000 }));
    await settled();
    expect(found).toEqual([]);
  });

  it('never tells of the session of another key, whatever a store answers', async () => {
    const { bus, key, found } = setUp();
    bus.find = () => Promise.resolve(sessionOf(newKey()));
    await bus.publish(sessionOf(key));
    await settled();
    expect(found).toEqual([]);
  });
});
