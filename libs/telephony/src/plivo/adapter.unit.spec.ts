import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeCallControlAdapter,
  describeMediaAdapter,
  describeWebhookAdapter,
  getWith,
  postWith,
  requestFromText,
  upgradeOf,
  withoutBlock,
  type CallControlSamples,
  type MediaSamples,
  type SignatureSamples,
  type WebhookSamples,
} from '../adapter.contract';
import { parseParameters } from '../parameters';
import type { InboundMessage, Webhook, WebhookRequest } from '../port';
import { plivoCallControl } from './call-control';
import { plivoMedia } from './media';
import { signPlivo } from './signature';
import { plivoWebhook } from './webhook';

const FOLDER = join(__dirname, '../../fixtures/plivo');
const file = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const json = (name: string): unknown => JSON.parse(file(name));
const xml = (name: string): string => file(name).replace(/>\s+/g, '>').trim();
const URL = 'https://voice.example.com/webhooks/plivo/main';
const request = (name: string): WebhookRequest =>
  name.endsWith('.txt') ? requestFromText(file(name)) : postWith(URL, json(name) as Record<string, string>);

const callId = '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36';
const streamId = 'b77e037d-4119-44b5-902d-25826b654539';

const announced = (direction: 'inbound' | 'outbound', from: string, to: string): Webhook => ({
  kind: 'announcement',
  callId,
  announcement: {
    provider: 'plivo',
    account: 'main',
    callId,
    direction,
    from,
    to,
    customer: {
      phone: direction === 'inbound' ? from : to,
      fullName: null,
      language: null,
      attributes: {},
    },
    attributes: {},
  },
});
const inbound = announced('inbound', '+14155550100', '+18005551212');

const ended = (more: Partial<Webhook & { kind: 'call-ended' }>): Webhook => ({
  kind: 'call-ended',
  callId,
  status: 'completed',
  reason: 'completed',
  endedAt: Date.UTC(2025, 0, 7, 10, 22, 9),
  durationMs: 63_000,
  ...more,
  details: {
    hangupCause: 'NORMAL_CLEARING',
    hangupCauseCode: '4000',
    hangupCauseName: 'Normal Hangup',
    hangupSource: 'Caller',
    duration: '63',
    answerTime: '2025-01-07 10:21:08',
    endTime: '2025-01-07 10:22:09',
    ...more.details,
  },
});

const streamStatus = (status: string, timestamp: string, more: Record<string, string> = {}) => ({
  callId,
  status,
  details: { streamId, timestamp: `2025-01-07 ${timestamp}`, ...more },
});

const redirected = (callStatus: string, asksNext: boolean): Webhook => ({
  kind: 'stream-ended',
  callId,
  status: 'redirected',
  details: { callStatus },
  asksNext,
});

/** What each example webhook means, and to which operation it comes. */
const WEBHOOKS: Readonly<Record<string, [operation: string, webhook: Webhook]>> = {
  'answer-webhook.txt': ['answer', inbound],
  'answer-webhook-get.txt': ['answer', inbound],
  'answer-webhook.params.json': ['answer', inbound],
  'answer-webhook-outbound.params.json': ['answer', announced('outbound', '+18005551212', '+919000000001')],
  'hangup-webhook.params.json': ['hangup', ended({})],
  'hangup-webhook-zone.params.json': [
    'hangup',
    ended({
      endedAt: Date.UTC(2025, 0, 7, 10, 22, 23),
      durationMs: 66_000,
      details: {
        hangupSource: 'Callee',
        duration: '66',
        answerTime: '2025-01-07 15:51:18',
        endTime: '2025-01-07 15:52:23',
      },
    }),
  ],
  'hangup-webhook-no-answer.params.json': [
    'hangup',
    {
      kind: 'call-ended',
      callId,
      status: 'timeout',
      reason: 'no-answer',
      endedAt: Date.UTC(2025, 0, 7, 10, 23, 6),
      durationMs: 0,
      details: {
        hangupCause: 'NO_ANSWER',
        hangupCauseCode: '6010',
        hangupCauseName: 'Ring Timeout Reached',
        hangupSource: 'Plivo',
        duration: '0',
        endTime: '2025-01-07 10:23:06',
      },
    },
  ],
  'stream-status.params.json': [
    'stream-status',
    { kind: 'progress', ...streamStatus('started', '10:21:08') },
  ],
  'stream-status-degraded.params.json': [
    'stream-status',
    { kind: 'progress', ...streamStatus('DegradedStream', '10:21:30') },
  ],
  'stream-status-stopped.params.json': [
    'stream-status',
    {
      kind: 'stream-ended',
      asksNext: false,
      ...streamStatus('stopped', '10:22:09', { reason: 'Call hangup', duration: '61' }),
    },
  ],
  'stream-status-dropped.params.json': [
    'stream-status',
    { kind: 'stream-ended', asksNext: false, ...streamStatus('DroppedStream', '10:21:40') },
  ],
  'after-stream.params.json': ['after-stream', redirected('in-progress', true)],
  'after-stream-caller-gone.params.json': ['after-stream', redirected('completed', false)],
};

const NONCE = '31627761595286130198';

/** Plivo sets both headers; one of them is enough. */
const signedIn =
  (header: string) =>
  (unsigned: WebhookRequest, secret: string): WebhookRequest => {
    const { method, url, body } = unsigned;
    const signature = signPlivo(
      secret,
      { method, url, parameters: Object.fromEntries(parseParameters(body)) },
      NONCE,
    );
    const headers = { ...unsigned.headers, [header]: signature, 'x-plivo-signature-v3-nonce': NONCE };
    return { ...unsigned, headers };
  };
const sign = signedIn('x-plivo-signature-v3');

const renamed =
  (from: string, to: string): SignatureSamples['forgeries'][number]['forge'] =>
  (unsigned, secret) => {
    const { headers, ...rest } = sign(unsigned, secret);
    return { ...rest, headers: { ...headers, [from]: undefined, [to]: headers[from] } };
  };

const withNonce =
  (nonce: string): SignatureSamples['forgeries'][number]['forge'] =>
  (unsigned, secret) => {
    const { headers, ...rest } = sign(unsigned, secret);
    return { ...rest, headers: { ...headers, 'x-plivo-signature-v3-nonce': nonce } };
  };

const signature: SignatureSamples = {
  requests: [
    { name: 'a form', request: request('hangup-webhook.params.json') },
    { name: 'a form, and a query', request: postWith(`${URL}/answer?b=2&a=1`, { CallUUID: callId }) },
    { name: 'a query', request: getWith(`${URL}/answer`, { CallUUID: callId, From: '14155550100' }) },
  ],
  secrets: [
    'MAIN_AUTH_TOKEN_0000000000000000',
    'NEXT_AUTH_TOKEN_0000000000000000',
    'OTHERS_TOKEN_00000000000000000',
  ],
  sign,
  emptySecretSigns: true,
  windowMs: null,
  forgeries: [
    {
      name: 'the signature under the name of V2',
      forge: renamed('x-plivo-signature-v3', 'x-plivo-signature-v2'),
    },
    {
      name: 'the nonce under the name of V2',
      forge: renamed('x-plivo-signature-v3-nonce', 'x-plivo-signature-v2-nonce'),
    },
    { name: 'another nonce', forge: withNonce('31627761595286130199') },
    { name: 'a nonce with a dot', forge: withNonce(`0.${NONCE}`) },
    {
      name: 'good and bad in one list',
      forge: (unsigned, secret) => {
        const { headers, ...rest } = sign(unsigned, secret);
        const list = [String(headers['x-plivo-signature-v3']), 'x'];
        return { ...rest, headers: { ...headers, 'x-plivo-signature-v3': list } };
      },
    },
  ],
};

const empty = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const webhookSamples: WebhookSamples = {
  account: { name: 'main', country: 'US' },
  deliveries: Object.entries(WEBHOOKS).map(([name, [operation, webhook]]) => ({
    name,
    operation,
    request: request(name),
    webhook,
  })),
  callIds: Object.keys(plivoWebhook.operations).flatMap((operation) =>
    [postWith, getWith].map((make) => ({
      in: 'parameters' as const,
      operation,
      name: 'CallUUID',
      request: (parameters: string) => make(`${URL}/${operation}`, `${parameters}&From=14155550100`),
    })),
  ),
  answers: {
    answer: { contentType: 'text/xml', body: xml('answer-response.xml.txt') },
    hangup: { contentType: 'text/xml', body: empty },
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
  commands: null,
  context: {
    streamUrl: 'wss://voice.example.com/media/plivo',
    streamStatusUrl: 'https://voice.example.com/webhooks/plivo/stream-status',
    afterStreamUrl: 'https://voice.example.com/webhooks/plivo/after-stream',
    parameters: { sessionId: 'ses01' },
    next: 'none',
    transferTo: '+18005550199',
  },
  signature,
};

const start = (more: Partial<(InboundMessage & { kind: 'start' })['start']> = {}): InboundMessage => ({
  kind: 'start',
  start: {
    callId,
    streamId,
    from: null,
    to: null,
    parameters: {},
    format: { encoding: 'mulaw', sampleRate: 8000 },
    ...more,
  },
});

/** What each example message means. */
const MESSAGES: Readonly<Record<string, InboundMessage>> = {
  'ws-in-start.json': start(),
  'ws-in-start-l16.json': start({
    parameters: { sessionId: 'ses01', tenant: 'north' },
    format: { encoding: 'pcm_s16le', sampleRate: 16000 },
  }),
  'ws-in-media.json': {
    kind: 'audio',
    payload: new Uint8Array(160).fill(0xff),
    sequence: 2,
    timestampMs: 0,
  },
  'ws-in-dtmf.json': { kind: 'dtmf', digit: '1', durationMs: null },
  'ws-in-playedStream.json': { kind: 'mark', name: 'turn-3-end' },
  'ws-in-clearedAudio.json': { kind: 'ignored', event: 'clearedAudio' },
};

const mediaSamples: MediaSamples = {
  inbound: Object.entries(MESSAGES).map(([name, message]) => ({ name, wire: file(name), message })),
  startWith: (id, parameters = {}) =>
    JSON.stringify({
      event: 'start',
      start: { callId: id, streamId },
      extra_headers: Object.entries(parameters)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(','),
    }),
  callIdName: 'callId',
  parameterValues: 'text',
  malformed: [
    ...withoutBlock('start', 'media', 'dtmf'),
    ...[undefined, null, 1, '', [], {}].map((name) => ({
      name: `playedStream with the name ${JSON.stringify(name) ?? 'missing'}`,
      wire: JSON.stringify({ event: 'playedStream', streamId, name }),
      reason: 'mark: ',
    })),
  ],
  audioWith: (payload) => JSON.stringify({ event: 'media', media: { payload } }),
  outbound: [
    {
      name: 'ws-out-playAudio.json',
      encode: (codec) => codec.encodeAudio(new Uint8Array(160).fill(0xff)),
      message: json('ws-out-playAudio.json'),
    },
    {
      name: 'ws-out-checkpoint.json',
      encode: (codec) => codec.encodeMark('turn-3-end'),
      message: json('ws-out-checkpoint.json'),
    },
    {
      name: 'ws-out-clearAudio.json',
      encode: (codec) => codec.encodeClear(),
      message: json('ws-out-clearAudio.json'),
    },
  ],
  capabilities: {
    messages: [
      { format: { encoding: 'mulaw', sampleRate: 8000 }, bytes: 640 },
      { format: { encoding: 'pcm_s16le', sampleRate: 8000 }, bytes: 1280 },
      { format: { encoding: 'pcm_s16le', sampleRate: 16000 }, bytes: 2560 },
    ],
    outbound: {
      multipleOf: 2,
      minimumBytes: 2,
      clearReturnsMarks: false,
      clearCutsMessage: false,
      inboundMs: 20,
    },
    stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'always' },
  },
  upgrade: {
    ...signature,
    requests: [
      { name: 'an upgrade', request: upgradeOf('wss://voice.example.com/ws/plivo/main/TOKEN') },
      {
        name: 'an upgrade with a query',
        request: upgradeOf('wss://voice.example.com:8443/ws/plivo/main?a=1'),
      },
    ],
  },
};

const callControlSamples: CallControlSamples = {
  credentials: { apiKey: 'MA00000000000000000X', apiSecret: 'AUTH_TOKEN' },
  baseUrl: 'https://api.plivo.com',
  requests: [
    {
      name: 'hang-up',
      command: { kind: 'hang-up', callId },
      request: {
        method: 'DELETE',
        path: `/v1/Account/MA00000000000000000X/Call/${callId}/`,
        headers: { authorization: 'Basic TUEwMDAwMDAwMDAwMDAwMDAwMFg6QVVUSF9UT0tFTg==' },
        body: '',
      },
    },
  ],
  idempotencyKey: null,
  outcomes: [
    { name: 'no such call', status: 404, body: '{"api_id":"x","error":"call not found"}', outcome: 'gone' },
    { name: 'another request is slow', status: 408, body: '', outcome: 'retry' },
  ],
};

describeWebhookAdapter(plivoWebhook, webhookSamples);
describeMediaAdapter(plivoMedia, mediaSamples);
describeCallControlAdapter(plivoCallControl, callControlSamples);

describe('the other signature of plivo', () => {
  const [secret] = signature.secrets;
  const unsigned = request('answer-webhook.txt');
  const byMain = signedIn('x-plivo-signature-ma-v3')(unsigned, secret);

  it('is that of the main account, and is enough', () => {
    expect(plivoWebhook.verify(byMain, [secret], 0)).toBe(true);
    const headers = { ...byMain.headers, 'x-plivo-signature-v3': 'of-a-subaccount' };
    expect(plivoWebhook.verify({ ...byMain, headers }, [secret], 0)).toBe(true);
    expect(plivoWebhook.verify({ ...byMain, body: `${byMain.body}&x=1` }, [secret], 0)).toBe(false);
  });

  it('does not help where the first one came twice', () => {
    const headers = { ...byMain.headers, 'x-plivo-signature-v3': ['a', 'b'] };
    expect(plivoWebhook.verify({ ...byMain, headers }, [secret], 0)).toBe(false);
  });
});

describe('the example messages of plivo', () => {
  it('are all used', () => {
    const used = [
      ...Object.keys(WEBHOOKS),
      ...Object.keys(MESSAGES),
      ...mediaSamples.outbound.map(({ name }) => name),
      'answer-response.xml.txt',
      'after-stream-response.xml.txt',
      'after-stream-response-transfer.xml.txt',
      // signature.unit.spec.ts
      'signature-vectors.json',
    ];
    expect(used.sort()).toEqual(readdirSync(FOLDER).sort());
  });
});
