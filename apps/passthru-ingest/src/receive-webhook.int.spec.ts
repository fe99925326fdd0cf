import { randomUUID } from 'node:crypto';
import type { CallKey, StoreCallEvent } from '@greenroom/contracts';
import { CallRecords, createDataSource, createPool, PgOutbox, PgSessionStore } from '@greenroom/entities';
import {
  Accounts,
  AccountSchema,
  commandConnection,
  createLogger,
  RedisNextSteps,
  RedisSessionCache,
  Registry,
  systemClock,
} from '@greenroom/platform';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { signTwilio } from '@greenroom/telephony';
import { createTestDatabase, failOnLeaks, testServers, type TestDatabase } from '@greenroom/testing';
import { createIngestMetrics } from './ingest-metrics';
import { receiveWebhook, type IncomingWebhook, type WebhookPorts } from './receive-webhook';
import type { Spool } from './spool';

const AWAY = { pg: true, redis: true };
const BASE = 'https://voice.example.com';
const ENVIRONMENT = `spec-${randomUUID().slice(0, 8)}`;
const TOKEN = 'auth-token-1';

const accounts = new Accounts(
  [
    { name: 'default', provider: 'exotel', credentials: { pathSecrets: ['in-the-path'] } },
    {
      name: 'default',
      provider: 'twilio',
      credentials: { authTokens: [TOKEN], pathSecrets: ['in-the-path'] },
      transferTo: '+18005550199',
    },
    {
      name: 'nobody',
      provider: 'twilio',
      credentials: { authTokens: [TOKEN], pathSecrets: ['in-the-path'] },
    },
  ].map((account) => AccountSchema.parse(account)),
);

class MemorySpool implements Spool {
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

let database: TestDatabase;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => database.drop());
failOnLeaks();

/** A process of the ingest, with its own connections. */
async function open(away: Partial<typeof AWAY> = {}) {
  const url = away.pg ? 'postgres://nobody@127.0.0.1:1/nothing' : database.url;
  const pool = createPool({ url, applicationName: 'spec' });
  const redis = commandConnection(testServers().redisUrl, () => undefined);
  if (away.redis) redis.disconnect();
  else await redis.connect();
  closing.push(
    () => pool.end(),
    () => redis.disconnect(),
  );
  const options = { environment: ENVIRONMENT, ttlSeconds: 60 };
  const cache = new RedisSessionCache(redis, options);
  const registry = new Registry();
  const spool = new MemorySpool();
  const ports = {
    store: new PgSessionStore(pool),
    outbox: new PgOutbox(pool),
    cache,
    publisher: cache,
    nextSteps: new RedisNextSteps(redis, options),
    spool,
    queue: { enrich: () => Promise.resolve() },
    clock: systemClock,
    metrics: createIngestMetrics(registry),
    logger: createLogger('spec', 'silent'),
    accounts,
    demo: false,
    publicBaseUrl: BASE,
    mediaUrl: 'wss://voice.example.com',
    storeTimeoutMs: 1000,
    publishTimeoutMs: 250,
    nextStepWaitMs: 1000,
  } satisfies WebhookPorts;
  const count = async (name: string): Promise<unknown> => {
    const metric = await registry.getSingleMetric(`greenroom_ingest_${name}_total`)?.get();
    return metric?.values.map(({ value, labels }) => ('result' in labels ? labels.result : value));
  };
  return { ports, spool, count, receive: (webhook: IncomingWebhook) => receiveWebhook(webhook, ports) };
}

function incoming(key: CallKey, operation: string, request: Partial<IncomingWebhook['request']>) {
  const url = `${BASE}/webhooks/${key.provider}/${key.account}/${operation}/in-the-path${request.url ?? ''}`;
  return {
    provider: key.provider,
    account: key.account,
    operation,
    pathToken: 'in-the-path',
    remoteAddress: '203.0.113.9',
    request: { method: 'GET' as const, headers: {}, body: '', ...request, url },
  };
}

const passthru = (key: CallKey, more: Record<string, string> = {}) =>
  incoming(key, 'passthru', {
    url: `?${new URLSearchParams({ CallSid: key.callId, CallFrom: '09000000001', ...more }).toString()}`,
  });
const afterBot = (key: CallKey) => passthru(key, { 'Stream[Status]': 'completed' });

function twilio(key: CallKey, operation: string, more: Record<string, string> = {}, token = TOKEN) {
  const form = { CallSid: key.callId, From: '+14155550100', CallStatus: 'in-progress', ...more };
  const webhook = incoming(key, operation, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
  });
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': signTwilio(token, webhook.request.url, form),
  };
  return { ...webhook, request: { ...webhook.request, headers } };
}
const afterStream = (key: CallKey, more: Record<string, string> = {}) => twilio(key, 'after-stream', more);

const twiml = (verb: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${verb}</Response>`;
const HANGUP = { status: 200, contentType: 'text/xml', body: twiml('<Hangup/>') };
const DIAL = { ...HANGUP, body: twiml('<Dial>+18005550199</Dial>') };
const [A, B] = [200, 302].map((status) => ({ status, contentType: 'text/plain', body: 'OK' }));

async function driven(more: Partial<CallKey> = {}) {
  const key = newKey(more);
  const { ports } = await open();
  await ports.store.announce(announcementOf(key), { pending: false });
  const claimed = await ports.store.claim({ key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 1 });
  if (claimed.kind !== 'claimed') throw new Error('must have claimed');
  return { key, own: { key, owner: 'a', epoch: claimed.epoch }, gateway: ports };
}

describe.each([
  ['exotel', afterBot, A, B],
  ['twilio', afterStream, HANGUP, DIAL],
] as const)('what %s is told when the stream has ended', (provider, ask, none, transfer) => {
  it('is a transfer that stands in Postgres only, however often and to whichever process it asks', async () => {
    const { key, own, gateway } = await driven({ provider });
    await gateway.store.decideNext(own, 'transfer');
    const [one, other] = [await open(), await open({ redis: true })];
    const answers = await Promise.all([one, other, one, other].map(({ receive }) => receive(ask(key))));
    expect(answers).toEqual([transfer, transfer, transfer, transfer]);
    await gateway.store.finish(own, { outcome: 'transferred', closeCode: 1000 });
    expect(await one.receive(ask(key))).toEqual(transfer);
    expect(await one.count('next_steps')).toEqual(['transfer']);
  });

  it('is a transfer that stands in Redis only, with Postgres away; the event is kept in the queue', async () => {
    const { key, gateway } = await driven({ provider });
    await gateway.nextSteps.put(key, 'transfer');
    const { receive, spool } = await open({ pg: true });
    expect(await receive(ask(key))).toEqual(transfer);
    expect(spool.events).toMatchObject([{ key, callEnded: false, event: { type: 'stream-ended' } }]);
  });

  it('is nothing with all stores away, the queue too, and never an error', async () => {
    const { key } = await driven({ provider });
    const { receive, spool, count } = await open(AWAY);
    spool.away = true;
    expect(await receive(ask(key))).toEqual(none);
    expect(await count('next_steps')).toEqual(['unknown']);
    expect(await count('unkept_events')).toEqual([1]);
  });

  it('is waited for while the stream’s end is being written', async () => {
    const { key, own, gateway } = await driven({ provider });
    const { receive } = await open();
    const asked = receive(ask(key));
    await new Promise((resolve) => setTimeout(resolve, 150));
    await gateway.store.finish(own, { outcome: 'transferred', closeCode: 1000 });
    expect(await asked).toEqual(transfer);
  });

  it('is nothing after a call that nobody has claimed, at once, and when the wait is over', async () => {
    const { receive, count, ports } = await open();
    const unclaimed = newKey({ provider });
    await ports.store.announce(announcementOf(unclaimed), { pending: false });
    expect(await receive(ask(unclaimed))).toEqual(none);
    expect(await receive(ask(newKey({ provider })))).toEqual(none);
    expect(await count('next_steps')).toEqual(['none']);
    const { key } = await driven({ provider });
    expect(await receive(ask(key))).toEqual(none);
    expect(await count('next_steps')).toEqual(['none', 'unknown']);
  });

  it('stands on the timeline once', async () => {
    const { key, own, gateway } = await driven({ provider });
    await gateway.store.finish(own, { outcome: 'completed', closeCode: 1000 });
    const { receive } = await open();
    for (let copy = 0; copy < 3; copy += 1) expect(await receive(ask(key))).toEqual(none);
    const dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
    await dataSource.initialize();
    closing.push(() => dataSource.destroy());
    const record = await new CallRecords(dataSource).read(key);
    expect(record?.events.map(({ type }) => type).filter((type) => type === 'stream-ended')).toHaveLength(1);
  });
});

describe('the Passthru at the start of an Exotel flow', () => {
  it('goes on with choice A, also when it is repeated after a transfer was decided', async () => {
    const { key, own, gateway } = await driven();
    await gateway.store.decideNext(own, 'transfer');
    await gateway.nextSteps.put(key, 'transfer');
    const { receive } = await open();
    expect(await receive(passthru(key))).toEqual(A);
    expect(await receive(passthru(key, { DialCallStatus: 'completed' }))).toEqual(A);
    expect(await receive(afterBot(key))).toEqual(B);
  });
});

describe('a Twilio call', () => {
  it('is told whom to ask when its stream has ended, with the secret of the path', async () => {
    const { receive } = await open();
    const { body } = await receive(twilio(newKey({ provider: 'twilio' }), 'voice'));
    const url = `${BASE}/webhooks/twilio/default/after-stream/in-the-path`;
    expect(body).toContain(
      `<Connect action="${url}"><Stream url="wss://voice.example.com/ws/twilio/default/`,
    );
  });

  it('is hung up when its caller has left, without a wait', async () => {
    const { key } = await driven({ provider: 'twilio' });
    const { receive, count, ports } = await open();
    await ports.nextSteps.put(key, 'transfer');
    expect(await receive(afterStream(key, { CallStatus: 'completed' }))).toEqual(HANGUP);
    expect(await count('next_steps')).toEqual([]);
  });

  it('is hung up when the account names nobody to transfer it to, and counted', async () => {
    const { key, own, gateway } = await driven({ provider: 'twilio', account: 'nobody' });
    await gateway.store.decideNext(own, 'transfer');
    const { receive, count } = await open();
    expect(await receive(afterStream(key))).toEqual(HANGUP);
    expect(await count('next_steps')).toEqual(['no-number']);
  });

  it('is told nothing without Twilio’s signature, and not what its stream’s status would be', async () => {
    const { key, own, gateway } = await driven({ provider: 'twilio' });
    await gateway.store.decideNext(own, 'transfer');
    const { receive } = await open();
    await expect(receive(twilio(key, 'after-stream', {}, 'another-token'))).rejects.toMatchObject({
      status: 403,
    });
    const status = await receive(twilio(key, 'stream-status', { StreamEvent: 'stream-stopped' }));
    expect(status.body).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });
});

it('an event that asks nothing is still refused when it cannot be kept', async () => {
  const { receive, spool, count } = await open(AWAY);
  spool.away = true;
  const stopped = twilio(newKey({ provider: 'twilio' }), 'stream-status', { StreamEvent: 'stream-stopped' });
  await expect(receive(stopped)).rejects.toMatchObject({ status: 503 });
  expect(await count('unkept_events')).toEqual([0]);
});
