import type { Announcement } from '@greenroom/contracts';
import { getWith, postWith } from '../adapter.contract';
import type { AnswerContext } from '../port';
import { twilioWebhook } from './webhook';

const account = { name: 'us', country: 'US' };
const CallSid = 'CA00000000000000000000000000000001';
const URL = 'https://voice.example.com/webhooks/twilio/us';

function announced(parameters: Record<string, string>, method = postWith): Announcement {
  const webhook = twilioWebhook.parse('voice', method(URL, { CallSid, ...parameters }), account);
  if (webhook.kind !== 'announcement') throw new Error(`not an announcement but ${webhook.kind}`);
  return webhook.announcement;
}

const parse = (operation: string, parameters: Record<string, string>) =>
  twilioWebhook.parse(operation, postWith(URL, { CallSid, ...parameters }), account);

describe('the announcement of a Twilio call', () => {
  const numbers = { From: '+14155550100', To: '+18005551212' };

  it.each([
    [{ Direction: 'inbound' }, 'inbound', '+14155550100'],
    [{}, 'inbound', '+14155550100'],
    [{ Direction: 'outbound-api' }, 'outbound', '+18005551212'],
    [{ Direction: 'outbound-dial' }, 'outbound', '+18005551212'],
  ])('of %j is %s, with the customer %s', (more, direction, phone) => {
    expect(announced({ ...numbers, ...more })).toMatchObject({ direction, customer: { phone } });
    expect(announced({ ...numbers, ...more }, getWith)).toMatchObject({ direction, customer: { phone } });
  });

  it.each(['sip:alice@example.com', 'client:alice', 'anonymous', '+266696687', '+86282452253', ''])(
    'has no customer when %j calls',
    (From) => {
      const { from, customer } = announced({ ...numbers, From });
      expect(customer).toBeNull();
      expect(from).toBe(From === '' ? null : From);
    },
  );

  it('has the name of the caller, where the network gives one', () => {
    expect(announced({ ...numbers, CallerName: 'A PERSON' }).customer?.fullName).toBe('A PERSON');
    expect(announced({ ...numbers, CallerName: ' ' }).customer?.fullName).toBeNull();
    const outbound = { ...numbers, CallerName: 'US', Direction: 'outbound-api' };
    expect(announced(outbound).customer?.fullName).toBeNull();
  });

  it('has the place of the customer, and never the call token', () => {
    const { attributes } = announced({
      ...numbers,
      Direction: 'outbound-api',
      FromCity: 'OURS',
      ToCity: 'THEIRS',
      CallToken: 'SECRET',
    });
    expect(attributes).toEqual({ city: 'THEIRS' });
  });
});

describe('the status of a Twilio call', () => {
  it.each([
    ['queued', 'progress'],
    ['initiated', 'progress'],
    ['ringing', 'progress'],
    ['in-progress', 'progress'],
    ['', 'progress'],
    ['completed', 'call-ended'],
    ['busy', 'call-ended'],
    ['failed', 'call-ended'],
    ['no-answer', 'call-ended'],
    ['canceled', 'call-ended'],
  ])('%j is %s', (CallStatus, kind) => {
    expect(parse('status', { CallStatus })).toMatchObject({ kind, status: CallStatus || 'unknown' });
  });

  it.each(['completed', 'busy', 'failed', 'no-answer', 'canceled'])(
    '%s is why it is over, too',
    (CallStatus) => {
      expect(parse('status', { CallStatus })).toMatchObject({ kind: 'call-ended', reason: CallStatus });
    },
  );

  it.each([
    ['Tue, 07 Jan 2025 10:22:09 +0000', '2025-01-07T10:22:09Z'],
    ['Tue, 7 Jan 2025 10:22:09 -0800', '2025-01-07T18:22:09Z'],
  ])('%s is when it has ended: %s', (Timestamp, utc) => {
    expect(parse('status', { CallStatus: 'completed', Timestamp })).toMatchObject({
      endedAt: Date.parse(utc),
    });
  });

  it.each([
    '',
    'Thu, 01 Jan 1970 00:00:00 +0000',
    'Tue, 07 Jan 2025 10:22:09',
    'Tue, 07 Foo 2025 10:22:09 +0000',
    'Tue, 07 Jan 2025 25:22:09 +0000',
    '1736245329',
    '2025',
    'NaN',
    'null',
  ])('has ended at no time that is known: %j', (Timestamp) => {
    expect(parse('status', { CallStatus: 'completed', Timestamp })).toMatchObject({ endedAt: null });
  });

  it.each([
    ['63', 63_000],
    ['0', 0],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['NaN', null],
    ['9999999', null],
  ])('has lasted %j s: %j ms', (CallDuration, durationMs) => {
    expect(parse('status', { CallStatus: 'completed', CallDuration })).toMatchObject({ durationMs });
    // in minutes
    expect(parse('status', { CallStatus: 'completed', Duration: '2' })).toMatchObject({ durationMs: null });
  });

  it.each([
    ['in-progress', true],
    ['', true],
    ['completed', false],
    ['canceled', false],
    ['no-answer', false],
  ])('%j after its stream: it asks what comes next: %s', (CallStatus, asksNext) => {
    const webhook = parse('after-stream', { CallStatus, StreamSid: 'MZ1', StreamError: '' });
    const details = { callStatus: CallStatus || 'unknown', streamSid: 'MZ1' };
    expect(webhook).toEqual({
      kind: 'stream-ended',
      callId: CallSid,
      status: 'connect-ended',
      details,
      asksNext,
    });
  });

  it.each([
    ['stream-started', 'progress'],
    ['stream-stopped', 'stream-ended'],
    ['stream-error', 'stream-ended'],
    ['something-new', 'progress'],
  ])('of its stream, %j, is %s', (StreamEvent, kind) => {
    expect(parse('stream-status', { StreamEvent })).toMatchObject({ kind, status: StreamEvent });
  });
});

describe('the answer to a Twilio call', () => {
  const context: AnswerContext = {
    streamUrl: 'wss://voice.example.com/media/us?a=1&b="2"',
    streamStatusUrl: '',
    afterStreamUrl: '',
    parameters: {},
    next: 'none',
    transferTo: null,
  };
  const answer = (parameters: Record<string, string>, more: Partial<AnswerContext> = {}) =>
    twilioWebhook.answer('voice', { ...context, parameters, ...more }).body;

  it('escapes whatever it is given', () => {
    const body = answer(
      { '<a>': `"&'`, b: 'c\u0000d\ud800\n' },
      { streamStatusUrl: 'https://h.example/?a&b', afterStreamUrl: 'https://h.example/"' },
    );
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Connect action="https://h.example/&quot;">' +
        '<Stream url="wss://voice.example.com/media/us?a=1&amp;b=&quot;2&quot;" statusCallback="https://h.example/?a&amp;b">' +
        '<Parameter name="&lt;a&gt;" value="&quot;&amp;&apos;"/><Parameter name="b" value="c d"/>' +
        '</Stream></Connect></Response>',
    );
  });

  it('leaves out parameters that Twilio would not take', () => {
    expect(answer({ a: 'x'.repeat(498) })).toContain('<Parameter name="a"');
    expect(answer({ a: 'x'.repeat(499) })).not.toContain('<Parameter');
  });

  it('names no status callback where there is none', () => {
    expect(answer({})).not.toContain('statusCallback');
  });

  it('names no URL for what comes next where there is none', () => {
    expect(answer({})).toContain('<Connect><Stream');
  });

  it('never dials in answer to anything but what asks', () => {
    for (const operation of ['voice', 'status', 'stream-status']) {
      const { body } = twilioWebhook.answer(operation, { ...context, next: 'transfer', transferTo: '+1415' });
      expect(body).not.toContain('Dial');
    }
  });
});
