import type { Redis } from 'ioredis';
import type { Pool } from 'pg';

/** Longer than any machine takes, and shorter than jest waits for a test. */
const PATIENCE_MS = 20_000;

/**
 * What a call would not wait for is refused within half a second: a connection, an answer. Such a bound is no part of a spec
 * that asks what is written, and it ends a test whose machine was busy for as long. A lock is waited for as briefly as ever.
 * To be called before anybody is given the pool.
 */
export function patientPool(pool: Pool): Pool {
  const bounds = ['connectionTimeoutMillis', 'statement_timeout', 'query_timeout'] as const;
  for (const bound of bounds) pool.options[bound] = PATIENCE_MS;
  return pool;
}

/** The same of commands to Redis, which are given up after 300 ms even where the answer lies in the socket, unread. */
export function patientRedis(redis: Redis): Redis {
  redis.options.commandTimeout = PATIENCE_MS;
  return redis;
}
