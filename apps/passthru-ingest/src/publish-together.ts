import type { Session } from '@greenroom/contracts';
import { Batcher } from '@greenroom/entities';
import type { RedisSessionCache } from '@greenroom/platform';
import type { SessionPublisher } from '@greenroom/rendezvous';

/**
 * Sessions that became known in one turn of the event loop, as those of one statement do, go to Redis in one transaction.
 * None waits for another's answer.
 */
export function publishTogether(cache: Pick<RedisSessionCache, 'publishMany'>): SessionPublisher {
  const batcher = new Batcher<Session, void>({
    one: (session) => cache.publishMany([session]),
    many: async (sessions) => {
      await cache.publishMany(sessions);
      return sessions.map(() => undefined);
    },
    keysOf: () => [],
    // Redis refuses all of a transaction for want of memory or of a connection
    isOfOneItem: () => false,
    ...{ atOnce: Infinity, most: 64, mostWaiting: Infinity, longestWaitMs: Infinity },
  });
  return { publish: (session) => batcher.run(session) };
}
