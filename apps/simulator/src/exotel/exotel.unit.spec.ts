import type { ProviderCall, Quirks, WireMessage } from '../provider-side';
import { exotel } from './exotel';
import { placeAt } from './webhook';

// the shapes below are Exotel's, from its support articles 48283, 3000108630 and 3000132269; ids are invented
const call: ProviderCall = {
  callId: '56b1234567abcdef89abcdef12345678',
  streamId: '6f048d2e897a0d2d4029560f3f541947',
  account: 'default',
  credentials: { username: 'key', password: 'token' },
  from: '09000000001',
  to: '08000000002',
  startedAt: new Date('2024-09-03T06:14:54Z'),
  publicBaseUrl: 'https://voice.example.com',
  publicMediaUrl: 'wss://media.example.com',
};
const quirks: Quirks = { stringNumbers: false, mediaFormat: 'raw', audio: exotel.lineAudio(8000) };
const place = placeAt(
  'wss://media.example.com/ws/exotel/default?param1=value1&param2=value2&sample-rate=8000',
);

const messages = (more: Partial<Quirks> = {}, at = place) =>
  exotel.messages(call, at, { ...quirks, ...more });
const parsed = (message: WireMessage | null | undefined): unknown => JSON.parse(message as string);
const queryOf = (path: string): Record<string, string> =>
  Object.fromEntries(new URL(path, 'https://voice.example.com').searchParams);

describe('Exotel’s stream', () => {
  it('opens with connected and start', () => {
    const [connected, start] = messages().opening();
    expect(parsed(connected)).toEqual({ event: 'connected' });
    expect(parsed(start)).toEqual({
      event: 'start',
      sequence_number: 1,
      stream_sid: call.streamId,
      start: {
        stream_sid: call.streamId,
        call_sid: call.callId,
        account_sid: 'exampleacct1',
        from: '09000000001',
        to: '08000000002',
        custom_parameters: { param1: 'value1', param2: 'value2' },
        media_format: { encoding: 'raw', sample_rate: '8000', bit_rate: '16' },
      },
    });
  });

  it('leaves the parameters out where there are none, and may describe the audio in other words', () => {
    const [, start] = messages({ mediaFormat: 'base64' }, placeAt('wss://media.example.com/x')).opening();
    expect(parsed(start)).toMatchObject({
      start: { media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128' } },
    });
    expect(start).not.toContain('custom_parameters');
  });

  it('counts messages and chunks as numbers, and the time in ms as a string', () => {
    const stream = messages();
    stream.opening();
    stream.media(new Uint8Array(1600));
    expect(parsed(stream.media(new Uint8Array(1600)))).toEqual({
      event: 'media',
      sequence_number: 3,
      stream_sid: call.streamId,
      media: { chunk: 2, timestamp: '100', payload: Buffer.alloc(1600).toString('base64') },
    });
  });

  it('counts in strings when it is told to', () => {
    const stream = messages({ stringNumbers: true });
    expect(parsed(stream.opening()[1])).toMatchObject({ sequence_number: '1' });
    expect(parsed(stream.media(new Uint8Array(2)))).toMatchObject({
      sequence_number: '2',
      media: { chunk: '1' },
    });
  });

  it('sends digits, returned marks and its end', () => {
    const stream = messages();
    const common = { stream_sid: call.streamId };
    expect(parsed(stream.dtmf('5'))).toEqual({
      event: 'dtmf',
      sequence_number: 1,
      ...common,
      dtmf: { duration: '100', digit: '5' },
    });
    expect(parsed(stream.mark('m'))).toEqual({
      event: 'mark',
      sequence_number: 2,
      ...common,
      mark: { name: 'm' },
    });
    expect(parsed(stream.stop())).toEqual({
      event: 'stop',
      sequence_number: 3,
      ...common,
      stop: { call_sid: call.callId, account_sid: 'exampleacct1', reason: 'callended' },
    });
  });

  it('has frames of 100 ms', () => {
    expect(exotel.lineAudio(8000)).toMatchObject({ frameMs: 100, frameBytes: 1600 });
    expect(exotel.lineAudio(24_000)).toMatchObject({ frameMs: 100, frameBytes: 4800 });
  });

  it('goes to the account’s URL or to the call’s, with the credentials as Basic', () => {
    const toAccount = exotel.staticPlace(call, 'account', { a: 'b c' });
    expect(toAccount.url).toBe('wss://media.example.com/ws/exotel/default?a=b+c');
    expect(exotel.staticPlace(call, 'call', {}).url).toBe(`wss://media.example.com/ws/call/${call.callId}`);
    expect(exotel.upgradeHeaders(call, toAccount)).toEqual({ Authorization: 'Basic a2V5OnRva2Vu' });
  });

  it('has call ids of 32 lower-case letters and digits', () => {
    expect(exotel.newCallId()).toMatch(/^[0-9a-z]{32}$/);
    expect(exotel.newCallId()).not.toBe(exotel.newCallId());
  });
});

describe('Exotel’s webhooks', () => {
  const ended = {
    place,
    endedAt: new Date('2024-09-03T06:15:36Z'),
    streamSeconds: 42,
    hungUpBy: 'gateway' as const,
  };

  it('begin with Passthru, all in the query, in Indian time', () => {
    const webhook = exotel.startWebhook(call);
    expect(webhook).toMatchObject({ method: 'GET', body: '' });
    expect(webhook.headers).toEqual({ Accept: '*/*', Authorization: 'Basic a2V5OnRva2Vu' });
    expect(webhook.path).toBe(
      '/webhooks/exotel/default/passthru?CallSid=56b1234567abcdef89abcdef12345678&CallFrom=09000000001&CallTo=08000000002' +
        '&Direction=incoming&Created=Tue%2C+03+Sep+2024+11%3A44%3A54&DialWhomNumber=&HangupLatencyStartTimeExocc=' +
        '&HangupLatencyStartTime=&ServerCode=&From=09000000001&To=08000000002&CurrentTime=2024-09-03+11%3A44%3A54' +
        '&flow_id=123456&tenant_id=654321',
    );
  });

  it('ask for the stream’s URL with the call’s data, and with the earlier request in it', () => {
    const first = exotel.startWebhook(call);
    const request = exotel.streamUrlWebhook(call, first);
    expect(queryOf(request?.path ?? '')).toMatchObject({
      CallSid: call.callId,
      passthru: `https://voice.example.com${first.path}`,
    });
    expect(exotel.readAnswer('{"url": "wss://media.example.com/a?b=c"}')).toMatchObject({
      parameters: { b: 'c' },
    });
    expect(exotel.readAnswer('wss://media.example.com/a')).toBeNull();
  });

  it.each([
    [302, { decision: 'transfer', number: null }],
    [200, { decision: 'continue', number: null }],
    [204, null],
    [500, null],
  ])('have two ways out of a Passthru behind the bot: %i', (status, next) => {
    expect(exotel.readNext(status, 'https://somewhere.example')).toEqual(next);
    expect(exotel.nextWebhook(call, ended, { afterBot: false, actionUrl: 'https://x.example' })).toBeNull();
  });

  it('tell of the end of the stream at the same URL, and of the call’s in a form', () => {
    const afterBot = exotel.nextWebhook(call, ended, { afterBot: true, actionUrl: null });
    expect(queryOf(afterBot?.path ?? '')).toMatchObject({
      CallSid: call.callId,
      CallStatus: 'in-progress',
      'Stream[StreamSID]': call.streamId,
      'Stream[Status]': 'completed',
      'Stream[Duration]': '42',
      'Stream[DisconnectedBy]': 'bot',
    });
    const [status] = exotel.endWebhooks(call, ended);
    expect(status).toMatchObject({ method: 'POST', path: '/webhooks/exotel/default/status' });
    expect(Object.keys(Object.fromEntries(new URLSearchParams(status?.body)))).toEqual([
      'CallSid',
      'EventType',
      'DateCreated',
      'DateUpdated',
      'Status',
      'To',
      'From',
      'PhoneNumberSid',
      'StartTime',
      'EndTime',
      'ConversationDuration',
      'Direction',
      'RecordingUrl',
    ]);
  });
});
