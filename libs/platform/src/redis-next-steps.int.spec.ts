import { randomUUID } from 'node:crypto';
import { nextStepCacheKey } from '@greenroom/contracts';
import { describeNextStepCache, newKey } from '@greenroom/rendezvous/contract';
import { failOnLeaks, patientRedis, testServers } from '@greenroom/testing';
import type { Redis } from 'ioredis';
import { commandConnection } from './redis-connections';
import { RedisNextSteps } from './redis-next-steps';
import { sidOf } from './sid';

const environment = `spec-${randomUUID().slice(0, 8)}`;
let redis: Redis;
let steps: RedisNextSteps;

beforeAll(async () => {
  redis = patientRedis(commandConnection(testServers().redisUrl, () => undefined));
  steps = new RedisNextSteps(redis, { environment, ttlSeconds: 60 });
  await redis.connect();
});

afterAll(() => redis.disconnect());

failOnLeaks();

describeNextStepCache('RedisNextSteps', () => steps);

describe('next steps in Redis', () => {
  it('are forgotten after their time, and hold nothing but the step', async () => {
    const key = newKey();
    await steps.put(key, 'transfer');
    const name = nextStepCacheKey(environment, sidOf(key));
    expect(await redis.get(name)).toBe('transfer');
    expect(await redis.ttl(name)).toBeGreaterThan(50);
    expect(await redis.ttl(name)).toBeLessThanOrEqual(60);
  });

  it('are absent where Redis holds what nobody understands', async () => {
    const key = newKey();
    await redis.set(nextStepCacheKey(environment, sidOf(key)), 'to-the-moon', 'EX', 60);
    expect(await steps.get(key)).toBeNull();
  });

  it('are another deployment’s own', async () => {
    const key = newKey();
    await new RedisNextSteps(redis, { environment: `${environment}-b`, ttlSeconds: 60 }).put(key, 'transfer');
    expect(await steps.get(key)).toBeNull();
  });

  it('are refused at once while Redis is away', async () => {
    const away = commandConnection(testServers().redisUrl, () => undefined);
    away.disconnect();
    const [put, get] = [
      new RedisNextSteps(away, { environment, ttlSeconds: 60 }).put(newKey(), 'transfer'),
      new RedisNextSteps(away, { environment, ttlSeconds: 60 }).get(newKey()),
    ];
    await expect(put).rejects.toThrow();
    await expect(get).rejects.toThrow();
  });
});
