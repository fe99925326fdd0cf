import { randomUUID } from 'node:crypto';
import {
  commandConnection,
  RedisSessionCache,
  RedisSessionSignal,
  subscriberConnection,
} from '@greenroom/platform';
import { describeSessionBus, newKey, sessionOf } from '@greenroom/rendezvous/contract';
import { failOnLeaks, patientRedis, testServers } from '@greenroom/testing';
import type { Redis } from 'ioredis';
import { publishTogether } from './publish-together';

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

describeSessionBus('Redis, with sessions that are published together,', () => ({
  cache,
  publisher: publishTogether(cache),
  signal,
}));

describe('sessions of one turn', () => {
  const countTransactions = () => {
    const sizes: number[] = [];
    const publishMany: RedisSessionCache['publishMany'] = (sessions) => {
      sizes.push(sessions.length);
      return cache.publishMany(sessions);
    };
    return { sizes, publisher: publishTogether({ publishMany }) };
  };

  it('are one transaction, in which each stands under its own key', async () => {
    const { sizes, publisher } = countTransactions();
    const sessions = Array.from({ length: 40 }, () => sessionOf(newKey()));
    await Promise.all(sessions.map((session) => publisher.publish(session)));
    expect(sizes).toEqual([40]);
    expect(await cache.findMany(sessions)).toEqual(sessions);
  });

  it('leave the newest version of a session behind', async () => {
    const { publisher } = countTransactions();
    const key = newKey();
    const versions = [1, 2, 3].map((version) => sessionOf(key, { version }));
    await Promise.all(versions.map((session) => publisher.publish(session)));
    expect((await cache.find(key))?.version).toBe(3);
  });

  it('are all refused while Redis is away, at once', async () => {
    const away = commandConnection('redis://127.0.0.1:1', () => undefined);
    const publisher = publishTogether(new RedisSessionCache(away, { environment, ttlSeconds: 60 }));
    const results = await Promise.allSettled([1, 2, 3].map(() => publisher.publish(sessionOf(newKey()))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    away.disconnect();
  });
});
