import { randomUUID } from 'node:crypto';
import { describeSessionBus, newKey, sessionOf } from '@greenroom/rendezvous/contract';
import { failOnLeaks, testServers } from '@greenroom/testing';
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
  commands = commandConnection(redisUrl, () => undefined);
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
    expect(await commands.pubsub('CHANNELS', `*${environment}*`)).toEqual([]);
  });

  it('subscribes anew after its link was cut, and only then says so', async () => {
    const session = sessionOf(newKey());
    const woken = new Promise<void>((resolve) => {
      subscription = signal.subscribe(session, resolve);
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

  it('drops events of another deployment', async () => {
    const session = sessionOf(newKey());
    const wake = jest.fn();
    const own = signal.subscribe(session, wake);
    await own.acknowledged;
    const [channel] = (await commands.pubsub('CHANNELS', `*${environment}*`)) as string[];
    const woken = new Promise<void>((resolve) => wake.mockImplementation(resolve));
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

  let subscription: { acknowledged: Promise<boolean>; close(): void } | undefined;
});

describe('the cache', () => {
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
