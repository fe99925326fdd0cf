import type { ProviderCall, Quirks, WireMessage } from '../provider-side';
import { plivo } from './plivo';
import { plivoSignature } from './signature';
import { readStreamXml, redirectUrl } from './xml';

// the shapes below are Plivo's (plivo.com docs: request, XML Stream; plivo-stream-sdk-node `src/types.ts`); ids are invented
const call: ProviderCall = {
  callId: '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36',
  streamId: 'b77e037d-4119-44b5-902d-25826b654539',
  account: 'main',
  credentials: { authToken: 'Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4' },
  from: '14155550100',
  to: '18005551212',
  startedAt: new Date('2025-01-07T10:21:06.123Z'),
  publicBaseUrl: 'https://voice.example.com/base',
  publicMediaUrl: 'wss://voice.example.com',
};
const place = { url: 'wss://voice.example.com/media/plivo', parameters: {}, statusUrl: null };
const ended = {
  place,
  endedAt: new Date('2025-01-07T10:22:09Z'),
  streamSeconds: 63,
  hungUpBy: 'caller' as const,
};
const audio = plivo.lineAudio(8000);

const stream = (more: Partial<Quirks> = {}, of = call) =>
  plivo.messages(of, place, { stringNumbers: false, mediaFormat: 'raw', audio, ...more });
const parsed = (message: WireMessage | null | undefined): unknown => JSON.parse(message as string);
const formOf = (body: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body));

describe('Plivo’s stream', () => {
  it('begins with start, and tells audio, keys, played checkpoints and clears', () => {
    const messages = stream();
    const { streamId } = call;
    expect(messages.opening().map(parsed)).toEqual([
      {
        sequenceNumber: 0,
        event: 'start',
        start: {
          callId: call.callId,
          streamId,
          accountId: '100000',
          tracks: ['inbound'],
          mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000 },
        },
        extra_headers: '{}',
      },
    ]);
    messages.media(new Uint8Array(160));
    expect(parsed(messages.media(new Uint8Array(160).fill(0xff)))).toEqual({
      sequenceNumber: 2,
      streamId,
      event: 'media',
      media: { track: 'inbound', timestamp: '1736245266143', chunk: 2, payload: `${'/'.repeat(213)}w==` },
      extra_headers: '{}',
    });
    expect(parsed(messages.dtmf('1'))).toEqual({
      event: 'dtmf',
      sequenceNumber: 3,
      streamId,
      dtmf: { track: 'inbound', digit: '1', timestamp: '1736245266163' },
      extra_headers: '{}',
    });
    expect(parsed(messages.mark('turn-3-end'))).toEqual({
      ...{ sequenceNumber: 4, streamId, event: 'playedStream', name: 'turn-3-end' },
    });
    expect(parsed(messages.cleared())).toEqual({ sequenceNumber: 5, streamId, event: 'clearedAudio' });
    expect(messages.stop()).toBeNull();
  });

  it('may write numbers as strings, and leave out what is not needed', () => {
    const [start] = stream({}, { ...call, bare: true }).opening();
    const { callId, streamId } = call;
    expect(parsed(start)).toEqual({ sequenceNumber: 0, event: 'start', start: { callId, streamId } });
    expect(parsed(stream({ stringNumbers: true }).media(new Uint8Array(160)))).toMatchObject({
      sequenceNumber: '0',
      media: { chunk: '1' },
    });
  });

  it('reads what it is sent', () => {
    const { streamId } = call;
    const media = { contentType: 'audio/x-mulaw', sampleRate: 8000, payload: '/w==' };
    const read = (message: object) => stream().read(JSON.stringify(message));
    expect(read({ event: 'playAudio', media })).toEqual({ kind: 'media', payload: Buffer.from([0xff]) });
    expect(read({ event: 'checkpoint', streamId, name: 'a' })).toEqual({ kind: 'mark', name: 'a' });
    expect(read({ event: 'clearAudio', streamId })).toEqual({ kind: 'clear' });
  });

  it.each([
    [
      { event: 'playAudio', media: { contentType: 'audio/x-l16', sampleRate: 8000, payload: '/w==' } },
      'contentType',
    ],
    [{ event: 'playAudio', media: { contentType: 'audio/x-mulaw', payload: '/w==' } }, 'sampleRate'],
    [{ event: 'checkpoint', name: 'a' }, 'checkpoint without the streamId'],
    [{ event: 'checkpoint', streamId: call.streamId }, 'a checkpoint without a name'],
    [{ event: 'clearAudio', streamId: 'another' }, 'clearAudio without the streamId'],
    [{ event: 'media', media: { payload: '/w==' } }, 'does not know: media'],
  ])('does not take %j', (message, what) => {
    expect(stream().read(JSON.stringify(message))).toEqual({
      kind: 'wrong',
      what: expect.stringContaining(what) as string,
    });
  });

  it('does not take binary messages', () => {
    expect(stream().read(new Uint8Array(160))).toEqual({ kind: 'wrong', what: 'a binary message' });
  });
});

describe('Plivo’s signature', () => {
  // plivo-go utils_test.go
  const url = 'https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml';
  const uuid = '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36';
  const form = {
    ...{ Direction: 'outbound', From: '19792014278', CallStatus: 'in-progress', BillRate: '0.002' },
    ...{ ALegUUID: uuid, ALegRequestUUID: uuid, CallUUID: uuid, RequestUUID: uuid, Event: 'StartApp' },
    ParentAuthID: 'MANWVLYTK4ZWU1YTY4QA',
    To: 'sip:PlivoSignature382029104058171078704104@phone-qa.voice.plivodev.com',
    'SIP-H-To': '<sip:PlivoSignature382029104058171078704104@52.9.11.55;transport=udp>;tag=1',
    SessionStart: '2020-04-08 11:34:33.238707',
  };

  it.each([
    ['POST', `${url}/?a=b&c=d`, 'k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c='],
    ['GET', `${url}/?a=b&c=d`, 'UBq8jAtd32wR8EK9VgxbBn4n5rpI/l1H9iN4WfSEHFQ='],
    ['POST', url, 'iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0='],
    ['GET', url, 'i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc='],
  ] as const)('of a %s to %s is the one of Plivo’s own tests', (method, signed, expected) => {
    const token = call.credentials.authToken ?? '';
    expect(plivoSignature(token, { method, url: signed, form }, '31627761595286130198')).toBe(expected);
  });

  it('of an upgrade is over the URL with http', () => {
    const headers = plivo.upgradeHeaders(call, place);
    const nonce = headers['X-Plivo-Signature-V3-Nonce'] ?? '';
    expect(nonce).toMatch(/^[1-9]\d{19}$/);
    expect(headers['X-Plivo-Signature-V3']).toBe(
      plivoSignature(
        call.credentials.authToken ?? '',
        { method: 'GET', url: 'http://voice.example.com/media/plivo' },
        nonce,
      ),
    );
  });

  it('is left out where no token is known', () => {
    expect(plivo.upgradeHeaders({ ...call, credentials: {} }, place)).toEqual({});
  });
});

describe('Plivo’s webhooks', () => {
  it('begin with a signed form below the public URL', () => {
    const webhook = plivo.startWebhook(call);
    expect(webhook).toMatchObject({ method: 'POST', path: '/webhooks/plivo/main/answer' });
    expect(formOf(webhook.body)).toEqual({
      ALegRequestUUID: call.callId,
      ALegUUID: call.callId,
      BillRate: '0.0085',
      CallStatus: 'ringing',
      CallUUID: call.callId,
      Direction: 'inbound',
      Event: 'StartApp',
      From: '14155550100',
      ParentAuthID: 'MA00000000000000000X',
      RequestUUID: call.callId,
      SessionStart: '2025-01-07 10:21:06.123000',
      To: '18005551212',
    });
    const signed = {
      method: 'POST',
      url: 'https://voice.example.com/base/webhooks/plivo/main/answer',
    } as const;
    expect(webhook.headers['X-Plivo-Signature-V3']).toBe(
      plivoSignature(
        call.credentials.authToken ?? '',
        { ...signed, form: formOf(webhook.body) },
        webhook.headers['X-Plivo-Signature-V3-Nonce'] ?? '',
      ),
    );
  });

  it('tell that the stream has begun, at the URL that the answer named', () => {
    const statusUrl = 'https://voice.example.com/base/told/here';
    const [started] = plivo.progress(call, { ...place, statusUrl }, 'started');
    expect(started?.path).toBe('/told/here');
    expect(formOf(started?.body)).toEqual({
      CallUUID: call.callId,
      StreamID: call.streamId,
      Event: 'started',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
      From: '14155550100',
      To: '18005551212',
      Direction: 'inbound',
    });
    expect(plivo.progress(call, place, 'answered')).toEqual([]);
  });

  it('tell of the end of stream and call', () => {
    const [stopped, hangUp] = plivo.endWebhooks(call, ended);
    expect(stopped?.path).toBe('/webhooks/plivo/main/stream-status');
    expect(formOf(stopped?.body)).toMatchObject({
      Event: 'stopped',
      Duration: '63',
      StatusReason: 'Call hangup',
    });
    expect(hangUp?.path).toBe('/webhooks/plivo/main/hangup');
    expect(formOf(hangUp?.body)).toEqual({
      ...formOf(plivo.startWebhook(call).body),
      CallStatus: 'completed',
      Event: 'Hangup',
      HangupCause: 'NORMAL_CLEARING',
      HangupCauseCode: '4000',
      HangupCauseName: 'Normal Hangup',
      HangupSource: 'Caller',
      Duration: '63',
      BillDuration: '120',
      TotalCost: '0.017',
      StartTime: '2025-01-07 10:21:06',
      AnswerTime: '2025-01-07 10:21:06',
      EndTime: '2025-01-07 10:22:09',
    });
  });

  it('ask what is next at the URL behind the stream, unless the caller has left', () => {
    const flow = { afterBot: false, actionUrl: 'https://voice.example.com/base/next' };
    const asked = plivo.nextWebhook(call, { ...ended, hungUpBy: 'gateway' }, flow);
    expect(asked?.path).toBe('/next');
    expect(formOf(asked?.body)).toMatchObject({ CallStatus: 'in-progress', Event: 'Redirect' });
    expect(plivo.nextWebhook(call, ended, flow)).toBeNull();
    expect(
      plivo.nextWebhook(call, { ...ended, hungUpBy: 'gateway' }, { ...flow, actionUrl: null }),
    ).toBeNull();
  });
});

describe('an answer to Plivo', () => {
  const stream = (attributes: string, url = 'wss://a.example/m?a=1&amp;b=2') =>
    `<Response><Stream ${attributes}>${url}</Stream><Redirect>https://a.example/n?a=1&amp;b=2</Redirect></Response>`;
  const right = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';

  it('names the stream, what is given back on it, and what follows it', () => {
    const xml = stream(`${right} extraHeaders="a=1,b=2" statusCallbackUrl="https://a.example/s"`);
    expect(readStreamXml(xml)).toEqual({
      url: 'wss://a.example/m?a=1&b=2',
      parameters: { a: '1', b: '2' },
      statusUrl: 'https://a.example/s',
      wrong: [],
    });
    expect(redirectUrl(xml)).toBe('https://a.example/n?a=1&b=2');
  });

  it.each([
    ['', ['not bidirectional', 'keepCallAlive', 'contentType is ""']],
    [`${right} extraHeaders="a=1_2"`, ['more than letters and digits']],
    [`${right} extraHeaders="a=${'1'.repeat(512)}"`, ['more than 512 bytes']],
    [
      'bidirectional="true" keepCallAlive="true" contentType="audio/x-l16;rate=16000"',
      ['audio/x-l16;rate=16000'],
    ],
  ])('with %j is against its rules', (attributes, whats) => {
    expect(readStreamXml(stream(attributes))?.wrong).toEqual(
      whats.map((what) => expect.stringContaining(what) as string),
    );
  });

  it.each(['', '<Response/>', '<Response><Stream>nowhere</Stream></Response>'])(
    '%j names no stream',
    (xml) => {
      expect(readStreamXml(xml)).toBeNull();
      expect(redirectUrl(xml)).toBeNull();
    },
  );
});
