import { createHash } from 'node:crypto';
import { keyString, sessionCacheKey, type CallKey } from '@greenroom/contracts';
import { Redis } from 'ioredis';

export interface Cache {
  redisUrl: string;
  environment: string;
}

/**
 * Takes a call's session out of Redis, as an eviction or a lost Redis would. Never throws.
 * @returns `dropped`, or in words why not
 */
export async function dropFromCache({ redisUrl, environment }: Cache, key: CallKey): Promise<string> {
  const sid = createHash('sha256').update(keyString(key)).digest('hex');
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    // ms; ioredis sets this timer also where the connection is closed already, and nothing clears it then
    disconnectTimeout: 0,
  });
  // without a listener ioredis writes each of them to the console; the rejection below is what counts
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.del(sessionCacheKey(environment, sid))) > 0 ? 'dropped' : 'not there';
  } catch (error) {
    return (error as Error).message;
  } finally {
    redis.disconnect();
  }
}
