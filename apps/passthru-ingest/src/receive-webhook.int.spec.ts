import type { CallKey } from '@greenroom/contracts';
import { CallRecords, createDataSource } from '@greenroom/entities';
import { announcementOf } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, type TestDatabase } from '@greenroom/testing';
import { NOWHERE, openIngest } from '../e2e/ingest-process';
import { BASE, keyOf, passthru, plivo, twilio, vonage } from '../e2e/provider-webhooks';

const AWAY = { pg: true, redis: true };

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

/** @param ports.nextStepWaitMs where the wait is to come to its end */
async function open(away: Partial<typeof AWAY> = {}, ports: { nextStepWaitMs?: number } = {}) {
  const process = await openIngest({
    databaseUrl: away.pg ? NOWHERE : database.url,
    redisAway: away.redis ?? false,
    ports,
  });
  closing.push(() => process.close());
  return process;
}

const afterBot = (key: CallKey) => passthru(key, { 'Stream[Status]': 'completed' });
const afterStream = (key: CallKey, more: Record<string, string> = {}) => twilio(key, 'after-stream', more);

const redirected = (key: CallKey) =>
  plivo(key, 'after-stream', { CallStatus: 'in-progress', Event: 'Redirect' });
const disconnected = (key: CallKey) =>
  vonage(key, 'after-stream', {
    status: 'disconnected',
    uuid: 'leg-of-the-stream',
    headers: { call_uuid: key.callId },
  });

const twiml = (verb: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${verb}</Response>`;
const HANGUP = { status: 200, contentType: 'text/xml', body: twiml('<Hangup/>') };
const DIAL = { ...HANGUP, body: twiml('<Dial>+18005550199</Dial>') };
const plivoXml = (verb: string) => ({
  ...HANGUP,
  body: `<?xml version="1.0" encoding="UTF-8"?><Response>${verb}</Response>`,
});
const PLIVO_HANGUP = plivoXml('<Hangup/>');
const PLIVO_DIAL = plivoXml('<Dial><Number>+18005550199</Number></Dial>');
const [A, B] = [200, 302].map((status) => ({ status, contentType: 'text/plain', body: 'OK' }));

async function driven(more: Partial<CallKey> = {}) {
  const key = keyOf(more);
  const { ports } = await open();
  await ports.store.announce(announcementOf(key), { pending: false });
  const claimed = await ports.store.claim({ key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 1 });
  if (claimed.kind !== 'claimed') throw new Error('must have claimed');
  return { key, own: { key, owner: 'a', epoch: claimed.epoch }, gateway: ports };
}

describe.each([
  ['exotel', afterBot, A, B],
  ['twilio', afterStream, HANGUP, DIAL],
  ['plivo', redirected, PLIVO_HANGUP, PLIVO_DIAL],
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
    expect(spool.events).toMatchObject([{ key, ended: null, event: { type: 'stream-ended' } }]);
  });

  it('is nothing with all stores away, the queue too, and never an error', async () => {
    const { key } = await driven({ provider });
    const { receive, spool, count } = await open(AWAY, { nextStepWaitMs: 300 });
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
    const unclaimed = keyOf({ provider });
    await ports.store.announce(announcementOf(unclaimed), { pending: false });
    expect(await receive(ask(unclaimed))).toEqual(none);
    expect(await receive(ask(keyOf({ provider })))).toEqual(none);
    expect(await count('next_steps')).toEqual(['none']);
    const { key } = await driven({ provider });
    const brief = await open({}, { nextStepWaitMs: 300 });
    expect(await brief.receive(ask(key))).toEqual(none);
    expect(await brief.count('next_steps')).toEqual(['unknown']);
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
    const { body } = await receive(twilio(keyOf({ provider: 'twilio' }), 'voice'));
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

describe('a Vonage call', () => {
  it('names itself to its stream, and asks what comes next', async () => {
    const key = keyOf({ provider: 'vonage' });
    const { receive } = await open();
    const { body } = await receive(vonage(key, 'answer'));
    expect(JSON.parse(body)).toMatchObject([
      {
        action: 'connect',
        eventUrl: [`${BASE}/webhooks/vonage/default/after-stream/in-the-path?call_uuid=${key.callId}`],
        endpoint: [{ type: 'websocket', headers: { call_uuid: key.callId } }],
      },
    ]);
  });

  it('is transferred with the number that was called, from whichever store knows it', async () => {
    const key = keyOf({ provider: 'vonage' });
    const { receive, ports } = await open();
    await receive(vonage(key, 'answer'));
    await ports.nextSteps.put(key, 'transfer');
    const processes = [await open(), await open({ redis: true }), await open({ pg: true })];
    await processes[1]!.ports.store.claim({ key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 1 });
    await processes[1]!.ports.store.decideNext({ key, owner: 'a', epoch: 1 }, 'transfer');
    for (const { receive: ask } of processes) {
      const { body } = await ask(disconnected(key));
      expect(JSON.parse(body)).toEqual([
        { action: 'connect', from: '447700900001', endpoint: [{ type: 'phone', number: '18005550199' }] },
      ]);
    }
  });

  it('goes on as it would when nothing comes next', async () => {
    const { key, own, gateway } = await driven({ provider: 'vonage' });
    await gateway.store.finish(own, { outcome: 'completed', closeCode: 1000 });
    const { receive } = await open();
    expect(await receive(disconnected(key))).toEqual({ status: 200, contentType: 'text/plain', body: '' });
  });
});

it('an event that asks nothing is still refused when it cannot be kept', async () => {
  const { receive, spool, count } = await open(AWAY);
  spool.away = true;
  const stopped = twilio(keyOf({ provider: 'twilio' }), 'stream-status', { StreamEvent: 'stream-stopped' });
  await expect(receive(stopped)).rejects.toMatchObject({ status: 503 });
  expect(await count('unkept_events')).toEqual([0]);
});
