import { createHmac, sign as signWith } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  COMMAND_KEY,
  describeCallControlAdapter,
  describeMediaAdapter,
  describeWebhookAdapter,
  getWith,
  postJson,
  postWith,
  withoutBlock,
  type MediaSamples,
  type SignatureSamples,
  type WebhookSamples,
} from '../adapter.contract';
import type { InboundMessage, Webhook, WebhookRequest } from '../port';
import { telnyxCallControl } from './call-control';
import { telnyxMedia } from './media';
import { privateKey, signTelnyx, telnyxPublicKey } from './signature';
import { telnyxWebhook } from './webhook';

const FOLDER = join(__dirname, '../../fixtures/telnyx');
const file = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const json = (name: string): unknown => JSON.parse(file(name));
const xml = (name: string): string => file(name).replace(/>\s+/g, '>').trim();

const EVENTS = 'https://voice.example.com/webhooks/telnyx/us/events';
const TEXML = 'https://voice.example.com/webhooks/telnyx/us/texml';
const request = (name: string): WebhookRequest =>
  name.endsWith('.params.json')
    ? postWith(TEXML, json(name) as Record<string, string>)
    : { ...postJson(EVENTS, null), body: file(name) };

const callId = 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg';
const sessionId = '428c31b6-abf3-3bc1-b7f4-5013ef9657c1';
const streamId = '32de0dea-53cb-4b21-89a4-9e1819c043bc';
const occurredAt = '2025-01-07T10:21:06.123456Z';
const ended = Date.parse('2025-01-07T10:22:09Z');

const incoming: Webhook = {
  kind: 'announcement',
  callId,
  announcement: {
    provider: 'telnyx',
    account: 'us',
    callId,
    direction: 'inbound',
    from: '+14155550100',
    to: '+18005551212',
    customer: { phone: '+14155550100', fullName: null, language: null, attributes: {} },
    attributes: { api: 'call-control', callSessionId: sessionId },
  },
};

const outgoing: Webhook = {
  ...incoming,
  announcement: {
    ...incoming.announcement,
    direction: 'outbound',
    from: '+18005551212',
    to: '+14155550100',
    attributes: { api: 'call-control', callSessionId: sessionId, clientState: 'appointment 42' },
  },
};

const texml: Webhook = {
  ...incoming,
  announcement: {
    ...incoming.announcement,
    customer: { phone: '+14155550100', fullName: 'A PERSON', language: null, attributes: {} },
    attributes: { api: 'texml', shakenStirAttestation: 'A' },
  },
};

const progress = (status: string, details: Record<string, string>): Webhook => ({
  kind: 'progress',
  callId,
  status,
  details,
});

const streamEnded = (status: string, details: Record<string, string>, asksNext = false): Webhook => ({
  kind: 'stream-ended',
  callId,
  status,
  details,
  asksNext,
});

/** What each example webhook means, and to which operation it comes. */
const WEBHOOKS: Readonly<Record<string, [operation: string, webhook: Webhook]>> = {
  'call-initiated.json': ['events', incoming],
  'call-initiated-redelivery.json': ['events', incoming],
  'call-initiated-outgoing.json': ['events', outgoing],
  'call-answered.json': ['events', progress('call.answered', { occurredAt })],
  'call-dtmf-received.json': ['events', progress('call.dtmf.received', { occurredAt })],
  'call-hangup.json': [
    'events',
    {
      kind: 'call-ended',
      callId,
      status: 'normal_clearing',
      details: { occurredAt, hangupSource: 'caller', sipHangupCause: '200' },
      reason: 'completed',
      endedAt: ended,
      durationMs: 63_000,
    },
  ],
  'streaming-started.json': ['events', progress('streaming.started', { occurredAt })],
  'streaming-stopped.json': ['events', streamEnded('streaming.stopped', { occurredAt })],
  'streaming-failed.json': [
    'events',
    streamEnded('streaming.failed', { occurredAt, failureReason: 'connection_failed', streamId }),
  ],
  'transfer-leg-initiated.json': ['events', progress('transfer-initiated', { occurredAt })],
  'transfer-leg-hangup.json': [
    'events',
    progress('transfer-failed', { occurredAt, hangupCause: 'user_busy', sipHangupCause: '486' }),
  ],
  'texml-webhook.params.json': ['texml', texml],
  'texml-status-answered.params.json': [
    'texml-status',
    progress('in-progress', { codec: 'PCMU', sequenceNumber: '2', timestamp: '2025-01-07T10:21:06Z' }),
  ],
  'texml-status-completed.params.json': [
    'texml-status',
    {
      kind: 'call-ended',
      callId,
      status: 'completed',
      details: {
        callDuration: '62',
        hangupCause: 'normal_clearing',
        hangupSource: 'caller',
        sequenceNumber: '3',
        timestamp: '2025-01-07T10:22:09Z',
      },
      reason: 'completed',
      endedAt: ended,
      durationMs: 62_000,
    },
  ],
  'stream-status-stream-started.params.json': [
    'stream-status',
    progress('stream-started', { streamSid: streamId, timestamp: '2025-01-07T10:21:07Z' }),
  ],
  'stream-status-stream-failed-unverified.params.json': [
    'stream-status',
    streamEnded('stream-failed', {
      streamSid: streamId,
      error: 'Connection timeout',
      timestamp: '2025-01-07T10:21:08Z',
    }),
  ],
  'after-stream-unverified.params.json': [
    'after-stream',
    streamEnded('connect-ended', { callStatus: 'in-progress' }, true),
  ],
  'after-stream-caller-gone-unverified.params.json': [
    'after-stream',
    streamEnded('connect-ended', { callStatus: 'completed' }),
  ],
};

const seeds = [1, 2, 3].map((n) => Buffer.alloc(32, n).toString('base64'));
const seedOf = new Map(seeds.map((seed) => [telnyxPublicKey(seed), seed]));
const [first = '', second = '', third = ''] = [...seedOf.keys()];

const withHeaders = (unsigned: WebhookRequest, headers: Record<string, string>): WebhookRequest => ({
  ...unsigned,
  headers: { ...unsigned.headers, ...headers },
});

/** Signs something else in place of `TIMESTAMP|BODY`. */
const forged =
  (data: (timestamp: string, body: string) => string) =>
  (unsigned: WebhookRequest, key: string, now: number): WebhookRequest => {
    const headers = signTelnyx(seedOf.get(key)!, unsigned.body, now);
    const bytes = Buffer.from(data(headers['telnyx-timestamp']!, unsigned.body));
    const made = signWith(null, bytes, privateKey(seedOf.get(key)!)).toString('base64');
    return withHeaders(unsigned, { ...headers, 'telnyx-signature-ed25519': made });
  };

/** The right signature, written in another way. */
const written =
  (how: (signature: string) => string) =>
  (unsigned: WebhookRequest, key: string, now: number): WebhookRequest => {
    const headers = signTelnyx(seedOf.get(key)!, unsigned.body, now);
    const signature = how(headers['telnyx-signature-ed25519']!);
    return withHeaders(unsigned, { ...headers, 'telnyx-signature-ed25519': signature });
  };

const unseen = {
  'another path': 'the URL is not signed',
  'another host': 'the URL is not signed',
  'a parameter more in the URL': 'the URL is not signed, so nothing of it is read',
};

const signature: SignatureSamples = {
  requests: [
    { name: 'JSON', request: request('call-initiated.json'), unseen },
    { name: 'a form', request: request('texml-webhook.params.json'), unseen },
  ],
  secrets: [first, second, third],
  sign: (unsigned, key, now) => withHeaders(unsigned, signTelnyx(seedOf.get(key)!, unsigned.body, now)),
  emptySecretSigns: false,
  forgeries: [
    { name: 'a signature without the time', forge: forged((_, body) => body) },
    {
      name: 'a signature over time and body without their separator',
      forge: forged((at, body) => at + body),
    },
    { name: 'a signature with a full stop for separator', forge: forged((at, body) => `${at}.${body}`) },
    { name: 'a signature over another time', forge: forged((at, body) => `${Number(at) + 1}|${body}`) },
    {
      name: 'a signature of the other key',
      forge: (unsigned, _, now) => signature.sign(unsigned, third, now),
    },
    {
      name: 'an HMAC with the public key',
      forge: (unsigned, key, now) => {
        const at = String(now / 1000);
        const mac = createHmac('sha512', key).update(`${at}|${unsigned.body}`).digest('base64');
        return withHeaders(unsigned, { 'telnyx-timestamp': at, 'telnyx-signature-ed25519': mac });
      },
    },
    { name: 'the signature without its padding', forge: written((base64) => base64.replaceAll('=', '')) },
    {
      name: 'the signature in hex',
      forge: written((base64) => Buffer.from(base64, 'base64').toString('hex')),
    },
    {
      // 64 bytes leave four bits of the last letter unused
      name: 'the signature in another spelling of the same bytes',
      forge: written((base64) =>
        base64.replace(/(.)==$/, (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}==`),
      ),
    },
    {
      name: 'a GET, of which nothing is signed',
      forge: (unsigned, key, now) => ({ ...signature.sign(unsigned, key, now), method: 'GET' }),
    },
  ],
  windowMs: 300_000,
};

const none = { contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' };
const streamUrl = 'wss://voice.example.com/ws/telnyx/us/TOKEN';
const parameters = { sessionId: 'ses_01' };

const webhookSamples: WebhookSamples = {
  account: { name: 'us', country: 'US' },
  deliveries: Object.entries(WEBHOOKS).map(([name, [operation, webhook]]) => ({
    name,
    operation,
    request: request(name),
    webhook,
  })),
  callIds: [
    {
      in: 'json',
      operation: 'events',
      name: 'call_control_id',
      request: (id) =>
        postJson(EVENTS, { data: { event_type: 'call.initiated', payload: { call_control_id: id } } }),
    },
    ...['texml', 'texml-status', 'stream-status', 'after-stream'].flatMap((operation) => [
      {
        in: 'parameters' as const,
        operation,
        name: 'CallSid',
        request: (given: string) => postWith(TEXML, `From=x&${given}`),
      },
      {
        in: 'parameters' as const,
        operation,
        name: 'CallSid',
        request: (given: string) => getWith(TEXML, `${given}&From=x`),
      },
    ]),
  ],
  answers: {
    events: { contentType: 'application/json', body: '{}' },
    texml: { contentType: 'text/xml', body: xml('texml-response.xml.txt') },
    'texml-status': none,
    'stream-status': none,
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
  commands: [
    { delivery: 'call-initiated.json', commands: [{ kind: 'answer', callId, streamUrl, parameters }] },
    {
      delivery: 'call-initiated-redelivery.json',
      commands: [{ kind: 'answer', callId, streamUrl, parameters }],
    },
    { delivery: 'streaming-failed.json', commands: [{ kind: 'hang-up', callId }] },
    { delivery: 'transfer-leg-hangup.json', commands: [{ kind: 'hang-up', callId }] },
  ],
  context: {
    streamUrl,
    streamStatusUrl: 'https://voice.example.com/webhooks/telnyx/us/stream-status',
    afterStreamUrl: 'https://voice.example.com/webhooks/telnyx/us/after-stream',
    parameters,
    next: 'none',
    transferTo: '+18005550199',
  },
  signature,
};

/** What each example message means. */
const MESSAGES: Readonly<Record<string, InboundMessage>> = {
  'ws-in-connected.json': { kind: 'connected' },
  'ws-in-start.json': {
    kind: 'start',
    start: {
      callId,
      streamId,
      from: '+14155550100',
      to: '+18005551212',
      parameters: { sessionId: 'ses_01' },
      format: { encoding: 'mulaw', sampleRate: 8000 },
    },
  },
  'ws-in-media.json': {
    kind: 'audio',
    payload: new Uint8Array(160).fill(0xff),
    // its `chunk`; its `sequence_number` is 4
    sequence: 2,
    timestampMs: 20,
  },
  'ws-in-dtmf.json': { kind: 'dtmf', digit: '1', durationMs: null },
  'ws-in-mark.json': { kind: 'mark', name: 'turn-3-end' },
  'ws-in-stop.json': { kind: 'stop', reason: null },
  'ws-in-error.json': { kind: 'ignored', event: 'error: invalid_media' },
};

const mediaSamples: MediaSamples = {
  inbound: Object.entries(MESSAGES).map(([name, message]) => ({ name, wire: file(name), message })),
  startWith: (id, custom_parameters) =>
    JSON.stringify({
      event: 'start',
      stream_id: streamId,
      start: { call_control_id: id, custom_parameters },
    }),
  callIdName: 'call_control_id',
  parameterValues: 'json',
  malformed: withoutBlock('start', 'media', 'dtmf', 'mark'),
  audioWith: (payload) => JSON.stringify({ event: 'media', media: { track: 'inbound', payload } }),
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
    messages: [{ format: { encoding: 'mulaw', sampleRate: 8000 }, bytes: 640 }],
    outbound: {
      multipleOf: 160,
      minimumBytes: 160,
      clearReturnsMarks: true,
      clearCutsMessage: false,
      inboundMs: 20,
    },
    stream: { ordered: false, closing: 'call-stays-up', urlFromAnswer: 'always' },
  },
  upgrade: null,
};

const action = (name: string, body: object) => ({
  method: 'POST' as const,
  path: `/v2/calls/${encodeURIComponent(callId)}/actions/${name}`,
  headers: {
    authorization: 'Bearer KEY0123456789ABCDEF_secret',
    'content-type': 'application/json',
    accept: 'application/json',
  },
  body: JSON.stringify({ ...body, command_id: COMMAND_KEY }),
});

const answer = {
  stream_url: streamUrl,
  stream_track: 'inbound_track',
  stream_codec: 'PCMU',
  stream_bidirectional_mode: 'rtp',
  stream_bidirectional_codec: 'PCMU',
  stream_bidirectional_target_legs: 'both',
};

const transfer = {
  to: '+18005550199',
  target_leg_client_state: Buffer.from(`greenroom-transfer:${callId}`).toString('base64'),
};

describeWebhookAdapter(telnyxWebhook, webhookSamples);
describeMediaAdapter(telnyxMedia, mediaSamples);
describeCallControlAdapter(telnyxCallControl, {
  credentials: { apiKey: 'KEY0123456789ABCDEF_secret', apiSecret: null },
  baseUrl: 'https://api.telnyx.com',
  requests: [
    {
      name: 'answer',
      command: { kind: 'answer', callId, streamUrl, parameters },
      request: action('answer', answer),
    },
    { name: 'hang-up', command: { kind: 'hang-up', callId }, request: action('hangup', {}) },
    {
      name: 'transfer',
      command: { kind: 'transfer', callId, to: '+18005550199' },
      request: action('transfer', transfer),
    },
  ],
  idempotencyKey: ({ body }) => (JSON.parse(body) as { command_id?: unknown }).command_id,
  outcomes: [
    { name: 'a call that has ended', status: 422, body: file('error-call-ended.json'), outcome: 'gone' },
    {
      name: 'one that is not answered',
      status: 422,
      body: file('error-not-answered.json'),
      outcome: 'retry',
    },
    { name: "another account's", status: 422, body: file('error-invalid-call.json'), outcome: 'refused' },
    {
      name: 'one that has been answered before',
      status: 422,
      body: '{"errors":[{"code":"1","title":"Call has already been answered"}]}',
      outcome: 'done',
    },
    { name: 'another number as code', status: 422, body: '{"errors":[{"code":90018}]}', outcome: 'gone' },
    {
      name: 'a code of another status',
      status: 404,
      body: file('error-call-ended.json'),
      outcome: 'refused',
    },
    { name: 'no such URL', status: 404, body: '{"errors":[{"code":"10005"}]}', outcome: 'refused' },
    { name: 'a time-out', status: 408, body: '{"errors":[{"code":"10008"}]}', outcome: 'retry' },
  ],
});

describe('the example messages of telnyx', () => {
  it('are all used', () => {
    const used = [
      ...Object.keys(WEBHOOKS),
      ...Object.keys(MESSAGES),
      ...mediaSamples.outbound.map(({ name }) => name),
      'answer-command.json',
      'texml-response.xml.txt',
      'after-stream-response.xml.txt',
      'after-stream-response-transfer.xml.txt',
      'error-call-ended.json',
      'error-not-answered.json',
      'error-invalid-call.json',
      'signature-vectors.json',
      'telnyx-body.json',
    ];
    expect(used.sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it('have an answer command like ours, but for what its own page does not name', () => {
    const example = json('answer-command.json') as Record<string, unknown>;
    const ours = { ...answer, command_id: COMMAND_KEY };
    expect(Object.keys(example).filter((name) => !Object.hasOwn(ours, name))).toEqual([
      'stream_auth_token',
      'custom_parameters',
      'client_state',
    ]);
    for (const name of ['stream_track', 'stream_bidirectional_mode', 'stream_bidirectional_codec'] as const) {
      expect(ours[name]).toBe(example[name]);
    }
  });
});
