import { Redis } from 'ioredis';
import { type StackOptions } from '../../stack';
import { type StackProcess } from '../../stack/stack-process';
import { serve, type Served } from '../own-process';
import { type OwnStack } from '../own-stack';
import { Announcements } from './announcements';
import { writeObserver } from './observation';
import { StreamGenerator } from './stream-generator';

/** Everything that the rendezvous is measured with. */
export interface Stage {
  own: OwnStack;
  ingest: StackProcess;
  gateway: StackProcess;
  streams: StreamGenerator;
  announcements: Announcements;
  /** for looking on */
  redis: Redis;
  subscriber: Served;
  polling: Served;
}

/** More than any part of this needs: none of these limits is what is measured. */
const MANY = '20000';
/** As long as an account may let its streams wait. */
const WAIT_MS = 60_000;

/** Both processes can be observed; the outbox is never relayed, so that only the ingest publishes. */
export const stackOptions = (folder: string): Partial<StackOptions> => ({
  waitTimeoutMs: WAIT_MS,
  env: {
    ingest: {
      NODE_OPTIONS: writeObserver(folder, 'published'),
      // whatever the machine does: no webhook goes another way than that which is measured
      STORE_TIMEOUT_MS: MANY,
      PUBLISH_TIMEOUT_MS: MANY,
    },
    worker: { RELAY_INTERVAL_MS: '3600000' },
    gateway: {
      NODE_OPTIONS: writeObserver(folder, 'found'),
      MAX_WAITERS: MANY,
      MAX_UNSTARTED: MANY,
      MAX_LOOP_LAG_MS: MANY,
    },
  },
});

/** @throws what the work throws; all that was started is stopped then */
export async function withStage<T>(own: OwnStack, work: (stage: Stage) => Promise<T>): Promise<T> {
  const closing: (() => Promise<unknown>)[] = [];
  const started = <Started>(what: Started, stop: (what: Started) => Promise<unknown>): Started => {
    closing.push(() => stop(what));
    return what;
  };
  const { stackFile, ingests, gateways } = own.stack;
  const [ingest, gateway] = [ingests[0], gateways[0]];
  if (!ingest || !gateway) throw new Error('There is no ingest, or no gateway.');
  const baseline = async (program: string, env: Record<string, string> = {}): Promise<Served> =>
    started(await serve({ program, args: [stackFile], env }), (served) => served.stop());
  try {
    const redis = started(new Redis(own.stores.redisUrl), (each) => Promise.resolve(each.disconnect()));
    const streams = started(await StreamGenerator.start(stackFile), (each) => each.end());
    const announcements = started(await Announcements.start(stackFile), (each) => each.end());
    const subscriber = await baseline('baselines/raw-subscriber');
    const polling = await baseline('baselines/polling', { DATABASE_URL: own.stores.databaseUrl });
    return await work({ own, ingest, gateway, streams, announcements, redis, subscriber, polling });
  } finally {
    for (const each of closing.reverse()) await each();
  }
}
