import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeMediaAdapter,
  describeWebhookAdapter,
  postWith,
  requestFromText,
  type MediaSamples,
  type WebhookSamples,
} from '../adapter.contract';
import { parseParameters } from '../parameters';
import type { InboundMessage, Webhook, WebhookRequest } from '../port';
import { twilioMedia } from './media';
import { signTwilio } from './signature';
import { twilioWebhook } from './webhook';

const FOLDER = join(__dirname, '../../fixtures/twilio');
const file = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const json = (name: string): unknown => JSON.parse(file(name));
const xml = (name: string): string => file(name).replace(/>\s+/g, '>').trim();
const request = (name: string): WebhookRequest =>
  name.endsWith('.txt')
    ? requestFromText(file(name))
    : postWith('https://voice.example.com/webhooks/twilio', json(name) as Record<string, string>);

const callId = 'CA00000000000000000000000000000001';
const streamSid = 'MZ00000000000000000000000000000001';

const voice: Webhook = {
  kind: 'announcement',
  callId,
  announcement: {
    provider: 'twilio',
    account: 'us',
    callId,
    direction: 'inbound',
    from: '+14155550100',
    to: '+18005551212',
    customer: { phone: '+14155550100', fullName: null, language: null, attributes: {} },
    attributes: {
      city: 'SAN FRANCISCO',
      state: 'CA',
      country: 'US',
      stirVerstat: 'TN-Validation-Passed-A',
    },
  },
};

const streamDetails = { streamSid, streamName: 'my_stream', timestamp: '2025-01-07T10:21:06.123Z' };
const streamEnded = (status: string, details: Record<string, string>, asksNext = false): Webhook => ({
  kind: 'stream-ended',
  callId,
  status,
  details,
  asksNext,
});

/** What each example webhook means, and to which operation it comes. */
const WEBHOOKS: Readonly<Record<string, [operation: string, webhook: Webhook]>> = {
  'voice-webhook.txt': ['voice', voice],
  'voice-webhook.params.json': ['voice', voice],
  'status-callback.params.json': [
    'status',
    {
      kind: 'call-ended',
      callId,
      status: 'completed',
      details: { callDuration: '63', sequenceNumber: '3', timestamp: 'Tue, 07 Jan 2025 10:22:09 +0000' },
    },
  ],
  'stream-status-stream-started.params.json': [
    'stream-status',
    { kind: 'progress', callId, status: 'stream-started', details: streamDetails },
  ],
  'stream-status-stream-stopped.params.json': ['stream-status', streamEnded('stream-stopped', streamDetails)],
  'stream-status-stream-error.params.json': [
    'stream-status',
    streamEnded('stream-error', { ...streamDetails, error: '31920' }),
  ],
  'after-stream.params.json': [
    'after-stream',
    streamEnded('connect-ended', { callStatus: 'in-progress' }, true),
  ],
  'after-stream-caller-gone.params.json': [
    'after-stream',
    streamEnded('connect-ended', { callStatus: 'completed' }),
  ],
};

const empty = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const webhookSamples: WebhookSamples = {
  account: { name: 'us', country: 'US' },
  callIdParameter: 'CallSid',
  deliveries: Object.entries(WEBHOOKS).map(([name, [operation, webhook]]) => ({
    name,
    operation,
    request: request(name),
    webhook,
  })),
  withCallId: (operation, parameters) =>
    postWith(`https://voice.example.com/webhooks/twilio/${operation}`, `${parameters}&From=%2B14155550100`),
  answers: {
    voice: { contentType: 'text/xml', body: xml('voice-response.xml.txt') },
    status: { contentType: 'text/xml', body: empty },
    'stream-status': { contentType: 'text/xml', body: empty },
    'after-stream': { contentType: 'text/xml', body: xml('after-stream-response.xml.txt') },
  },
  transfers: {
    'after-stream': {
      status: 200,
      contentType: 'text/xml',
      body: xml('after-stream-response-transfer.xml.txt'),
    },
  },
  transfersTo: 'number',
  context: {
    streamUrl: 'wss://voice.example.com/media/twilio',
    streamStatusUrl: 'https://voice.example.com/webhooks/twilio/stream-status',
    afterStreamUrl: 'https://voice.example.com/webhooks/twilio/after-stream',
    parameters: { sessionId: 'ses_01', token: 'CAPABILITY' },
    next: 'none',
    transferTo: '+18005550199',
  },
  sign: (unsigned, secret) => ({
    ...unsigned,
    headers: {
      ...unsigned.headers,
      'x-twilio-signature': signTwilio(
        secret,
        unsigned.url,
        unsigned.method === 'POST' ? Object.fromEntries(parseParameters(unsigned.body)) : {},
      ),
    },
  }),
};

/** What each example message means. */
const MESSAGES: Readonly<Record<string, InboundMessage>> = {
  'ws-in-connected.json': { kind: 'connected' },
  'ws-in-start.json': {
    kind: 'start',
    start: {
      callId,
      streamId: streamSid,
      from: null,
      to: null,
      parameters: { sessionId: 'ses_01', token: 'CAPABILITY' },
      format: { encoding: 'mulaw', sampleRate: 8000 },
    },
  },
  'ws-in-media.json': {
    kind: 'audio',
    payload: new Uint8Array(160).fill(0xff),
    sequence: 4,
    timestampMs: 20,
  },
  'ws-in-dtmf.json': { kind: 'dtmf', digit: '1', durationMs: null },
  'ws-in-mark.json': { kind: 'mark', name: 'turn-3-end' },
  'ws-in-stop.json': { kind: 'stop', reason: null },
};

const mediaSamples: MediaSamples = {
  inbound: Object.entries(MESSAGES).map(([name, message]) => ({ name, text: file(name), message })),
  startWith: (id) => JSON.stringify({ event: 'start', start: { streamSid, callSid: id } }),
  outbound: [
    {
      name: 'ws-out-media.json',
      encode: (codec) => codec.encodeAudio(new Uint8Array(160).fill(0xff)),
      message: json('ws-out-media.json'),
    },
    {
      name: 'ws-out-mark.json',
      encode: (codec) => codec.encodeMark('turn-3-end'),
      message: json('ws-out-mark.json'),
    },
    { name: 'ws-out-clear.json', encode: (codec) => codec.encodeClear(), message: json('ws-out-clear.json') },
  ],
  capabilities: {
    formats: [{ encoding: 'mulaw', sampleRate: 8000 }],
    messageBytes: 640,
    multipleOf: 1,
    clearReturnsMarks: true,
    clearCutsMessage: true,
    inboundMs: 20,
    signsUpgrade: true,
  },
  sign: (url, secret) => ({ 'x-twilio-signature': signTwilio(secret, url) }),
};

describeWebhookAdapter(twilioWebhook, webhookSamples);
describeMediaAdapter(twilioMedia, mediaSamples);

describe('the example messages of twilio', () => {
  it('are all used', () => {
    const used = [
      ...Object.keys(WEBHOOKS),
      ...Object.keys(MESSAGES),
      ...mediaSamples.outbound.map(({ name }) => name),
      'voice-response.xml.txt',
      'after-stream-response.xml.txt',
      'after-stream-response-transfer.xml.txt',
    ];
    expect(used.sort()).toEqual(readdirSync(FOLDER).sort());
  });
});
