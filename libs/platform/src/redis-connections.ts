import { Redis, type RedisOptions } from 'ioredis';

/** 50 ms, doubling up to 2 s, with jitter, for ever: Redis may come back at any time, and all at once is a storm. */
const retryStrategy = (attempt: number): number =>
  Math.min(2000, 50 * 2 ** Math.min(attempt, 6)) + Math.random() * 50;

const common: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 1000,
  // what cannot be sent now is refused now: a queue would grow while Redis is away
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  retryStrategy,
  // after a failover the old primary is read-only: connect anew, to the new one
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

type Report = (error: Error) => void;

function connection(url: string, options: RedisOptions, report: Report): Redis {
  const redis = new Redis(url, options);
  redis.on('error', report);
  redis.on('close', () => forgetSilence(redis));
  return redis;
}

/**
 * ioredis forgets to stop the `socketTimeout` of a link that was lost while it owed an answer. 2 s later that would cut the
 * next link, whatever it says: in every process once more, after each restart of Redis.
 */
function forgetSilence(redis: object): void {
  const link: { socketTimeoutTimer?: NodeJS.Timeout | undefined } = redis;
  clearTimeout(link.socketTimeoutTimer);
  link.socketTimeoutTimer = undefined;
}

/** For commands: an answer within 300 ms or none. */
export const commandConnection = (url: string, report: Report): Redis =>
  connection(url, { ...common, commandTimeout: 300, socketTimeout: 2000 }, report);

/** For pub/sub: subscriptions are made anew by our own hand, since ioredis does not tell when they are in force. */
export const subscriberConnection = (url: string, report: Report): Redis =>
  // the other side of a dead link never answers its end, for which ioredis would wait 2 s before it connects anew
  connection(url, { ...common, autoResubscribe: false, disconnectTimeout: 100 }, report);

/** For adding jobs: fails fast. A link that says nothing for 2 s is made anew, as the one for commands is. */
export const queueConnection = (url: string, report: Report): Redis =>
  connection(url, { ...common, commandTimeout: 1000, socketTimeout: 2000 }, report);

/** For a BullMQ worker: waits for Redis as long as it takes. Connects at once, as do the duplicates that BullMQ makes. */
export const workerConnection = (url: string, report: Report): Redis =>
  connection(url, { connectTimeout: 1000, maxRetriesPerRequest: null, retryStrategy }, report);

/** The first connect may fail: Redis being away never keeps a process from serving. */
export async function connectSoon(redis: Redis): Promise<void> {
  await redis.connect().catch(() => undefined);
}
