import { getWith, postWith } from '../adapter.contract';
import type { AnswerContext } from '../port';
import { plivoWebhook } from './webhook';

const account = { name: 'main', country: 'IN' };
const CallUUID = '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36';
const URL = 'https://voice.example.com/webhooks/plivo/main';

const parse = (operation: string, parameters: Record<string, string>, make = postWith) =>
  plivoWebhook.parse(operation, make(URL, { CallUUID, ...parameters }), account);

function announced(parameters: Record<string, string>, make = postWith) {
  const webhook = parse('answer', parameters, make);
  if (webhook.kind !== 'announcement') throw new Error(`not an announcement but ${webhook.kind}`);
  return webhook.announcement;
}

describe('the announcement of a Plivo call', () => {
  const numbers = { From: '919000000001', To: '918035000000', Event: 'StartApp' };

  it.each([
    [{ Direction: 'inbound' }, 'inbound', '+919000000001'],
    [{}, 'inbound', '+919000000001'],
    [{ Direction: 'outbound' }, 'outbound', '+918035000000'],
  ])('of %j is %s, with the customer %s', (more, direction, phone) => {
    expect(announced({ ...numbers, ...more })).toMatchObject({ direction, customer: { phone } });
    expect(announced({ ...numbers, ...more }, getWith)).toMatchObject({ direction, customer: { phone } });
  });

  it.each(['sip:alice@phone.plivo.com', 'anonymous', '266696687', ''])(
    'has no customer when %j calls',
    (From) => {
      const { from, customer } = announced({ ...numbers, From });
      expect(customer).toBeNull();
      expect(from).toBe(From === '' ? null : From);
    },
  );

  it.each([
    ['A PERSON', 'A PERSON'],
    ['919000000001', null],
    ['+919000000001', null],
    ['', null],
  ])('with the caller’s name %j has %j for a name', (CallerName, fullName) => {
    expect(announced({ ...numbers, CallerName }).customer?.fullName).toBe(fullName);
    expect(announced({ ...numbers, CallerName, Direction: 'outbound' }).customer?.fullName).toBeNull();
  });

  it('has what else is known of the call, and never what it costs', () => {
    const { attributes } = announced({
      ...numbers,
      ForwardedFrom: '918035000001',
      STIRVerification: 'Verified',
      'X-PH-Tenant': 'north',
      'SIP-H-To': '<sip:x>',
      BillRate: '0.0085',
      ParentAuthID: 'MA00000000000000000X',
    });
    expect(attributes).toEqual({
      forwardedFrom: '918035000001',
      stirVerification: 'Verified',
      'X-PH-Tenant': 'north',
    });
  });

  it('is none when an application without a hang-up URL sends its hang-up here', () => {
    const end = { ...numbers, Event: 'Hangup', CallStatus: 'completed', HangupCauseCode: '4000' };
    expect(parse('answer', end)).toMatchObject({ kind: 'call-ended', reason: 'completed' });
  });

  it('has its id as text', () => {
    const headers = { 'content-type': 'application/json' };
    const body = '{"CallUUID":1234567890}';
    const webhook = plivoWebhook.parse('answer', { method: 'POST', url: URL, headers, body }, account);
    expect(webhook).toEqual({ kind: 'refused', reason: 'CallUUID: not text' });
  });
});

describe('the end of a Plivo call', () => {
  it.each([
    [{ Event: 'Hangup' }, 'call-ended'],
    [{ CallStatus: 'completed' }, 'call-ended'],
    [{ CallStatus: 'busy' }, 'call-ended'],
    [{ CallStatus: 'timeout' }, 'call-ended'],
    [{ CallStatus: 'cancel' }, 'call-ended'],
    [{ CallStatus: 'failed' }, 'call-ended'],
    [{ Event: 'Ring', CallStatus: 'ringing' }, 'progress'],
    [{ Event: 'StartApp', CallStatus: 'in-progress' }, 'progress'],
    [{}, 'progress'],
  ])('told as %j is %s', (parameters: Record<string, string>, kind) => {
    const status = parameters.CallStatus ?? 'unknown';
    expect(parse('hangup', parameters)).toMatchObject({ kind, status });
  });
});

describe('the stream of a Plivo call', () => {
  it.each([
    ['started', 'progress'],
    ['StartStream', 'progress'],
    ['DegradedStream', 'progress'],
    ['PlayedStream', 'progress'],
    ['ClearedAudio', 'progress'],
    ['something-new', 'progress'],
    ['', 'progress'],
    ['stopped', 'stream-ended'],
    ['failed', 'stream-ended'],
    ['StopStream', 'stream-ended'],
    ['DroppedStream', 'stream-ended'],
  ])('%j is %s', (Event, kind) => {
    expect(parse('stream-status', { Event })).toMatchObject({ kind, status: Event || 'unknown' });
  });

  it('tells why it ended, and never its URL, which has a token in it', () => {
    const more = { StreamID: 's1', StatusReason: 'why', Error: 'what', ServiceURL: 'wss://h.example/TOKEN' };
    expect(parse('stream-status', { Event: 'failed', ...more })).toMatchObject({
      details: { streamId: 's1', reason: 'why', error: 'what' },
    });
    expect(JSON.stringify(parse('stream-status', { Event: 'failed', ...more }))).not.toContain('TOKEN');
  });

  it.each([
    ['in-progress', true],
    ['ringing', true],
    ['', true],
    ['completed', false],
    ['failed', false],
    ['no-answer', false],
  ])('asks what comes next, when the call is %j: %s', (CallStatus, asksNext) => {
    const webhook = parse('after-stream', { Event: 'Redirect', CallStatus });
    expect(webhook).toMatchObject({ kind: 'stream-ended', status: 'redirected', asksNext });
  });
});

describe('the answer to a Plivo call', () => {
  const context: AnswerContext = {
    streamUrl: 'wss://voice.example.com/ws/plivo/main/TOKEN?a=1&b="2"',
    streamStatusUrl: '',
    afterStreamUrl: '',
    parameters: {},
    next: 'none',
    transferTo: null,
  };
  const answer = (more: Partial<AnswerContext>) =>
    plivoWebhook.answer('answer', { ...context, ...more }).body;

  it('escapes whatever it is given, and leaves out what there is none of', () => {
    expect(answer({})).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        '<Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000">' +
        'wss://voice.example.com/ws/plivo/main/TOKEN?a=1&amp;b=&quot;2&quot;</Stream></Response>',
    );
    const urls = {
      streamStatusUrl: 'https://h.example/?a&"b"',
      afterStreamUrl: 'https://h.example/?<a>&\u0000',
    };
    expect(answer(urls)).toContain(' statusCallbackUrl="https://h.example/?a&amp;&quot;b&quot;">');
    expect(answer(urls)).toContain('<Redirect>https://h.example/?&lt;a&gt;&amp;</Redirect></Response>');
  });

  it.each<[Record<string, string>, string | null]>([
    [{ a: '1' }, 'a=1'],
    [{ a: '1', B2: 'xYz' }, 'a=1,B2=xYz'],
    [{ a_b: '1', c: '2-3', d: '', e: 'x y', f: '4' }, 'f=4'],
    [{ a: 'x'.repeat(510) }, `a=${'x'.repeat(510)}`],
    [{ a: 'x'.repeat(511) }, null],
    [{ a: 'x'.repeat(500), b: 'y'.repeat(20), c: 'z' }, `a=${'x'.repeat(500)},c=z`],
    [{ a: 'ü' }, null],
    [{}, null],
  ])('has as extra headers what Plivo takes: %#', (parameters, expected) => {
    const found = /extraHeaders="([^"]*)"/.exec(answer({ parameters }));
    expect(found?.[1] ?? null).toBe(expected);
  });

  it('never dials in answer to anything but what asks', () => {
    for (const operation of ['answer', 'hangup', 'stream-status', 'nothing']) {
      const { body } = plivoWebhook.answer(operation, { ...context, next: 'transfer', transferTo: '+1415' });
      expect(body).not.toContain('Dial');
    }
  });
});
