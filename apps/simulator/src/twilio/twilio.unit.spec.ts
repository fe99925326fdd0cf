import { signTwilio } from '@greenroom/telephony';
import type { ProviderCall, WireMessage } from '../provider-side';
import { twilio } from './twilio';

// the shapes below are Twilio's (twilio.com/docs/voice/twiml, /docs/voice/media-streams); ids are invented
const call: ProviderCall = {
  callId: 'CA00000000000000000000000000000001',
  streamId: 'MZ00000000000000000000000000000001',
  account: 'default',
  credentials: { authToken: '12345' },
  from: '+14155550100',
  to: '+18005551212',
  startedAt: new Date('2025-01-07T10:21:06Z'),
  publicBaseUrl: 'https://voice.example.com/base',
  publicMediaUrl: 'wss://voice.example.com',
};
const place = {
  url: 'wss://voice.example.com/media/twilio',
  parameters: { sessionId: 'ses_01' },
  statusUrl: null,
};
const audio = twilio.lineAudio(8000);
const stream = () => twilio.messages(call, place, { stringNumbers: false, mediaFormat: 'raw', audio });
const parsed = (message: WireMessage | null | undefined): unknown => JSON.parse(message as string);
const formOf = (body: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body));

describe('Twilio’s stream', () => {
  it('opens with connected and start', () => {
    const [connected, start] = stream().opening();
    expect(parsed(connected)).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    expect(parsed(start)).toEqual({
      event: 'start',
      sequenceNumber: '1',
      start: {
        accountSid: 'AC00000000000000000000000000000001',
        streamSid: call.streamId,
        callSid: call.callId,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { sessionId: 'ses_01' },
      },
      streamSid: call.streamId,
    });
  });

  it('sends 20 ms a message, and every number as a string', () => {
    const messages = stream();
    messages.opening();
    messages.media(new Uint8Array(audio.frameBytes));
    expect(audio).toMatchObject({ frameMs: 20, frameBytes: 160 });
    expect(parsed(messages.media(new Uint8Array(160).fill(0xff)))).toEqual({
      event: 'media',
      sequenceNumber: '3',
      media: { track: 'inbound', chunk: '2', timestamp: '20', payload: `${'/'.repeat(213)}w==` },
      streamSid: call.streamId,
    });
  });

  it('sends digits, returned marks and its end', () => {
    const messages = stream();
    const { streamId: streamSid } = call;
    expect(parsed(messages.dtmf('1'))).toEqual({
      event: 'dtmf',
      streamSid,
      sequenceNumber: '1',
      dtmf: { track: 'inbound_track', digit: '1' },
    });
    expect(parsed(messages.mark('m'))).toEqual({
      event: 'mark',
      sequenceNumber: '2',
      streamSid,
      mark: { name: 'm' },
    });
    expect(parsed(messages.stop())).toEqual({
      event: 'stop',
      sequenceNumber: '3',
      stop: { accountSid: 'AC00000000000000000000000000000001', callSid: call.callId },
      streamSid,
    });
  });

  it('signs its upgrade over the URL that it was given', () => {
    expect(twilio.upgradeHeaders(call, place)).toEqual({
      'X-Twilio-Signature': 'C6FHkKjYMuvoBVOntnfRi3NjKEA=',
    });
  });
});

describe('Twilio’s webhooks', () => {
  it('begin with a signed form below the public URL', () => {
    const webhook = twilio.startWebhook(call);
    expect(webhook).toMatchObject({ method: 'POST', path: '/webhooks/twilio/default/voice' });
    expect(Object.keys(webhook.headers)).toEqual([
      'Content-Type',
      'I-Twilio-Idempotency-Token',
      'User-Agent',
      'X-Twilio-Signature',
    ]);
    const form = formOf(webhook.body);
    expect(form).toMatchObject({ CallSid: call.callId, CallStatus: 'ringing', From: '+14155550100' });
    expect(Object.keys(form).sort()).toEqual(
      [
        ...['AccountSid', 'ApiVersion', 'CallSid', 'CallStatus', 'CallToken', 'Direction', 'StirVerstat'],
        ...['Called', 'Caller', 'From', 'To'].flatMap((name) =>
          ['', 'City', 'Country', 'State', 'Zip'].map((part) => name + part),
        ),
      ].sort(),
    );
  });

  it('tell of the end of stream and call', () => {
    const ended = {
      place: { ...place, statusUrl: 'https://voice.example.com/base/told/here?x=1' },
      endedAt: new Date('2025-01-07T10:22:09Z'),
      streamSeconds: 63,
      hungUpBy: 'caller' as const,
    };
    const [stopped, completed] = twilio.endWebhooks(call, ended);
    expect(stopped?.path).toBe('/told/here?x=1');
    expect(formOf(stopped?.body)).toMatchObject({ StreamSid: call.streamId, StreamEvent: 'stream-stopped' });
    expect(completed?.path).toBe('/webhooks/twilio/default/status');
    expect(formOf(completed?.body)).toMatchObject({
      CallStatus: 'completed',
      CallDuration: '63',
      Duration: '2',
      Timestamp: 'Tue, 07 Jan 2025 10:22:09 +0000',
    });
  });
});

describe('what comes after Twilio’s stream', () => {
  const ended = { place, endedAt: new Date(), streamSeconds: 63, hungUpBy: 'gateway' as const };
  const actionUrl = 'https://voice.example.com/base/after?call=1';

  it('is asked at the URL of the verb, with a signed form', () => {
    const request = twilio.nextWebhook(call, ended, { afterBot: false, actionUrl });
    expect(request).toMatchObject({ method: 'POST', path: '/after?call=1' });
    const form = formOf(request?.body);
    expect(form).toMatchObject({
      ...{ CallSid: call.callId, AccountSid: 'AC00000000000000000000000000000001', Direction: 'inbound' },
      ...{ From: call.from, To: call.to, CallStatus: 'in-progress', StreamSid: call.streamId },
    });
    expect(request?.headers['X-Twilio-Signature']).toBe(signTwilio('12345', actionUrl, form));
    const left = twilio.nextWebhook(call, { ...ended, hungUpBy: 'caller' }, { afterBot: true, actionUrl });
    expect(formOf(left?.body)).toMatchObject({ CallStatus: 'completed' });
  });

  it('is asked nowhere where the verb names no URL', () => {
    expect(twilio.nextWebhook(call, ended, { afterBot: true, actionUrl: null })).toBeNull();
    const stream = '<Stream url="wss://a.example/m" action="https://a.example/not-here"/>';
    const connect = (more: string) => `<Response><Connect${more}>${stream}</Connect></Response>`;
    expect(twilio.readActionUrl(connect(''))).toBeNull();
    expect(twilio.readActionUrl(connect(' action="somewhere"'))).toBeNull();
    expect(twilio.readActionUrl(connect(' method="POST" action="https://a.example/n?a=1&amp;b=2"'))).toBe(
      'https://a.example/n?a=1&b=2',
    );
  });

  it.each([
    ['<Dial>+918000000003</Dial>', { decision: 'transfer', number: '+918000000003' }],
    [
      '<Dial timeout="5" callerId="+1"> <Number url="x">+918000000003</Number> </Dial><Hangup/>',
      { decision: 'transfer', number: '+918000000003' },
    ],
    ['<Dial><Queue>support</Queue></Dial>', { decision: 'transfer', number: null }],
    ['<Hangup/>', { decision: 'hang-up', number: null }],
    ['', { decision: 'hang-up', number: null }],
    ['<Say>Bye</Say>', { decision: 'continue', number: null }],
  ])('is what %j says', (verbs, next) => {
    expect(twilio.readNext(200, `<?xml version="1.0"?><Response>${verbs}</Response>`)).toEqual(next);
  });

  it.each([
    [200, ''],
    [200, 'OK'],
    [302, '<Response/>'],
    [500, '<Response/>'],
  ])('cannot be told from %i %j', (status, body) => {
    expect(twilio.readNext(status, body)).toBeNull();
  });

  it('is the end of the call where the answer is empty', () => {
    expect(twilio.readNext(200, '<Response/>')).toEqual({ decision: 'hang-up', number: null });
  });
});

describe('TwiML', () => {
  it('names the stream, its parameters and where its status goes', () => {
    const twiml = `<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hi</Say><Connect>
      <Stream statusCallback="https://a.example/s?x=1&amp;y=2" url='wss://a.example/m?dropped=1'>
        <Parameter name="name" value="A &lt;b&gt; &#38; &quot;c&quot;"/><Parameter value="" name="empty"></Parameter>
      </Stream></Connect></Response>`;
    expect(twilio.readAnswer(twiml)).toEqual({
      url: 'wss://a.example/m',
      parameters: { name: 'A <b> & "c"', empty: '' },
      statusUrl: 'https://a.example/s?x=1&y=2',
    });
  });

  it('may have no parameters', () => {
    const twiml = '<Response><Connect><Stream url="wss://a.example/m"/></Connect></Response>';
    expect(twilio.readAnswer(twiml)).toEqual({ url: 'wss://a.example/m', parameters: {}, statusUrl: null });
  });

  it.each([
    ['', 'nothing'],
    ['<Response/>', 'no Connect'],
    ['<Response><Start><Stream url="wss://a.example/m"/></Start></Response>', 'a stream that only listens'],
    ['<Response><Connect><Stream/></Connect></Response>', 'no URL'],
    ['<Response><Connect><Stream url="not a url"/></Connect></Response>', 'no real URL'],
  ])('%j names no stream', (twiml) => {
    expect(twilio.readAnswer(twiml)).toBeNull();
  });
});
