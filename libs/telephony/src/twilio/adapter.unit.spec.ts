import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeCallControlAdapter,
  describeMediaAdapter,
  describeWebhookAdapter,
  getWith,
  postJson,
  postWith,
  requestFromText,
  upgradeOf,
  withoutBlock,
  type MediaSamples,
  type SignatureSamples,
  type WebhookSamples,
} from '../adapter.contract';
import type { InboundMessage, Webhook, WebhookRequest } from '../port';
import { twilioCallControl } from './call-control';
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
      reason: 'completed',
      endedAt: Date.parse('2025-01-07T10:22:09Z'),
      durationMs: 63_000,
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

const URL = 'https://voice.example.com/webhooks/twilio/us/voice';
const PARAMETERS = { CallSid: callId, From: '+14155550100', To: '+18005551212', CallStatus: 'ringing' };

/** What Twilio signs of a request: the URL, and the parameters of a form. */
function signedData({ method, url, headers, body }: WebhookRequest): string {
  if (method === 'GET' || headers['content-type'] === 'application/json') return url;
  const pairs = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1));
  return url + pairs.flat().join('');
}

const withSignature = (request: WebhookRequest, signature: string): WebhookRequest => ({
  ...request,
  headers: { ...request.headers, 'x-twilio-signature': signature },
});

/** A JSON body is signed by its hash in the URL. */
function withHash(request: WebhookRequest): WebhookRequest {
  if (request.headers['content-type'] !== 'application/json') return request;
  const hash = createHash('sha256').update(request.body).digest('hex');
  return { ...request, url: `${request.url}?bodySHA256=${hash}` };
}

const forged = (algorithm: string, encoding: 'base64' | 'hex', prefix = '') => {
  return (request: WebhookRequest, secret: string) => {
    const signed = createHmac(algorithm, secret).update(signedData(withHash(request)));
    return withSignature(withHash(request), prefix + signed.digest(encoding));
  };
};

const signature: Omit<SignatureSamples, 'requests'> = {
  secrets: ['12345', '67890', 'another-auth-token'],
  sign: forged('sha1', 'base64'),
  emptySecretSigns: true,
  forgeries: [
    { name: 'HMAC-SHA256', forge: forged('sha256', 'base64') },
    { name: 'the signature in hex', forge: forged('sha1', 'hex') },
    { name: 'a prefix', forge: forged('sha1', 'base64', 'sha1=') },
    {
      name: 'a plain hash of token and data',
      forge: (request, secret) =>
        withSignature(
          request,
          createHash('sha1')
            .update(secret + signedData(request))
            .digest('base64'),
        ),
    },
  ],
  windowMs: null,
};

const operations = ['voice', 'status', 'stream-status', 'after-stream'];

const webhookSamples: WebhookSamples = {
  account: { name: 'us', country: 'US' },
  deliveries: Object.entries(WEBHOOKS).map(([name, [operation, webhook]]) => ({
    name,
    operation,
    request: request(name),
    webhook,
  })),
  callIds: operations.flatMap((operation) => [
    { in: 'parameters', operation, name: 'CallSid', request: (given) => getWith(URL, `${given}&From=x`) },
    { in: 'parameters', operation, name: 'CallSid', request: (given) => postWith(URL, `From=x&${given}`) },
    { in: 'json', operation, name: 'CallSid', request: (id) => postJson(URL, { From: 'x', CallSid: id }) },
  ]),
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
  commands: null,
  context: {
    streamUrl: 'wss://voice.example.com/media/twilio',
    streamStatusUrl: 'https://voice.example.com/webhooks/twilio/stream-status',
    afterStreamUrl: 'https://voice.example.com/webhooks/twilio/after-stream',
    parameters: { sessionId: 'ses_01', token: 'CAPABILITY' },
    next: 'none',
    transferTo: '+18005550199',
  },
  signature: {
    ...signature,
    requests: [
      { name: 'a form', request: postWith(URL, PARAMETERS) },
      { name: 'a form, and a query of ours', request: postWith(`${URL}?tenant=us`, PARAMETERS) },
      { name: 'a query', request: getWith(URL, PARAMETERS) },
      { name: 'JSON', request: postJson(URL, PARAMETERS) },
      {
        name: 'the example',
        request: requestFromText(file('voice-webhook.txt')),
        unseen: { 'a byte less in the body': 'it ends with ToZip=, which says as much without its =' },
      },
    ],
  },
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
  inbound: Object.entries(MESSAGES).map(([name, message]) => ({ name, wire: file(name), message })),
  startWith: (id, customParameters) =>
    JSON.stringify({ event: 'start', start: { streamSid, callSid: id, customParameters } }),
  callIdName: 'callSid',
  parameterValues: 'json',
  malformed: withoutBlock('start', 'media', 'dtmf', 'mark'),
  audioWith: (payload) => JSON.stringify({ event: 'media', media: { payload } }),
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
      multipleOf: 1,
      minimumBytes: 1,
      clearReturnsMarks: true,
      clearCutsMessage: true,
      inboundMs: 20,
    },
    stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'always' },
  },
  upgrade: {
    ...signature,
    requests: [
      { name: 'an upgrade', request: upgradeOf('wss://voice.example.com/media/us') },
      { name: 'an upgrade of one call', request: upgradeOf('wss://voice.example.com/media/us/token.x-y_z') },
    ],
    forgeries: [
      ...signature.forgeries,
      {
        name: 'a signature over the https URL',
        forge: (request, secret) =>
          withSignature(request, signTwilio(secret, request.url.replace('wss:', 'https:'))),
      },
    ],
  },
};

describeWebhookAdapter(twilioWebhook, webhookSamples);
describeMediaAdapter(twilioMedia, mediaSamples);
describeCallControlAdapter(twilioCallControl, {
  credentials: {
    apiKey: 'AC00000000000000000000000000000001',
    apiSecret: '0123456789abcdef0123456789abcdef',
  },
  baseUrl: 'https://api.twilio.com',
  requests: [
    {
      name: 'hang-up',
      command: { kind: 'hang-up', callId },
      request: {
        method: 'POST',
        path: `/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls/${callId}.json`,
        headers: {
          authorization:
            'Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==',
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: 'Status=completed',
      },
    },
  ],
  idempotencyKey: null,
  outcomes: [
    { name: 'no such call', status: 404, body: '{"code":20404,"status":404}', outcome: 'gone' },
    { name: 'a call that is not in progress', status: 400, body: '{"code":21220}', outcome: 'gone' },
    { name: 'another bad request', status: 400, body: '{"code":21201}', outcome: 'refused' },
    { name: 'a code of another status', status: 404, body: '{"code":21220}', outcome: 'refused' },
    { name: 'nothing that Twilio says', status: 404, body: '<html></html>', outcome: 'refused' },
    { name: 'another account', status: 401, body: '{"code":20003}', outcome: 'refused' },
    { name: 'too many requests', status: 429, body: '{"code":20429}', outcome: 'retry' },
  ],
});

describe('the example messages of twilio', () => {
  it('are all used', () => {
    const used = [
      ...Object.keys(WEBHOOKS),
      ...Object.keys(MESSAGES),
      ...mediaSamples.outbound.map(({ name }) => name),
      'voice-response.xml.txt',
      'after-stream-response.xml.txt',
      'after-stream-response-transfer.xml.txt',
      'signature-vectors.json',
    ];
    expect(used.sort()).toEqual(readdirSync(FOLDER).sort());
  });
});
