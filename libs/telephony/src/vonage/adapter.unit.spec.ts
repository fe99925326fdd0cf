import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeCallControlAdapter,
  describeMediaAdapter,
  describeWebhookAdapter,
  getWith,
  postJson,
  requestFromText,
  upgradeOf,
  type MediaSamples,
  type SignatureSamples,
  type SignedSample,
  type WebhookSamples,
} from '../adapter.contract';
import type { ApiRequest, InboundMessage, Webhook, WebhookRequest } from '../port';
import { vonageCallControl } from './call-control';
import { signHs256 } from './jwt';
import { vonageMedia } from './media';
import type { NccoContext } from './ncco';
import { signVonage } from './signature';
import { vonageWebhook } from './webhook';

const FOLDER = join(__dirname, '../../fixtures/vonage');
const file = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const json = (name: string): unknown => JSON.parse(file(name));
const compact = (name: string): string => JSON.stringify(json(name));

const callId = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const legUuid = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ff';
const BASE = 'https://voice.example.com/webhooks/vonage/default';
const AFTER_STREAM = `${BASE}/after-stream?call_uuid=${callId}`;

const announced: Webhook = {
  kind: 'announcement',
  callId,
  announcement: {
    provider: 'vonage',
    account: 'default',
    callId,
    direction: 'inbound',
    from: '+447700900000',
    to: '+447700900001',
    customer: { phone: '+447700900000', fullName: null, language: null, attributes: {} },
    attributes: {
      endpointType: 'phone',
      conversationUuid: 'CON-aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    },
  },
};

const progress = (status: string): Webhook => ({
  kind: 'progress',
  callId,
  status,
  details: { direction: 'inbound', timestamp: '2025-01-07T10:21:06.123Z' },
});

const completed = (id: string, details: Record<string, string>, endedAt: string, ms: number): Webhook => ({
  ...{ kind: 'call-ended', callId: id, status: 'completed', reason: 'completed', details },
  ...{ endedAt: Date.parse(endedAt), durationMs: ms },
});

/** What each example webhook means, and to which URL it comes. */
const WEBHOOKS: Readonly<Record<string, [url: string, webhook: Webhook]>> = {
  'answer-webhook.txt': ['', announced],
  'answer-webhook-post.json': [`${BASE}/answer`, announced],
  'event-started.json': [`${BASE}/event`, progress('started')],
  'event-ringing.json': [`${BASE}/event`, progress('ringing')],
  'event-answered.json': [`${BASE}/event`, progress('answered')],
  'event-completed.json': [
    `${BASE}/event`,
    completed(
      callId,
      {
        direction: 'inbound',
        startTime: '2025-01-07T10:21:07.000Z',
        endTime: '2025-01-07T10:22:09.000Z',
        duration: '62',
        timestamp: '2025-01-07T10:21:06.123Z',
      },
      '2025-01-07T10:22:09.000Z',
      62_000,
    ),
  ],
  // of another leg, and so of a call that nobody has announced
  'event-transfer-leg-completed.json': [
    `${BASE}/event`,
    completed(
      'aaaaaaaa-bbbb-cccc-dddd-0123456789ee',
      {
        direction: 'outbound',
        startTime: '2025-01-07T10:22:03.000Z',
        endTime: '2025-01-07T10:23:09.000Z',
        duration: '66',
        timestamp: '2025-01-07T10:23:09.123Z',
      },
      '2025-01-07T10:23:09.000Z',
      66_000,
    ),
  ],
  'event-ws-answered.json': [
    AFTER_STREAM,
    {
      ...{ kind: 'progress', callId, status: 'stream-answered' },
      details: { legUuid, timestamp: '2025-01-07T10:21:07.000Z' },
    },
  ],
  'event-ws-disconnected.json': [
    AFTER_STREAM,
    {
      ...{ kind: 'stream-ended', callId, status: 'disconnected', asksNext: true },
      details: { legUuid, timestamp: '2025-01-07T10:22:00.000Z' },
    },
  ],
  'event-ws-unanswered.json': [
    AFTER_STREAM,
    {
      ...{ kind: 'stream-ended', callId, status: 'unanswered', asksNext: true },
      details: { legUuid, timestamp: '2025-01-07T10:21:08.000Z' },
    },
  ],
};

const requestOf = (name: string, url: string): WebhookRequest =>
  name.endsWith('.txt') ? requestFromText(file(name)) : { ...postJson(url, null), body: file(name) };

const operationOf = (url: string): string => /\/([a-z-]+)(\?|$)/.exec(url)?.[1] ?? 'answer';

const UNSIGNED = 'only the body is';
const unseenUrl: SignedSample['unseen'] = {
  'another path': UNSIGNED,
  'another host': UNSIGNED,
  'a parameter more in the URL': UNSIGNED,
};

const withToken = (request: WebhookRequest, authorization: string): WebhookRequest => ({
  ...request,
  headers: { ...request.headers, authorization },
});

const claims = (now: number) => ({ iat: now / 1000, jti: 'x', iss: 'Vonage' });
const base64 = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Another header over the right claims, signed by the right secret or not at all. */
const withHeader = (header: object, how: 'signed' | 'unsigned') => ({
  name: `${JSON.stringify(header)}, ${how}`,
  forge: (request: WebhookRequest, secret: string, now: number) => {
    const token = signVonage(secret, request.body, { now, id: 'x' }).split('.');
    return withToken(request, `Bearer ${base64(header)}.${token[1]}.${how === 'signed' ? token[2] : ''}`);
  },
});

const withClaims = (name: string, change: (now: number) => object) => ({
  name,
  forge: (request: WebhookRequest, secret: string, now: number) =>
    withToken(request, `Bearer ${signHs256(secret, { ...claims(now), ...change(now) })}`),
});

const signature: SignatureSamples = {
  requests: [
    {
      name: 'query',
      request: getWith(`${BASE}/answer`, { uuid: callId, from: '447700900000', to: '447700900001' }),
      unseen: {
        ...unseenUrl,
        'another value of a parameter': UNSIGNED,
        'a parameter more': UNSIGNED,
        'a parameter less': UNSIGNED,
      },
    },
    {
      name: 'JSON',
      request: requestOf('event-completed.json', `${BASE}/event`),
      unseen: unseenUrl,
    },
  ],
  secrets: ['qwertyuiopasdfghjklzxcvbnm123456', 'the-second-signature-secret', 'a-third-signature-secret'],
  sign: (request, secret, now) => withToken(request, signVonage(secret, request.body, { now, id: 'x' })),
  emptySecretSigns: true,
  forgeries: [
    ...['none', 'None', 'RS256', 'HS384', 'HS512', 'hs256', '', null].flatMap((alg) => [
      withHeader({ alg, typ: 'JWT' }, 'signed'),
      withHeader({ alg, typ: 'JWT' }, 'unsigned'),
    ]),
    withHeader({ typ: 'JWT' }, 'signed'),
    withHeader({ alg: 'HS256', typ: 'JWT' }, 'unsigned'),
    withClaims('no iat', () => ({ iat: undefined })),
    withClaims('an iat of text', (now) => ({ iat: String(now / 1000) })),
    withClaims('an iat of ms', (now) => ({ iat: now })),
    withClaims('an exp that has passed', (now) => ({ exp: now / 1000 - 61 })),
    withClaims('an exp of text', (now) => ({ exp: String(now / 1000 + 100) })),
    withClaims('an nbf to come', (now) => ({ nbf: now / 1000 + 61 })),
    withClaims('an nbf of null', () => ({ nbf: null })),
    {
      name: 'another scheme',
      forge: (request, secret, now) =>
        withToken(request, signVonage(secret, request.body, { now, id: 'x' }).replace('Bearer', 'Basic')),
    },
  ],
  windowMs: 300_000,
};

const context: NccoContext = {
  callId,
  ownNumber: '+447700900001',
  streamUrl: 'wss://voice.example.com/ws/vonage/default/TOKEN',
  streamStatusUrl: `${BASE}/stream-status`,
  afterStreamUrl: `${BASE}/after-stream`,
  parameters: { session_id: 'ses_01', token: 'CAPABILITY' },
  next: 'none',
  transferTo: '+447700900199',
};

const nothing = { contentType: 'text/plain', body: '' };

const webhookSamples: WebhookSamples = {
  account: { name: 'default', country: 'GB' },
  deliveries: Object.entries(WEBHOOKS).map(([name, [url, webhook]]) => ({
    name,
    operation: operationOf(url),
    request: requestOf(name, url),
    webhook,
  })),
  callIds: [
    {
      in: 'parameters',
      operation: 'answer',
      name: 'uuid',
      request: (parameters) => getWith(`${BASE}/answer`, `${parameters}&from=447700900000`),
    },
    {
      in: 'json',
      operation: 'answer',
      name: 'uuid',
      request: (uuid) => postJson(`${BASE}/answer`, { uuid, from: '447700900000' }),
    },
    {
      in: 'json',
      operation: 'event',
      name: 'uuid',
      request: (uuid) => postJson(`${BASE}/event`, { uuid, status: 'completed' }),
    },
    {
      in: 'json',
      operation: 'event',
      name: 'call_uuid',
      request: (id) =>
        postJson(`${BASE}/event`, {
          uuid: legUuid,
          to: 'wss://voice.example.com',
          headers: { call_uuid: id ?? null },
        }),
    },
    {
      in: 'parameters',
      operation: 'after-stream',
      name: 'call_uuid',
      request: (parameters) =>
        postJson(`${BASE}/after-stream?${parameters}`, { uuid: legUuid, status: 'disconnected' }),
    },
    {
      in: 'json',
      operation: 'after-stream',
      name: 'call_uuid',
      request: (id) => postJson(`${BASE}/after-stream`, { uuid: legUuid, headers: { call_uuid: id } }),
    },
  ],
  answers: {
    answer: { contentType: 'application/json', body: compact('answer-response-ncco.json') },
    event: nothing,
    'after-stream': nothing,
  },
  transfers: {
    'after-stream': {
      status: 200,
      contentType: 'application/json',
      body: compact('after-stream-response-transfer-ncco.json'),
    },
  },
  transfersTo: 'number',
  commands: null,
  context,
  signature,
};

/** What each example message means. */
const MESSAGES: Readonly<Record<string, InboundMessage>> = {
  'ws-in-connected.json': {
    kind: 'start',
    start: {
      callId,
      streamId: '',
      from: null,
      to: null,
      parameters: { session_id: 'ses_01', token: 'CAPABILITY' },
      format: { encoding: 'pcm_s16le', sampleRate: 16_000 },
    },
  },
  'ws-in-dtmf.json': { kind: 'dtmf', digit: '5', durationMs: 260 },
  'ws-in-notify.json': { kind: 'mark', name: 'turn-3-end' },
  'ws-in-cleared.json': { kind: 'ignored', event: 'websocket:cleared' },
};

const frames = (json('ws-binary-frames.json') as { frames: { 'content-type': string; bytes: number }[] })
  .frames;
const rateOf = (frame: (typeof frames)[number]): number => Number(frame['content-type'].split('rate=')[1]);

const connected = (more: object): string =>
  JSON.stringify({ event: 'websocket:connected', 'content-type': 'audio/l16;rate=8000', ...more });

const withPayload = (payload: unknown): string => JSON.stringify({ event: 'websocket:notify', payload });

const mediaSamples: MediaSamples = {
  inbound: [
    ...Object.entries(MESSAGES).map(([name, message]) => ({ name, wire: file(name), message })),
    ...frames.map(({ bytes }) => ({
      name: `a frame of ${bytes} bytes`,
      wire: new Uint8Array(bytes),
      message: { kind: 'audio', payload: new Uint8Array(bytes), sequence: null, timestampMs: null } as const,
    })),
  ],
  startWith: (id, parameters) => connected({ call_uuid: id, ...parameters }),
  callIdName: 'call_uuid',
  parameterValues: 'json',
  malformed: [
    ...[undefined, null, 1, 'x', [], {}, { name: '' }, { name: 1 }].map((payload) => ({
      name: `notify with ${JSON.stringify(payload) ?? 'nothing'}`,
      wire: withPayload(payload),
      reason: 'mark: ',
    })),
    ...[undefined, null, '', 'x', '12', [], {}].map((digit) => ({
      name: `dtmf with ${JSON.stringify(digit) ?? 'nothing'}`,
      wire: JSON.stringify({ event: 'websocket:dtmf', digit }),
      reason: 'dtmf: ',
    })),
    ...[
      undefined,
      null,
      8000,
      'audio/l16',
      'audio/l16;rate=44100',
      'audio/pcmu;rate=8000',
      'audio/l16;rate=80000',
    ].map((type) => ({
      name: `connected with ${JSON.stringify(type) ?? 'no format'}`,
      wire: connected({ call_uuid: callId, 'content-type': type }),
      reason: 'start: content-type: ',
    })),
    { name: 'no audio', wire: new Uint8Array(0), reason: 'media: ' },
    { name: 'half a sample', wire: new Uint8Array(319), reason: 'media: ' },
  ],
  audioWith: null,
  outbound: [
    {
      name: 'a frame',
      encode: (codec) => codec.encodeAudio(new Uint8Array(320).fill(7)),
      message: new Uint8Array(320).fill(7),
    },
    {
      name: 'less than a frame',
      encode: (codec) => codec.encodeAudio(new Uint8Array(2).fill(7)),
      message: new Uint8Array(320).fill(7, 0, 2),
    },
    {
      name: 'ws-out-notify.json',
      encode: (codec) => codec.encodeMark('turn-3-end'),
      message: json('ws-out-notify.json'),
    },
    { name: 'ws-out-clear.json', encode: (codec) => codec.encodeClear(), message: json('ws-out-clear.json') },
  ],
  capabilities: {
    messages: frames.map((frame) => ({
      format: { encoding: 'pcm_s16le', sampleRate: rateOf(frame) },
      bytes: frame.bytes,
    })),
    outbound: {
      multipleOf: 320,
      minimumBytes: 320,
      clearReturnsMarks: false,
      clearCutsMessage: true,
      inboundMs: 20,
    },
    stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'always' },
  },
  upgrade: {
    ...signature,
    requests: [
      {
        name: 'upgrade',
        request: upgradeOf('wss://voice.example.com/ws/vonage/default/TOKEN'),
        unseen: unseenUrl,
      },
    ],
  },
};

describeWebhookAdapter(vonageWebhook, webhookSamples);
describeMediaAdapter(vonageMedia, mediaSamples);

const claimsOf = ({ headers }: ApiRequest): Record<string, unknown> => {
  const [, payload = ''] = (headers.authorization ?? '').split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
};

describeCallControlAdapter(vonageCallControl, {
  credentials: {
    apiKey: '78d335fa-323d-0114-9c3d-d6f0d48968cf',
    apiSecret: generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey,
  },
  baseUrl: 'https://api.nexmo.com',
  requests: [
    {
      name: 'hang up',
      command: { kind: 'hang-up', callId },
      request: {
        method: 'PUT',
        path: `/v1/calls/${callId}`,
        headers: {
          authorization: expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/) as string,
          'content-type': 'application/json',
        },
        body: '{"action":"hangup"}',
      },
    },
  ],
  idempotencyKey: (request) => claimsOf(request).jti,
  outcomes: [{ name: 'no such call', status: 404, body: '{"title":"Not Found"}', outcome: 'gone' }],
});

describe('the example messages of vonage', () => {
  it('are all used', () => {
    const used = [
      ...Object.keys(WEBHOOKS),
      ...Object.keys(MESSAGES),
      ...mediaSamples.outbound.map(({ name }) => name).filter((name) => name.endsWith('.json')),
      'signature-vectors.json',
      'ws-binary-frames.json',
      'answer-response-ncco.json',
      'after-stream-response-transfer-ncco.json',
    ];
    expect(used.sort()).toEqual(readdirSync(FOLDER).sort());
  });
});
