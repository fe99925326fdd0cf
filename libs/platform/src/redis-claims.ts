import { claimCacheKey, type CallKey } from '@greenroom/contracts';
import type { ClaimCache } from '@greenroom/rendezvous';
import type { Redis } from 'ioredis';
import { sidOf } from './sid';

/** Takes a free claim, or extends one's own, in one step. */
const TAKE = `
  local holder = redis.call('GET', KEYS[1])
  if holder and holder ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`;

const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Claims in Redis, for as long as Postgres is away. */
export class RedisClaims implements ClaimCache {
  constructor(
    private readonly redis: Redis,
    private readonly environment: string,
  ) {}

  async take(key: CallKey, owner: string, leaseMs: number): Promise<boolean> {
    return (await this.redis.eval(TAKE, 1, this.nameOf(key), owner, leaseMs)) === 1;
  }

  async release(key: CallKey, owner: string): Promise<void> {
    await this.redis.eval(RELEASE, 1, this.nameOf(key), owner);
  }

  private nameOf(key: CallKey): string {
    return claimCacheKey(this.environment, sidOf(key));
  }
}
