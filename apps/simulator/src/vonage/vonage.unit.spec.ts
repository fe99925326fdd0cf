import { createHash } from 'node:crypto';
import type { ProviderCall, WireMessage } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { hs256 } from './jwt';
import { readConnect, readNextNcco, synchronousEventUrl } from './ncco';
import { vonage } from './vonage';

// the shapes below are Vonage's (developer.vonage.com: webhook reference, websockets, NCCO reference); ids are invented
const SECRET = 'qwertyuiopasdfghjklzxcvbnm123456';
const call: ProviderCall = {
  callId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  streamId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ff',
  account: 'default',
  credentials: { signatureSecret: SECRET },
  from: '447700900000',
  to: '447700900001',
  startedAt: new Date('2025-01-07T10:21:07Z'),
  publicBaseUrl: 'https://voice.example.com',
  publicMediaUrl: 'wss://voice.example.com',
};
const place: StreamPlace = {
  url: 'wss://voice.example.com/media/vonage',
  parameters: { call_uuid: call.callId, session_id: 'ses_01' },
  statusUrl: `https://voice.example.com/webhooks/vonage/default/after-stream?call_uuid=${call.callId}`,
  authorization: { signed: true },
};
const ended = {
  place,
  endedAt: new Date('2025-01-07T10:22:09Z'),
  streamSeconds: 62,
  hungUpBy: 'gateway' as const,
};
const audio = vonage.lineAudio(8000);

const stream = (of = call) => vonage.messages(of, place, { stringNumbers: false, mediaFormat: 'raw', audio });
const parsed = (message: WireMessage | null | undefined): unknown => JSON.parse(message as string);
const claimsOf = (headers: Record<string, string> | undefined): unknown =>
  JSON.parse(Buffer.from(headers?.['Authorization']?.split('.')[1] ?? '', 'base64url').toString('utf8'));

const conversation_uuid = expect.stringMatching(/^CON-[0-9a-f-]{36}$/) as string;
const phoneLeg = { from: call.from, to: call.to, uuid: call.callId, conversation_uuid };

describe('Vonage’s stream', () => {
  it('begins with our own headers, and names neither call nor stream', () => {
    expect(stream().opening().map(parsed)).toEqual([
      {
        event: 'websocket:connected',
        'content-type': 'audio/l16;rate=8000',
        call_uuid: call.callId,
        session_id: 'ses_01',
      },
    ]);
  });

  it('has 20 ms of audio in each binary message, and events in text', () => {
    const messages = stream();
    const frame = new Uint8Array(audio.frameBytes);
    expect(audio).toMatchObject({ frameMs: 20, frameBytes: 320 });
    expect(messages.media(frame)).toBe(frame);
    expect(parsed(messages.dtmf('5'))).toEqual({ event: 'websocket:dtmf', digit: '5', duration: 260 });
    expect(parsed(stream({ ...call, bare: true }).dtmf('5'))).toEqual({
      event: 'websocket:dtmf',
      digit: '5',
    });
    expect(parsed(messages.cleared())).toEqual({ event: 'websocket:cleared' });
    expect(messages.stop()).toBeNull();
  });

  it('gives back the whole payload of a notify', () => {
    const messages = stream();
    const payload = { name: 'turn-3-end', more: [1] };
    expect(messages.read(JSON.stringify({ action: 'notify', payload }))).toEqual({
      kind: 'mark',
      name: 'turn-3-end',
    });
    expect(parsed(messages.mark('turn-3-end'))).toEqual({ event: 'websocket:notify', payload });
  });

  it('reads what it is sent', () => {
    const payload = new Uint8Array(320);
    expect(stream().read(payload)).toEqual({ kind: 'media', payload });
    expect(stream().read('{"action":"clear"}')).toEqual({ kind: 'clear' });
    for (const wrong of ['{"event":"clear"}', '{"action":"media"}', '{"action":"notify"}', 'x']) {
      expect(stream().read(wrong)).toMatchObject({ kind: 'wrong' });
    }
  });

  it('is signed in its upgrade as the answer wants', () => {
    expect(claimsOf(vonage.upgradeHeaders(call, place))).toEqual({
      iat: expect.any(Number) as number,
      jti: expect.any(String) as string,
      iss: 'Vonage',
      api_key: 'a1b2c3d',
      application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    });
    expect(vonage.upgradeHeaders(call, { ...place, authorization: 'Bearer abc' })).toEqual({
      Authorization: 'Bearer abc',
    });
    expect(vonage.upgradeHeaders(call, { ...place, authorization: undefined })).toEqual({});
  });
});

describe('Vonage’s webhooks', () => {
  it('are signed with HS256', () => {
    const claims = {
      iat: 1700000000,
      jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
      iss: 'Vonage',
      payload_hash: 'fb090999edd7dc6b4abd30e0d769c75b310f8f1af582064e3395760d1028e26a',
      api_key: 'a1b2c3d',
      application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    };
    expect(hs256(SECRET, claims)).toMatch(/\.hOk3CKDci6hcE8ZeS8XFXAYNitLXrSjp2XB8zu9-ZBg$/);
  });

  it('begin with the answer webhook, and the hash of its body', () => {
    const webhook = vonage.startWebhook(call);
    expect(webhook).toMatchObject({ method: 'POST', path: '/webhooks/vonage/default/answer' });
    expect(parsed(webhook.body)).toEqual({
      ...phoneLeg,
      region_url: 'https://api-eu-1.vonage.com',
      endpoint_type: 'phone',
    });
    expect(claimsOf(webhook.headers)).toMatchObject({
      payload_hash: createHash('sha256').update(webhook.body).digest('hex'),
    });
    expect(vonage.startWebhook({ ...call, credentials: {} }).headers).not.toHaveProperty('Authorization');
  });

  it('may begin with a GET, whose token has no hash', () => {
    const webhook = vonage.startWebhook({ ...call, method: 'GET' });
    expect(webhook).toMatchObject({ method: 'GET', body: '' });
    const [path, query] = webhook.path.split('?');
    expect(path).toBe('/webhooks/vonage/default/answer');
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      ...phoneLeg,
      region_url: 'https://api-eu-1.vonage.com',
      endpoint_type: 'phone',
    });
    expect(Object.keys(webhook.headers)).toEqual(['Authorization']);
    expect(claimsOf(webhook.headers)).not.toHaveProperty('payload_hash');
  });

  it('tell of both legs’ beginning', () => {
    const [answered] = vonage.progress(call, place, 'answered');
    expect(answered?.path).toBe('/webhooks/vonage/default/event');
    expect(parsed(answered?.body)).toEqual({
      ...phoneLeg,
      ...{ status: 'answered', direction: 'inbound', start_time: null, rate: null, network: null },
      timestamp: expect.stringMatching(/Z$/) as string,
    });
    const [started] = vonage.progress(call, place, 'started');
    expect(started?.path).toContain('/after-stream?call_uuid=');
    expect(parsed(started?.body)).toMatchObject({
      ...{ from: call.to, to: place.url, status: 'answered', direction: 'outbound', conversation_uuid },
      headers: place.parameters,
    });
    expect(vonage.progress(call, { ...place, statusUrl: null }, 'started')).toEqual([]);
  });

  it('ask what is next when Greenroom has closed the stream', () => {
    const flow = { afterBot: false, actionUrl: place.statusUrl };
    const asked = vonage.nextWebhook(call, ended, flow);
    expect(asked?.path).toBe(`/webhooks/vonage/default/after-stream?call_uuid=${call.callId}`);
    expect(parsed(asked?.body)).toEqual({
      from: call.to,
      to: place.url,
      uuid: expect.not.stringMatching(call.callId) as string,
      conversation_uuid,
      status: 'disconnected',
      headers: place.parameters,
      direction: 'outbound',
      timestamp: expect.stringMatching(/Z$/) as string,
    });
    expect(vonage.nextWebhook(call, { ...ended, hungUpBy: 'caller' }, flow)).toBeNull();
  });

  it('tell of the end, and of the stream’s only where nothing was asked', () => {
    const statuses = (hungUpBy: 'caller' | 'gateway') =>
      vonage
        .endWebhooks(call, { ...ended, hungUpBy })
        .map(({ body }) => parsed(body) as { uuid: string; status: string });
    expect(statuses('gateway')).toMatchObject([{ uuid: call.callId, status: 'completed' }]);
    const [streamLeg, phone] = statuses('caller');
    expect(streamLeg).toMatchObject({ status: 'completed', to: place.url });
    expect(phone).toEqual({
      ...phoneLeg,
      ...{ status: 'completed', direction: 'inbound', timestamp: '2025-01-07T10:22:09.000Z', duration: '62' },
      ...{ start_time: '2025-01-07T10:21:07.000Z', end_time: '2025-01-07T10:22:09.000Z' },
      ...{ rate: '0.00450000', price: '0.00450000', network: '23410' },
    });
  });
});

describe('an NCCO', () => {
  const websocket = (more: object = {}, action: object = {}) =>
    JSON.stringify([
      { action: 'talk', text: 'one moment' },
      {
        action: 'connect',
        eventType: 'synchronous',
        eventUrl: ['https://a.example/e'],
        endpoint: [
          { type: 'websocket', uri: 'wss://a.example/m', 'content-type': 'audio/l16;rate=8000', ...more },
        ],
        ...action,
      },
    ]);

  it('names the stream, its headers, and how its upgrade is signed', () => {
    const body = websocket({ headers: { a: '1' }, authorization: { type: 'vonage' } });
    expect(readConnect(body)).toEqual({
      url: 'wss://a.example/m',
      parameters: { a: '1' },
      statusUrl: 'https://a.example/e',
      authorization: { signed: true },
      wrong: [],
    });
    expect(readConnect(websocket({ authorization: { type: 'custom', value: 'Bearer abc' } }))).toMatchObject({
      authorization: 'Bearer abc',
      parameters: {},
    });
    expect(synchronousEventUrl(body)).toBe('https://a.example/e');
    expect(synchronousEventUrl(websocket({}, { eventType: undefined }))).toBeNull();
  });

  it.each([
    [{ 'content-type': 'audio/l16;rate=16000' }, 'audio/l16;rate=16000'],
    [{ headers: { a: 'x'.repeat(512) } }, 'the most is 512'],
    [{ headers: { event: 'x' } }, 'is named event'],
  ])('with %j is against its rules', (more, what) => {
    expect(readConnect(websocket(more))?.wrong).toEqual([expect.stringContaining(what)]);
  });

  it.each(['', '[]', '{}', '[{"action":"connect","endpoint":[{"type":"phone","number":"447700900199"}]}]'])(
    '%j names no stream',
    (body) => {
      expect(readConnect(body)).toBeNull();
    },
  );

  it.each([
    [
      200,
      '[{"action":"connect","endpoint":[{"type":"phone","number":"447700900199"}]}]',
      'transfer',
      '447700900199',
    ],
    [200, '', 'hang-up', null],
    [200, '[]', 'hang-up', null],
    [200, '[{"action":"talk","text":"bye"}]', 'continue', null],
  ] as const)('with status %i, %j lets the call go on', (status, body, decision, number) => {
    expect(readNextNcco(status, body)).toEqual({ decision, number });
  });

  it.each([
    [500, ''],
    [200, '{}'],
    [200, '[{"action":"connect","endpoint":[{"type":"phone","number":"+447700900199"}]}]'],
  ])('with status %i, %j means nothing', (status, body) => {
    expect(readNextNcco(status, body)).toBeNull();
  });
});
