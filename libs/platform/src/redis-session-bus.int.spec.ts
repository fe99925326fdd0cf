import { randomUUID } from 'node:crypto';
import { describeSessionBus, newKey, sessionOf } from '@greenroom/rendezvous/contract';
import type { Session } from '@greenroom/contracts';
import { failOnLeaks, patientRedis, sentDuring, TcpProxy, testServers } from '@greenroom/testing';
import type { Redis } from 'ioredis';
import { commandConnection, subscriberConnection } from './redis-connections';
import { RedisSessionCache } from './redis-session-cache';
import { RedisSessionSignal } from './redis-session-signal';

const environment = `spec-${randomUUID().slice(0, 8)}`;
let commands: Redis;
let subscriber: Redis;
let cache: RedisSessionCache;
let signal: RedisSessionSignal;

beforeAll(async () => {
  const { redisUrl } = testServers();
  commands = patientRedis(commandConnection(redisUrl, () => undefined));
  subscriber = subscriberConnection(redisUrl, () => undefined);
  cache = new RedisSessionCache(commands, { environment, ttlSeconds: 60 });
  signal = new RedisSessionSignal(subscriber, { environment });
  signal.start();
  await Promise.all([commands.connect(), subscriber.connect()]);
});

afterAll(() => {
  signal.stop();
  commands.disconnect();
  subscriber.disconnect();
});

failOnLeaks();

describeSessionBus('Redis', () => ({ cache, publisher: cache, signal }));

describe('the subscriber', () => {
  it('holds no channel when nobody waits', async () => {
    expect(signal.size).toBe(0);
    // channels that are given up go out together, at the end of their turn
    await new Promise((resolve) => setImmediate(resolve));
    expect(await commands.pubsub('CHANNELS', `*${environment}*`)).toEqual([]);
  });

  it('subscribes anew after its link was cut, and only then says so', async () => {
    const session = sessionOf(newKey());
    const woken = new Promise<void>((resolve) => {
      subscription = signal.subscribe(session, () => resolve());
    });
    await subscription?.acknowledged;
    const restored = new Promise<void>((resolve) => signal.onRestored(resolve));
    await commands.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await restored;
    expect(await commands.pubsub('CHANNELS', `*${environment}*`)).toHaveLength(1);
    await cache.publish(session);
    await woken;
    subscription?.close();
  });

  it('makes a link anew that goes dead before it is ready', async () => {
    const { hostname, port } = new URL(testServers().redisUrl);
    const proxy = await TcpProxy.open({ host: hostname, port: Number(port) });
    const redis = subscriberConnection(`redis://127.0.0.1:${proxy.port}`, () => undefined);
    const listening = new RedisSessionSignal(redis, { environment });
    try {
      proxy.blackhole();
      listening.start();
      const ready = new Promise<boolean>((resolve) => {
        listening.onRestored(() => resolve(true));
        setTimeout(() => resolve(false), 6000).unref();
      });
      redis.connect().catch(() => undefined);
      await new Promise((resolve) => redis.once('connect', resolve));
      proxy.passes();
      expect(await ready).toBe(true);
    } finally {
      listening.stop();
      redis.disconnect();
      await proxy.close();
    }
  }, 10_000);

  it('drops events of another deployment', async () => {
    const session = sessionOf(newKey());
    const wake = jest.fn();
    const own = signal.subscribe(session, wake);
    await own.acknowledged;
    const [channel] = (await commands.pubsub('CHANNELS', `*${environment}*`)) as string[];
    const woken = new Promise<void>((resolve) => wake.mockImplementation(() => resolve()));
    await commands.publish(channel!, 'not an event');
    await commands.publish(
      channel!,
      JSON.stringify({ type: 'session-ready', environment: 'x', key: session, version: 1 }),
    );
    await cache.publish(session);
    await woken;
    expect(wake).toHaveBeenCalledTimes(1);
    own.close();
  });

  it('is woken, to look, by an event whose session it cannot read, and by one whose session is large', async () => {
    const session = sessionOf(newKey());
    const told: (Session | null)[] = [];
    const own = signal.subscribe(session, (brought) => told.push(brought));
    await own.acknowledged;
    const [channel] = (await commands.pubsub('CHANNELS', `*${environment}*`)) as string[];
    const event = { type: 'session-ready', environment, key: session, version: 1 };
    await commands.publish(channel!, JSON.stringify(event));
    await commands.publish(
      channel!,
      JSON.stringify({ ...event, session: { ...session, state: 'unheard-of' } }),
    );
    await cache.publish(session);
    const attributes = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`${index}`, 'x'.repeat(1000)]),
    );
    await cache.publish({ ...session, attributes });
    await subscriber.ping();
    expect(told).toEqual([null, null, session, null]);
    expect(await cache.find(session)).toMatchObject({ attributes });
    own.close();
  });

  let subscription: { acknowledged: Promise<boolean>; close(): void } | undefined;
});

describe('channels that are given up', () => {
  it('go out together, ahead of the next subscription', async () => {
    const keys = [newKey(), newKey(), newKey()];
    const wake = jest.fn();
    const given = keys.map((key) => signal.subscribe(key, wake));
    await Promise.all(given.map(({ acknowledged }) => acknowledged));
    const sent = await sentDuring(commands, environment, async () => {
      given.forEach((subscription) => subscription.close());
      const again = signal.subscribe(keys[0]!, wake);
      await again.acknowledged;
      again.close();
      await new Promise((resolve) => setImmediate(resolve));
      // so that it has come
      await subscriber.ping();
    });
    expect(sent.map(([name, ...channels]) => [name, channels.length])).toEqual([
      ['unsubscribe', 3],
      ['subscribe', 1],
      ['unsubscribe', 1],
    ]);
  });
});

describe('the cache', () => {
  it('asks for many in one command where they are asked for in one turn', async () => {
    const sessions = [sessionOf(newKey()), sessionOf(newKey())];
    for (const session of sessions) await cache.put(session);
    const sent = await sentDuring(commands, environment, async () => {
      const found = await Promise.all([...sessions, newKey()].map((key) => cache.find(key)));
      expect(found).toEqual([...sessions, null]);
      expect(await cache.find(sessions[1]!)).toEqual(sessions[1]);
    });
    expect(sent.map(([name, ...keys]) => [name, keys.length])).toEqual([
      ['mget', 3],
      ['get', 1],
    ]);
  });

  it('takes what it cannot understand as absent', async () => {
    const session = sessionOf(newKey());
    await cache.put(session);
    const [name] = await commands.keys(`*${environment}:session:*`);
    expect(name).toBeDefined();
    for (const text of ['{', '{}', JSON.stringify({ ...session, state: 'unheard-of' })]) {
      for (const key of await commands.keys(`*${environment}:session:*`)) await commands.set(key, text);
      expect(await cache.find(session)).toBeNull();
    }
  });
});
