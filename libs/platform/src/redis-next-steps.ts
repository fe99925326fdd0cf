import { nextStepCacheKey, NextStepSchema, type CallKey, type NextStep } from '@greenroom/contracts';
import type { NextStepCache } from '@greenroom/rendezvous';
import type { Redis } from 'ioredis';
import { sidOf } from './sid';

/** What comes after a call's stream, in Redis, for when Postgres is away. */
export class RedisNextSteps implements NextStepCache {
  constructor(
    private readonly redis: Redis,
    private readonly options: { environment: string; ttlSeconds: number },
  ) {}

  async put(key: CallKey, next: NextStep): Promise<void> {
    await this.redis.set(this.nameOf(key), next, 'EX', this.options.ttlSeconds);
  }

  /** What is not a step of this version of the program is as good as absent. */
  async get(key: CallKey): Promise<NextStep | null> {
    return NextStepSchema.safeParse(await this.redis.get(this.nameOf(key))).data ?? null;
  }

  private nameOf(key: CallKey): string {
    return nextStepCacheKey(this.options.environment, sidOf(key));
  }
}
