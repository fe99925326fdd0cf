import { createHash } from 'node:crypto';
import type { CallKey } from '@greenroom/contracts';
import { CallRecords, createDataSource } from '@greenroom/entities';
import { createTestDatabase, failOnLeaks, type TestDatabase } from '@greenroom/testing';
import fc from 'fast-check';
import { openIngest, type IngestProcess } from '../e2e/ingest-process';
import { exotelStatus, keyOf, passthru, plivo, telnyx, twilio, vonage } from '../e2e/provider-webhooks';
import type { IncomingWebhook } from './receive-webhook';

let database: TestDatabase;
let ingest: IngestProcess;
let records: CallRecords;
let closeRecords: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  const ports = { commandQueue: { runCallCommand: () => Promise.resolve() } };
  ingest = await openIngest({ databaseUrl: database.url, ports });
  const dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
  await dataSource.initialize();
  records = new CallRecords(dataSource);
  closeRecords = () => dataSource.destroy();
});
afterAll(async () => {
  await Promise.all([ingest.close(), closeRecords()]);
  await database.drop();
});
failOnLeaks();

const ENDED_AT = 'Wed, 07 Jan 2026 10:22:09 +0000';
const HANGUP = {
  ...{ Event: 'Hangup', CallStatus: 'completed', HangupCause: 'NORMAL_CLEARING', HangupSource: 'Caller' },
  // in UTC, and in the time zone of the console
  ...{ SessionStart: '2026-01-07 10:21:05.123456', StartTime: '2026-01-07 15:51:05' },
  ...{ Duration: '63', EndTime: '2026-01-07 15:52:09' },
};
const COMPLETED = {
  ...{ status: 'completed', direction: 'inbound', timestamp: '2026-01-07T10:22:09.123Z' },
  ...{ start_time: '2026-01-07T10:21:06.000Z', end_time: '2026-01-07T10:22:09.000Z', duration: '63' },
};

/** All webhooks of one call, in their usual order: the first announces it, the last one ends it. */
const CALLS: Record<CallKey['provider'], (key: CallKey) => IncomingWebhook[]> = {
  exotel: (key) => [
    passthru(key),
    passthru(key, { 'Stream[Status]': 'completed', 'Stream[StreamSID]': 's-1' }),
    exotelStatus(key, { Status: 'completed', EndTime: '2026-01-07 15:52:09', ConversationDuration: '63' }),
  ],
  twilio: (key) => [
    twilio(key, 'voice', { To: '+18005551212' }),
    twilio(key, 'stream-status', { StreamEvent: 'stream-started', StreamSid: 'MZ1' }),
    twilio(key, 'stream-status', { StreamEvent: 'stream-stopped', StreamSid: 'MZ1' }),
    twilio(key, 'after-stream', { CallStatus: 'completed' }),
    twilio(key, 'status', { CallStatus: 'completed', CallDuration: '63', Timestamp: ENDED_AT }),
  ],
  plivo: (key) => [
    plivo(key, 'answer', { CallStatus: 'ringing', Event: 'StartApp', Direction: 'inbound' }),
    plivo(key, 'stream-status', { Event: 'started', StreamID: 's-1' }),
    plivo(key, 'stream-status', { Event: 'stopped', StreamID: 's-1' }),
    plivo(key, 'hangup', HANGUP),
  ],
  telnyx: (key) => [
    telnyx(key, 'call.initiated', { state: 'parked' }),
    telnyx(key, 'call.answered'),
    telnyx(key, 'streaming.started'),
    telnyx(key, 'streaming.stopped'),
    telnyx(key, 'call.hangup', { hangup_cause: 'normal_clearing', end_time: '2026-01-07T10:22:09.000000Z' }),
  ],
  vonage: (key) => [
    vonage(key, 'answer'),
    vonage(key, 'event', { status: 'answered', direction: 'inbound' }),
    vonage(key, 'after-stream', { status: 'completed', uuid: 'leg-1', headers: { call_uuid: key.callId } }),
    vonage(key, 'event', COMPLETED),
  ],
};
const PROVIDERS = Object.keys(CALLS) as CallKey['provider'][];

const TABLES = ['customers', 'call_sessions', 'call_events', 'call_turns', 'outbox'];

/** Of every row, with the transaction that has written it: a row that was written again as it was is another. */
async function hashOfRows(): Promise<string> {
  const hash = createHash('sha256');
  for (const table of TABLES) {
    const rows = await database.query(`SELECT xmin::text, * FROM ${table} ORDER BY ctid`);
    hash.update(JSON.stringify(rows));
  }
  return hash.digest('hex');
}

async function converse(key: CallKey): Promise<void> {
  const { store } = ingest.ports;
  const claimed = await store.claim({ key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 1 });
  if (claimed.kind !== 'claimed') throw new Error('must have claimed');
  await store.finish({ key, owner: 'a', epoch: claimed.epoch }, { outcome: 'completed', closeCode: 1000 });
  await store.callEnded({ key, reason: null, endedAt: null, durationMs: null, source: 'stream' }, {});
}

it('a thousand replayed webhooks, in any order and of all providers, change no row', async () => {
  const all: IncomingWebhook[] = [];
  for (const provider of PROVIDERS) {
    const key = keyOf({ provider });
    const [announcing, ...rest] = CALLS[provider](key);
    await ingest.receive(announcing!);
    await converse(key);
    for (const webhook of rest) await ingest.receive(webhook);
    all.push(announcing!, ...rest);
  }
  const events = await database.query('SELECT FROM call_events');
  expect(events.length).toBeGreaterThan(all.length);
  await ingest.drain();
  const before = await hashOfRows();
  const [order = []] = fc.sample(fc.array(fc.nat(all.length - 1), { minLength: 1000, maxLength: 1000 }), {
    numRuns: 1,
    seed: 1,
  });
  for (let from = 0; from < order.length; from += 20) {
    await Promise.all(order.slice(from, from + 20).map((index) => ingest.receive(all[index]!)));
  }
  expect(order).toHaveLength(1000);
  expect(await hashOfRows()).toBe(before);
}, 60_000);

const END = {
  endReason: 'completed',
  callEndedAt: new Date(Date.UTC(2026, 0, 7, 10, 22, 9)),
  callMs: 63_000,
};

describe.each(PROVIDERS)('the end of a call of %s', (provider) => {
  it('is one, in whichever order it is told, and however often', async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (order) => {
        const key = keyOf({ provider });
        const [announcing, ...rest] = CALLS[provider](key);
        await ingest.receive(announcing!);
        const gateway = () =>
          ingest.ports.store.callEnded(
            { key, reason: null, endedAt: null, durationMs: null, source: 'stream' },
            {},
          );
        const tellers = [...rest.map((webhook) => () => ingest.receive(webhook)), gateway];
        for (const index of [...order, ...order]) await tellers[index % tellers.length]!();
        const record = await records.read(key);
        const { endReason, callEndedAt, callMs } = record!.call;
        const lines = record!.events.filter(({ type }) => type === 'call-ended');
        const reasons = lines.map(({ data }) => data['reason']);
        ends.add(
          JSON.stringify({ end: { endReason, callEndedAt, callMs }, reasons, state: record!.session.state }),
        );
      }),
      { numRuns: 15 },
    );
    expect([...ends].map((end) => JSON.parse(end) as unknown)).toEqual([
      { end: JSON.parse(JSON.stringify(END)) as unknown, reasons: ['completed'], state: 'ended' },
    ]);
  }, 60_000);
});
