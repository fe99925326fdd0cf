import { Redis } from 'ioredis';
import { type StackOptions } from '../../stack';
import { type StackProcess } from '../../stack/stack-process';
import { serve, type Served } from '../own-process';
import { type OwnStack } from '../own-stack';
import { writeObserver } from './observation';
import { SessionWriter } from './session-writer';
import { StreamGenerator } from './stream-generator';

/** Everything that the rendezvous is measured with. */
export interface Stage {
  own: OwnStack;
  gateway: StackProcess;
  streams: StreamGenerator;
  writer: SessionWriter;
  /** for looking on */
  redis: Redis;
  subscriber: Served;
  polling: Served;
}

/** More than any part of this needs: none of these limits is what is measured. */
const MANY = '20000';
/** As long as an account may let its streams wait. */
const WAIT_MS = 60_000;

/** The gateway can be observed; the outbox is never relayed, so that only the writer publishes. */
export const stackOptions = (folder: string): Partial<StackOptions> => ({
  waitTimeoutMs: WAIT_MS,
  env: {
    worker: { RELAY_INTERVAL_MS: '3600000' },
    gateway: {
      NODE_OPTIONS: writeObserver(folder),
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
  const { stackFile, gateways } = own.stack;
  const { databaseUrl, redisUrl } = own.stores;
  const [gateway] = gateways;
  if (!gateway) throw new Error('There is no gateway.');
  const baseline = async (program: string, env: Record<string, string> = {}): Promise<Served> =>
    started(await serve({ program, args: [stackFile], env }), (served) => served.stop());
  try {
    const redis = started(new Redis(redisUrl), (each) => Promise.resolve(each.disconnect()));
    const streams = started(await StreamGenerator.start(stackFile), (each) => each.end());
    const writer = started(await SessionWriter.start(stackFile, databaseUrl), (each) => each.end());
    const subscriber = await baseline('baselines/raw-subscriber');
    const polling = await baseline('baselines/polling', { DATABASE_URL: databaseUrl });
    return await work({ own, gateway, streams, writer, redis, subscriber, polling });
  } finally {
    for (const each of closing.reverse()) await each();
  }
}
