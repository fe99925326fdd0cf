import type { ProviderCall, WireMessage } from '../provider-side';
import { telnyxSignature } from './signature';
import { telnyx, telnyxTexml } from './telnyx';
import { readTexml, texmlActionUrl } from './texml';

// the shapes below are Telnyx's (developers.telnyx.com: voice webhooks, media streaming over WebSockets); ids are invented
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const call: ProviderCall = {
  callId: 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg',
  streamId: '32de0dea-53cb-4b21-89a4-9e1819c043bc',
  account: 'us',
  credentials: { signingKey: SEED.toString('base64') },
  from: '+14155550100',
  to: '+18005551212',
  startedAt: new Date('2025-01-07T10:21:06Z'),
  publicBaseUrl: 'https://voice.example.com/base',
  publicMediaUrl: 'wss://voice.example.com',
};
const place = {
  url: 'wss://voice.example.com/media/telnyx',
  parameters: { sessionId: 'ses_01' },
  statusUrl: null,
};
const ended = {
  place,
  endedAt: new Date('2025-01-07T10:22:09Z'),
  streamSeconds: 63,
  hungUpBy: 'caller' as const,
};
const audio = telnyx.lineAudio(8000);

const stream = (of = call) => telnyx.messages(of, place, { stringNumbers: false, mediaFormat: 'raw', audio });
const parsed = (message: WireMessage | null | undefined): unknown => JSON.parse(message as string);
const formOf = (body: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body));

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
const ids = {
  call_control_id: call.callId,
  call_leg_id: uuid,
  call_session_id: uuid,
  connection_id: '7267000000000000000',
  client_state: null,
};
const leg = { ...ids, from: '+14155550100', to: '+18005551212' };

describe('Telnyx’s stream', () => {
  it('opens with connected and start, and tells audio, keys, marks and its end', () => {
    const messages = stream();
    const { streamId: stream_id } = call;
    const user_id = '3e6f995f-85f7-4705-9741-53b116d28237';
    expect(messages.opening().map(parsed)).toEqual([
      { event: 'connected', version: '1.0.0' },
      {
        event: 'start',
        sequence_number: '1',
        start: {
          user_id,
          call_control_id: call.callId,
          call_session_id: uuid,
          from: '+14155550100',
          to: '+18005551212',
          client_state: null,
          custom_parameters: { sessionId: 'ses_01' },
          media_format: { encoding: 'PCMU', sample_rate: 8000, channels: 1 },
        },
        stream_id,
      },
    ]);
    messages.media(new Uint8Array(160));
    expect(parsed(messages.media(new Uint8Array(160).fill(0xff)))).toEqual({
      event: 'media',
      sequence_number: '3',
      media: { track: 'inbound', chunk: '2', timestamp: '20', payload: `${'/'.repeat(213)}w==` },
      stream_id,
    });
    expect(parsed(messages.dtmf('1'))).toEqual({
      ...{ event: 'dtmf', stream_id, sequence_number: '4', dtmf: { digit: '1' } },
      occurred_at: expect.stringMatching(/Z$/) as string,
    });
    expect(parsed(messages.mark('turn-3-end'))).toEqual({
      ...{ event: 'mark', sequence_number: '5', stream_id, mark: { name: 'turn-3-end' } },
    });
    expect(messages.cleared()).toBeNull();
    expect(parsed(messages.stop())).toEqual({
      ...{ event: 'stop', sequence_number: '6', stream_id },
      stop: { user_id, call_control_id: call.callId },
    });
  });

  it('may leave out what is not needed', () => {
    const [, start] = stream({ ...call, bare: true }).opening();
    expect(Object.keys((parsed(start) as { start: object }).start)).toEqual([
      'user_id',
      'call_control_id',
      'call_session_id',
    ]);
  });

  it('reads messages that name neither stream nor number', () => {
    const read = (message: object) => stream().read(JSON.stringify(message));
    expect(read({ event: 'media', media: { payload: '/w==' } })).toMatchObject({ kind: 'media' });
    expect(read({ event: 'mark', mark: { name: 'a' } })).toEqual({ kind: 'mark', name: 'a' });
    expect(read({ event: 'clear' })).toEqual({ kind: 'clear' });
    expect(read({ event: 'checkpoint' })).toMatchObject({ kind: 'wrong' });
    expect(stream().read(new Uint8Array(160))).toMatchObject({ kind: 'wrong' });
  });
});

describe('Telnyx’s signature', () => {
  const body =
    '{"data":{"record_type":"event","event_type":"call.initiated","id":"0ccc7b54-4df3-4bca-a65a-3da1ecc777f0",' +
    '"occurred_at":"2023-11-14T22:13:20.000000Z","payload":{"call_control_id":"v3:example","direction":"incoming",' +
    '"state":"parked"}},"meta":{"attempt":1,"delivered_to":"https://voice.example.com/webhooks/telnyx"}}';
  // the key of RFC 8032, 7.1, test 1; no vectors are published
  const expected = '8QqidecJ2y+zeN/LDG7FrPnfwf+pEYgrWu09lhgLyfbc/6ItumSVtdhFNWIhKqg9+XhkYZkvBqaRW8gxFokgCg==';
  const pem = [
    '-----BEGIN PRIVATE KEY-----',
    Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]).toString('base64'),
    '-----END PRIVATE KEY-----',
  ].join('\n');

  it.each([
    ['a seed', SEED.toString('base64')],
    ['PEM', pem],
  ])('is over time and body, with a key in %s', (_what, key) => {
    expect(telnyxSignature(key, '1700000000', body)).toBe(expected);
  });

  it('stands on each webhook, and is left out where no key is known', () => {
    const { headers, body: sent } = telnyx.startWebhook(call);
    const timestamp = headers['telnyx-timestamp'] ?? '';
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(5);
    expect(headers['telnyx-signature-ed25519']).toBe(
      telnyxSignature(SEED.toString('base64'), timestamp, sent),
    );
    expect(Object.keys(telnyx.startWebhook({ ...call, credentials: {} }).headers)).toEqual([
      'Content-Type',
      'User-Agent',
    ]);
  });
});

describe('Call Control’s webhooks', () => {
  const event = (type: string, payload: object, attempt = 1) => ({
    data: { record_type: 'event', event_type: type, id: uuid, occurred_at: isoTime, payload },
    meta: { attempt, delivered_to: 'https://voice.example.com/base/webhooks/telnyx/us/events' },
  });
  const start_time = '2025-01-07T10:21:06.000000Z';

  it('begin with a call that is parked', () => {
    const webhook = telnyx.startWebhook(call);
    expect(webhook).toMatchObject({ method: 'POST', path: '/webhooks/telnyx/us/events' });
    expect(parsed(webhook.body)).toEqual(
      event('call.initiated', { ...leg, direction: 'incoming', state: 'parked', start_time }),
    );
  });

  it('say that they come again, with the same id and another signature', () => {
    const webhook = telnyx.startWebhook(call);
    const again = webhook.again?.(2);
    const { data } = JSON.parse(webhook.body) as { data: object };
    expect(parsed(again?.body)).toMatchObject({ data, meta: { attempt: 2 } });
    expect(again?.headers['telnyx-signature-ed25519']).not.toBe(webhook.headers['telnyx-signature-ed25519']);
  });

  it('tell of the call’s and the stream’s beginning', () => {
    const bodies = (['answered', 'started'] as const).flatMap((step) =>
      telnyx.progress(call, place, step).map(({ body }) => parsed(body)),
    );
    expect(bodies).toEqual([
      event('call.answered', { ...leg, state: 'answered', start_time }),
      event('streaming.started', { ...ids, stream_url: place.url }),
    ]);
  });

  it('tell of the end of both', () => {
    expect(telnyx.endWebhooks(call, ended).map(({ body }) => parsed(body))).toEqual([
      event('streaming.stopped', { ...ids, stream_url: place.url }),
      event('call.hangup', {
        ...leg,
        direction: 'incoming',
        state: 'hangup',
        start_time,
        hangup_cause: 'normal_clearing',
        hangup_source: 'caller',
        sip_hangup_cause: '200',
        end_time: '2025-01-07T10:22:09.000000Z',
      }),
    ]);
  });

  it('tell of a stream that could not be connected, and of no end of it', () => {
    const failed = telnyx.streamFailed?.(call, place);
    expect(parsed(failed?.body)).toEqual(
      event('streaming.failed', {
        ...ids,
        failure_reason: 'connection_failed',
        stream_id: call.streamId,
        stream_type: 'websocket',
        stream_params: { stream_url: place.url, track: 'inbound_track' },
      }),
    );
    const types = telnyx
      .endWebhooks(call, { ...ended, failed: true })
      .map(({ body }) => (JSON.parse(body) as { data: { event_type: string } }).data.event_type);
    expect(types).toEqual(['call.hangup']);
    expect(telnyxTexml.streamFailed).toBeUndefined();
  });

  it('tell of the second leg of a transfer, with the state that the command gave it', () => {
    const transfer = { to: '+18005550199', clientState: 'c3RhdGU=' };
    const bodies = telnyx.endWebhooks(call, { ...ended, transfer }).map(({ body }) => parsed(body));
    const second = { from: call.to, to: '+18005550199', direction: 'outgoing', client_state: 'c3RhdGU=' };
    expect(bodies).toMatchObject([
      { data: { event_type: 'streaming.stopped' } },
      { data: { event_type: 'call.initiated', payload: { ...second, state: 'bridging' } } },
      { data: { event_type: 'call.answered', payload: second } },
      { data: { event_type: 'call.hangup', payload: second } },
      { data: { event_type: 'call.hangup', payload: { call_control_id: call.callId } } },
    ]);
  });

  it('may leave out what is not needed', () => {
    const { body } = telnyx.startWebhook({ ...call, bare: true });
    const { data } = JSON.parse(body) as { data: { payload: object } };
    expect(Object.keys(data.payload)).toEqual([
      ...['call_control_id', 'call_leg_id', 'call_session_id', 'from', 'to', 'direction', 'state'],
    ]);
  });
});

describe('TeXML’s webhooks', () => {
  it('are signed forms like Twilio’s', () => {
    const webhook = telnyxTexml.startWebhook({ ...call, name: 'Asha' });
    expect(webhook).toMatchObject({ method: 'POST', path: '/webhooks/telnyx/us/texml' });
    expect(Object.keys(webhook.headers)).toContain('telnyx-signature-ed25519');
    expect(formOf(webhook.body)).toEqual({
      AccountSid: uuid,
      CallInitiatedAt: '2025-01-07T10:21:06.000Z',
      CallSid: call.callId,
      CallSidLegacy: call.callId,
      CallStatus: 'initiated',
      CallbackSource: 'call-progress-events',
      ConnectionId: '7267000000000000000',
      From: '+14155550100',
      SequenceNumber: '0',
      Timestamp: '2025-01-07T10:21:06Z',
      To: '+18005551212',
      CallerId: 'Asha',
    });
  });

  it('may begin with a GET, whose body is signed: there is none', () => {
    const webhook = telnyxTexml.startWebhook({ ...call, method: 'GET' });
    expect(webhook).toMatchObject({ method: 'GET', body: '' });
    const [path, query] = webhook.path.split('?');
    expect(path).toBe('/webhooks/telnyx/us/texml');
    expect(formOf(query)).toMatchObject({ CallSid: call.callId, CallStatus: 'initiated' });
    expect(webhook.headers).toEqual({
      'User-Agent': 'telnyx-webhooks',
      'telnyx-signature-ed25519': telnyxSignature(
        SEED.toString('base64'),
        webhook.headers['telnyx-timestamp'] ?? '',
        '',
      ),
      'telnyx-timestamp': expect.stringMatching(/^\d{10}$/) as string,
    });
  });

  it('tell how it goes, and of the end', () => {
    const [answered] = telnyxTexml.progress(call, place, 'answered');
    const [started] = telnyxTexml.progress(call, place, 'started');
    const [stopped, completed] = telnyxTexml.endWebhooks(call, ended);
    expect(formOf(answered?.body)).toMatchObject({ CallStatus: 'in-progress', SequenceNumber: '1' });
    expect(formOf(started?.body)).toMatchObject({ StreamEvent: 'stream-started', StreamSid: call.streamId });
    expect(stopped?.path).toBe('/webhooks/telnyx/us/stream-status');
    expect(formOf(stopped?.body)).toMatchObject({ StreamEvent: 'stream-stopped' });
    expect(completed?.path).toBe('/webhooks/telnyx/us/texml-status');
    expect(formOf(completed?.body)).toMatchObject({
      ...{
        CallStatus: 'completed',
        CallDuration: '63',
        HangupCause: 'normal_clearing',
        HangupSource: 'caller',
      },
      ...{ SequenceNumber: '3', EndTime: '2025-01-07T10:22:09Z' },
    });
  });

  it('ask what is next at the URL of the verb, also when the caller has left', () => {
    const flow = { afterBot: false, actionUrl: 'https://voice.example.com/base/next?a=1' };
    const asked = telnyxTexml.nextWebhook(call, ended, flow);
    expect(asked?.path).toBe('/next?a=1');
    expect(formOf(asked?.body)).toMatchObject({ CallStatus: 'completed', StreamSid: call.streamId });
    expect(telnyxTexml.nextWebhook(call, ended, { ...flow, actionUrl: null })).toBeNull();
  });
});

describe('an answer in TeXML', () => {
  const texml = (attributes: string, more = '') =>
    `<Response><Connect${more}><Stream url="wss://a.example/m" ${attributes}><Parameter name="a" value="1"/>` +
    '</Stream></Connect><Redirect>https://a.example/behind</Redirect></Response>';

  it('names the stream, and what follows it', () => {
    expect(readTexml(texml('bidirectionalMode="rtp" statusCallback="https://a.example/s"'))).toEqual({
      url: 'wss://a.example/m',
      parameters: { a: '1' },
      statusUrl: 'https://a.example/s',
      wrong: [],
    });
    expect(texmlActionUrl(texml('', ' action="https://a.example/n"'))).toBe('https://a.example/n');
    expect(texmlActionUrl(texml(''))).toBe('https://a.example/behind');
    expect(texmlActionUrl('<Response/>')).toBeNull();
  });

  it('that leaves the mode at its default would not be heard', () => {
    expect(readTexml(texml(''))?.wrong).toEqual([expect.stringContaining('bidirectionalMode')]);
    expect(readTexml('<Response/>')).toBeNull();
  });
});
