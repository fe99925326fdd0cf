import { failOnLeaks } from '@greenroom/testing';
import WebSocket from 'ws';
import { useStack } from './running-stack';

const stack = useStack(() => ({}));
failOnLeaks();

const authorization = () => {
  const known = stack().description.accounts?.find(({ provider }) => provider === 'exotel');
  return `Basic ${Buffer.from(`${known?.username}:${known?.password}`).toString('base64')}`;
};

const rows = async () =>
  Number((await stack().database.query<{ n: string }>('SELECT count(*) AS n FROM call_sessions'))[0]?.n);

describe('a webhook', () => {
  const passthru = '/webhooks/exotel/default/passthru';
  const good = 'CallSid=56b1234567abcdef89abcdef12345678&CallFrom=09000000001';
  const send = (path: string, init: RequestInit = {}) =>
    fetch(stack().description.publicBaseUrl + path, { headers: { authorization: authorization() }, ...init });

  it.each([
    ['no call id', passthru, 400],
    ['an empty call id', `${passthru}?CallSid=`, 400],
    ['a repeated call id', `${passthru}?${good}&CallSid=56b1234567abcdef89abcdef12345679`, 400],
    ['an array for a call id', `${passthru}?CallSid[]=56b1234567abcdef89abcdef12345678`, 400],
    ['an over-long call id', `${passthru}?CallSid=${'a'.repeat(161)}`, 400],
    ['a call id with other characters', `${passthru}?CallSid=abc%0d%0adefghijkl`, 400],
    ['an unknown account', `/webhooks/exotel/nobody/passthru?${good}`, 404],
    ['an unknown provider', `/webhooks/acme/default/passthru?${good}`, 404],
    ['an unknown operation', `/webhooks/exotel/default/other?${good}`, 404],
    ['an operation that every object has', `/webhooks/exotel/default/constructor?${good}`, 404],
    ['an unknown path', '/other', 404],
    ['a malformed path', '/webhooks/exotel/%ZZ/passthru', 400],
  ])('with %s is answered in JSON and writes nothing', async (_, path, status) => {
    const before = await rows();
    const response = await send(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { status, message: expect.any(String) as string } });
    expect(await rows()).toBe(before);
  });

  it.each([undefined, 'Basic', 'Basic Zm9vOmJhcg==', 'Bearer x'])(
    'with the credential %j is refused with 401',
    async (value) => {
      const headers: Record<string, string> = value ? { authorization: value } : {};
      expect((await send(`${passthru}?${good}`, { headers })).status).toBe(401);
    },
  );

  it('of Twilio without its signature is refused with 403', async () => {
    const body = 'CallSid=CA00000000000000000000000000000001';
    expect((await send('/webhooks/twilio/default/voice', { method: 'POST', body })).status).toBe(403);
  });

  it('with a body over 64 KB is refused with 413, a wrong method with 405', async () => {
    const body = 'x'.repeat(70_000);
    expect((await send('/webhooks/exotel/default/status', { method: 'POST', body })).status).toBe(413);
    expect((await send(`${passthru}?${good}`, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('the sessions API', () => {
  const send = (body: string, key = stack().description.apiKey) =>
    fetch(`${stack().description.publicBaseUrl}/v1/sessions`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
  const good = { provider: 'exotel', account: 'default', callId: 'announced-by-us-1' };

  it('announces a call once, and shows it', async () => {
    const body = JSON.stringify({ ...good, customer: { phone: '+919000000005', fullName: 'Asha Rao' } });
    expect((await send(body)).status).toBe(201);
    expect((await send(body)).status).toBe(200);
    expect(await stack().read('exotel', good.callId)).toMatchObject({
      session: { customer: { fullName: 'Asha Rao' } },
    });
  });

  it.each([
    ['malformed JSON', '{"provider'],
    ['no body', ''],
    ['an array', '[]'],
    ['no call id', JSON.stringify({ ...good, callId: undefined })],
    ['a call id that is an array', JSON.stringify({ ...good, callId: ['announced-by-us-1'] })],
    ['a national number', JSON.stringify({ ...good, customer: { phone: '09000000001' } })],
    ['an unknown account', JSON.stringify({ ...good, account: 'nobody' })],
    ['a prototype', '{"__proto__": {"provider": "exotel"}, "constructor": {}}'],
  ])('refuses %s with 400', async (_, body) => {
    const response = await send(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { status: 400 } });
  });

  it('refuses another key with 401', async () => {
    expect((await send(JSON.stringify(good), 'another-key-0000000')).status).toBe(401);
  });
});

describe('a media stream', () => {
  const open = (path: string, headers: Record<string, string> = { authorization: authorization() }) =>
    new WebSocket(stack().description.publicMediaUrl + path, { headers });
  const closed = (socket: WebSocket, ...messages: (string | Buffer)[]) =>
    new Promise<{ code: number; reason: string }>((resolve, reject) => {
      socket.on('open', () => messages.forEach((message) => socket.send(message)));
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
      socket.on('unexpected-response', (_, response) => {
        resolve({ code: response.statusCode ?? 0, reason: '' });
        response.resume();
        socket.terminate();
      });
      socket.on('error', (error) => (socket.readyState === WebSocket.CLOSED ? undefined : reject(error)));
    });
  const start = (callSid: unknown) =>
    JSON.stringify({ event: 'start', stream_sid: 's1', start: { call_sid: callSid, media_format: {} } });
  const path = '/ws/exotel/default';

  it.each([
    ['/ws/exotel/nobody', 404],
    ['/ws/acme/default', 404],
    ['/other', 404],
    ['/ws/call/short', 404],
  ])('to %s is refused with %i', async (where, status) => {
    expect((await closed(open(where))).code).toBe(status);
  });

  it('without credentials is refused with 401, from a browser with 403', async () => {
    expect((await closed(open(path, {}))).code).toBe(401);
    expect(
      (await closed(open(path, { authorization: authorization(), origin: 'https://x.example' }))).code,
    ).toBe(403);
    expect((await closed(open('/ws/twilio/default'))).code).toBe(403);
  });

  it.each([undefined, null, '', ['56b1234567abcdef'], {}, 12_345_678, 'short', 'x'.repeat(161)])(
    'whose start names the call %j is closed with 1008',
    async (callSid) => {
      expect(await closed(open(path), start(callSid))).toEqual({
        code: 1008,
        reason: 'Start message without a valid call id',
      });
    },
  );

  it('whose start names another call than its URL is closed with 1008', async () => {
    const result = await closed(
      open('/ws/call/56b1234567abcdef89abcdef12345678'),
      start('another-call-1234'),
    );
    expect(result).toEqual({ code: 1008, reason: 'Start message names another call than the URL' });
  });

  it('that sends media before its start is closed with 1008', async () => {
    const media = JSON.stringify({ event: 'media', media: { payload: 'AAAA' } });
    expect(await closed(open(path), media)).toEqual({ code: 1008, reason: 'Media before the start message' });
  });

  it('that never sends a start is closed after 5 s', async () => {
    const openedAt = performance.now();
    expect(await closed(open(path), JSON.stringify({ event: 'connected' }))).toMatchObject({ code: 1008 });
    expect(performance.now() - openedAt).toBeGreaterThan(4900);
    expect(performance.now() - openedAt).toBeLessThan(6000);
  });

  it('that sends a message over 64 KB is closed with 1009', async () => {
    expect((await closed(open(path), 'x'.repeat(65_537))).code).toBe(1009);
  });

  it('that sends what nobody understands is closed with 1008, each message counted', async () => {
    const before = await stack().metric('greenroom_gateway_dropped_messages_total', { why: 'malformed' });
    const nonsense = Array.from({ length: 21 }, () => '{"event":');
    expect((await closed(open(path), ...nonsense)).code).toBe(1008);
    const after = await stack().metric('greenroom_gateway_dropped_messages_total', { why: 'malformed' });
    expect(after - before).toBe(21);
  });

  it('that was closed for its fault left one line in the log, and no secret in it', () => {
    const lines = stack().logs.filter(({ fields }) => fields?.['msg'] === 'stream closed by us');
    const reasons = new Set(lines.map(({ fields }) => fields?.['why']));
    for (const why of [
      'badStart',
      'otherCall',
      'mediaBeforeStart',
      'startTimeout',
      'badMessages',
      'protocol-error',
    ]) {
      expect(reasons).toContain(why);
    }
    const secret = authorization().slice('Basic '.length);
    expect(stack().logs.filter(({ text }) => text.includes(secret))).toEqual([]);
  });

  it('that sends an unknown event goes on', async () => {
    const socket = open(path);
    const result = closed(socket, '{"event":"surprise"}', '{"event":"connected"}');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close(1000);
    expect((await result).code).toBe(1000);
    expect(
      await stack().metric('greenroom_gateway_dropped_messages_total', { why: 'unknown-event' }),
    ).toBeGreaterThan(0);
  });
});
