import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeMediaAdapter,
  describeWebhookAdapter,
  getWith,
  NOW,
  postJson,
  postWith,
  requestFromText,
  withoutBlock,
  type MediaSamples,
  type WebhookSamples,
} from '../adapter.contract';
import type { InboundMessage, StreamStart, Webhook, WebhookRequest } from '../port';
import { exotelMedia } from './media';
import { exotelWebhook } from './webhook';

const FOLDER = join(__dirname, '../../fixtures/exotel');
const file = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const json = (name: string): unknown => JSON.parse(file(name));
const request = (name: string): WebhookRequest =>
  name.endsWith('.txt')
    ? requestFromText(file(name))
    : getWith('https://voice.example.com/webhooks/exotel', json(name) as Record<string, string>);

const account = { name: 'default', country: 'IN' };
const callId = '56b1234567abcdef89abcdef12345678';
const outboundCallId = '5979a547d1c2b3e4f5061728394a198g';
const streamSid = '6f048d2e897a0d2d4029560f3f541947';

const inbound = (attributes: Record<string, string> = {}): Webhook => ({
  kind: 'announcement',
  callId,
  announcement: {
    provider: 'exotel',
    account: 'default',
    callId,
    direction: 'inbound',
    from: '+919000000001',
    to: '+918000000002',
    customer: { phone: '+919000000001', fullName: null, language: null, attributes: {} },
    attributes,
  },
});

const outbound = (fullName: string | null, attributes: Record<string, string>): Webhook => ({
  kind: 'announcement',
  callId: outboundCallId,
  announcement: {
    provider: 'exotel',
    account: 'default',
    callId: outboundCallId,
    direction: 'outbound',
    from: '+919000000003',
    to: '+918000000002',
    customer: { phone: '+919000000003', fullName, language: null, attributes: {} },
    attributes,
  },
});

const streamEnded = (status: string, details: Record<string, string>): Webhook => ({
  kind: 'stream-ended',
  callId,
  status,
  details: { streamSid, ...details },
  asksNext: true,
});

const customField = { customField: '7e9095cd-0000-4000-8000-000000000001' };

/** What each example webhook means, and to which operation it comes. */
const WEBHOOKS: Readonly<Record<string, [operation: string, webhook: Webhook]>> = {
  'passthru-inbound-start.txt': ['passthru', inbound()],
  'passthru-inbound-start.params.json': ['passthru', inbound()],
  'passthru-after-gather.params.json': ['passthru', inbound({ digits: '8' })],
  'passthru-outbound-start-customfield.txt': ['passthru', outbound(null, customField)],
  'passthru-outbound-start-customfield.params.json': ['passthru', outbound(null, customField)],
  'passthru-outbound-start-pipe-customfield.params.json': [
    'passthru',
    outbound('A Person', {
      id: '42',
      name: 'A Person',
      phone_number: '+919000000003',
      loan_id: 'LN-1',
      amount: '2500',
      due_date: '2025-01-31',
      temp_call_id: 'temp_call_0001',
    }),
  ],
  'passthru-after-voicebot.txt': [
    'passthru',
    streamEnded('completed', { duration: '42', disconnectedBy: 'bot' }),
  ],
  'passthru-after-voicebot.params.json': [
    'passthru',
    streamEnded('completed', { duration: '42', disconnectedBy: 'bot' }),
  ],
  'passthru-after-voicebot-single-json.params.json': [
    'passthru',
    streamEnded('completed', { duration: '42', disconnectedBy: 'user' }),
  ],
  'passthru-after-voicebot-failed.params.json': [
    'passthru',
    streamEnded('failed', {
      duration: '0',
      disconnectedBy: 'NA',
      error: '3009 failed to establish ws conn dial tcp: lookup voice.example.com: no such host',
      detailedStatus: 'Streaming_call_throttled',
    }),
  ],
  'passthru-after-connect.params.json': [
    'passthru',
    {
      kind: 'progress',
      callId,
      status: 'completed',
      details: {
        dialCallDuration: '27',
        callType: 'completed',
        leg0Cause: '16',
        leg0CauseCode: 'NORMAL_CLEARING',
        leg0OnCallDuration: '21',
        leg0Type: 'single',
      },
    },
  ],
  'dynamic-url-request-inbound.txt': ['stream-url', inbound()],
  'dynamic-url-request-after-passthru.params.json': ['stream-url', inbound()],
  'statuscallback-terminal.txt': [
    'status',
    {
      kind: 'call-ended',
      callId: outboundCallId,
      status: 'completed',
      details: {
        eventType: 'terminal',
        direction: 'outbound-api',
        startTime: '2025-01-07 15:51:06',
        endTime: '2025-01-07 15:52:09',
        conversationDuration: '63',
      },
      reason: 'completed',
      endedAt: Date.parse('2025-01-07T10:22:09Z'),
      durationMs: 63_000,
    },
  ],
};

const urlOf = (operation: string): string => `https://voice.example.com/webhooks/exotel/${operation}`;
const from = 'CallFrom=09000000001';

const webhookSamples: WebhookSamples = {
  account,
  deliveries: Object.entries(WEBHOOKS).map(([name, [operation, webhook]]) => ({
    name,
    operation,
    request: request(name),
    webhook,
  })),
  callIds: ['passthru', 'stream-url', 'status'].flatMap((operation) => [
    {
      in: 'parameters',
      operation,
      name: 'CallSid',
      request: (given) => getWith(urlOf(operation), `${given}&${from}`),
    },
    {
      in: 'parameters',
      operation,
      name: 'CallSid',
      request: (given) => postWith(urlOf(operation), `${from}&${given}`),
    },
    {
      in: 'json',
      operation,
      name: 'CallSid',
      request: (CallSid) => postJson(urlOf(operation), { CallFrom: '09000000001', CallSid }),
    },
  ]),
  answers: {
    passthru: { contentType: 'text/plain', body: 'OK' },
    'stream-url': {
      contentType: 'application/json',
      body: JSON.stringify({ url: (json('dynamic-url-response.json') as { url: string }).url }),
    },
    status: { contentType: 'text/plain', body: 'OK' },
  },
  transfers: { passthru: { status: 302, contentType: 'text/plain', body: 'OK' } },
  transfersTo: 'flow',
  commands: null,
  context: {
    streamUrl: 'wss://voice.example.com/media/exotel',
    streamStatusUrl: 'https://voice.example.com/webhooks/exotel/stream-status',
    afterStreamUrl: 'https://voice.example.com/webhooks/exotel/after-stream',
    parameters: { sid: callId, t: 'CAPABILITY' },
    next: 'none',
    transferTo: '+918000000009',
  },
  signature: null,
};

const start = (parameters: Record<string, string>): InboundMessage => ({
  kind: 'start',
  start: {
    callId,
    streamId: streamSid,
    from: '09000000001',
    to: '08000000002',
    parameters,
    format: { encoding: 'pcm_s16le', sampleRate: 8000 },
  } satisfies StreamStart,
});
const two = { param1: 'value1', param2: 'value2' };
const audio = (timestampMs: number): InboundMessage => ({
  kind: 'audio',
  payload: new Uint8Array(1600),
  sequence: 3,
  timestampMs,
});

/** What each example message means. */
const MESSAGES: Readonly<Record<string, InboundMessage>> = {
  'ws-in-connected.json': { kind: 'connected' },
  'ws-in-start.json': start(two),
  'ws-in-start-no-params.json': start({}),
  'ws-in-start-string-seq.json': start(two),
  'ws-in-start-typo-key.json': start(two),
  'ws-in-media.json': audio(100),
  'ws-in-media-strings.json': audio(200),
  'ws-in-dtmf.json': { kind: 'dtmf', digit: '5', durationMs: 100 },
  'ws-in-mark.json': { kind: 'mark', name: 'turn-3-end' },
  'ws-in-stop-stopped.json': { kind: 'stop', reason: 'stopped' },
  'ws-in-stop-callended.json': { kind: 'stop', reason: 'callended' },
  'ws-in-clear-unverified.json': { kind: 'ignored', event: 'clear' },
};

const second = new Uint8Array(3200);
const numbered = (name: string, sequence: number) => ({
  ...(json(name) as object),
  sequence_number: sequence,
});

const mediaSamples: MediaSamples = {
  inbound: Object.entries(MESSAGES).map(([name, message]) => ({ name, wire: file(name), message })),
  startWith: (id, parameters) =>
    JSON.stringify({
      event: 'start',
      start: { stream_sid: streamSid, call_sid: id, custom_parameters: parameters },
    }),
  callIdName: 'call_sid',
  parameterValues: 'json',
  malformed: withoutBlock('start', 'media', 'dtmf', 'mark'),
  audioWith: (payload) => JSON.stringify({ event: 'media', media: { payload } }),
  outbound: [
    {
      name: 'ws-out-mark.json',
      encode: (codec) => codec.encodeMark('turn-3-end'),
      message: numbered('ws-out-mark.json', 1),
    },
    {
      name: 'the first audio',
      encode: (codec) => codec.encodeAudio(second),
      message: {
        event: 'media',
        stream_sid: streamSid,
        sequence_number: 2,
        media: { chunk: 1, timestamp: '0', payload: Buffer.from(second).toString('base64') },
      },
    },
    {
      name: 'ws-out-media.json',
      encode: (codec) => codec.encodeAudio(second),
      message: json('ws-out-media.json'),
    },
    { name: 'ws-out-clear.json', encode: (codec) => codec.encodeClear(), message: json('ws-out-clear.json') },
    {
      name: 'a mark after it',
      encode: (codec) => codec.encodeMark('turn-3-end'),
      message: numbered('ws-out-mark.json', 4),
    },
  ],
  capabilities: {
    messages: [8000, 16000, 24000].map((sampleRate) => ({
      format: { encoding: 'pcm_s16le', sampleRate },
      bytes: 3200,
    })),
    outbound: {
      multipleOf: 320,
      minimumBytes: 3200,
      clearReturnsMarks: false,
      clearCutsMessage: false,
      inboundMs: 100,
    },
    stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'at-will' },
  },
  upgrade: null,
};

describeWebhookAdapter(exotelWebhook, webhookSamples);
describeMediaAdapter(exotelMedia, mediaSamples);

describe('the example messages of exotel', () => {
  it('are all used', () => {
    const used = [
      ...Object.keys(WEBHOOKS),
      ...Object.keys(MESSAGES),
      ...mediaSamples.outbound.map(({ name }) => name).filter((name) => name.endsWith('.json')),
      'dynamic-url-response.json',
      'ws-upgrade.txt',
    ];
    expect(used.sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it('show that the upgrade carries no signature', () => {
    const { url, headers } = requestFromText(file('ws-upgrade.txt'), 'wss://voice.example.com');
    expect(url).toBe('wss://voice.example.com/media/exotel?param1=value1&sample-rate=8000');
    expect(headers.authorization).toBe('Basic a2V5OnRva2Vu');
    expect(exotelMedia.verifyUpgrade(url, headers, ['token', ''], NOW)).toBe(false);
  });
});
