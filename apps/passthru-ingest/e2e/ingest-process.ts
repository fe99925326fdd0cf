import { randomUUID } from 'node:crypto';
import type { StoreCallEvent } from '@greenroom/contracts';
import { createPool, PgOutbox, PgSessionStore } from '@greenroom/entities';
import {
  commandConnection,
  createLogger,
  RedisNextSteps,
  RedisSessionCache,
  Registry,
  systemClock,
} from '@greenroom/platform';
import { patientPool, patientRedis, testServers } from '@greenroom/testing';
import { LOOK_TIMEOUT_MS } from '../src/find-next-step';
import { createIngestMetrics } from '../src/ingest-metrics';
import { receiveWebhook, type IncomingWebhook, type WebhookPorts } from '../src/receive-webhook';
import type { Spool } from '../src/spool';
import { accountsWith, BASE } from './provider-webhooks';

export class MemorySpool implements Spool {
  readonly events: StoreCallEvent[] = [];
  away = false;
  storeAnnouncement(): Promise<void> {
    return Promise.reject(new Error('no announcement comes in here'));
  }
  storeCallEvent(data: StoreCallEvent): Promise<void> {
    if (this.away) return Promise.reject(new Error('away'));
    this.events.push(data);
    return Promise.resolve();
  }
}

export interface IngestOptions {
  databaseUrl: string;
  /** Redis is disconnected */
  redisAway?: boolean;
  /** Postgres and the cache are waited for as briefly as in production; otherwise for as long as the machine needs */
  bounded?: boolean;
  ports?: Partial<WebhookPorts>;
}

export type IngestProcess = Awaited<ReturnType<typeof openIngest>>;

const ENVIRONMENT = `spec-${randomUUID().slice(0, 8)}`;
const BOUNDED = {
  ...{ storeTimeoutMs: 1000, publishTimeoutMs: 250 },
  ...{ nextStepWaitMs: 1000, lookTimeoutMs: LOOK_TIMEOUT_MS },
};
const PATIENT = {
  ...{ storeTimeoutMs: 20_000, publishTimeoutMs: 20_000 },
  ...{ nextStepWaitMs: 20_000, lookTimeoutMs: 20_000 },
};
export const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';

/** A process of the ingest without its HTTP side, with its own connections. */
export async function openIngest({ databaseUrl, redisAway, bounded, ports: more }: IngestOptions) {
  const pool = createPool({ url: databaseUrl, applicationName: 'spec' });
  const redis = commandConnection(testServers().redisUrl, () => undefined);
  if (!bounded) {
    patientPool(pool);
    patientRedis(redis);
  }
  if (redisAway) redis.disconnect();
  else await redis.connect();
  const options = { environment: ENVIRONMENT, ttlSeconds: 60 };
  const cache = new RedisSessionCache(redis, options);
  const registry = new Registry();
  const spool = new MemorySpool();
  const noCommand = () => Promise.reject(new Error('no command comes in here'));
  const outbox = new PgOutbox(pool);
  const ports: WebhookPorts & { store: PgSessionStore } = {
    outbox,
    cache,
    publisher: cache,
    nextSteps: new RedisNextSteps(redis, options),
    spool,
    queue: { enrich: () => Promise.resolve() },
    commandQueue: { runCallCommand: noCommand },
    background: { start: () => void noCommand() },
    clock: systemClock,
    metrics: createIngestMetrics(registry),
    logger: createLogger('spec', 'silent'),
    accounts: accountsWith(),
    demo: false,
    publicBaseUrl: BASE,
    mediaUrl: 'wss://voice.example.com',
    tokenSecrets: ['a secret of at least thirty-two characters'],
    tokenMs: 60_000,
    queueTimeoutMs: 20_000,
    ...(bounded ? BOUNDED : PATIENT),
    ...more,
    store: new PgSessionStore(pool),
  };
  const count = async (name: string): Promise<unknown> => {
    const metric = await registry.getSingleMetric(`greenroom_ingest_${name}_total`)?.get();
    return metric?.values.map(({ value, labels }) => ('result' in labels ? labels.result : value));
  };
  return {
    ports,
    spool,
    count,
    receive: (webhook: IncomingWebhook) => receiveWebhook(webhook, ports),
    /** what is written behind the answers */
    drain: () => outbox.drain(),
    async close(): Promise<void> {
      redis.disconnect();
      await outbox.drain();
      await pool.end();
    },
  };
}
