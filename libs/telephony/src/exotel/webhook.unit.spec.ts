import type { Announcement } from '@greenroom/contracts';
import { getWith, postJson, postWith } from '../adapter.contract';
import type { AnswerContext, Webhook } from '../port';
import { exotelWebhook } from './webhook';

const account = { name: 'default', country: 'IN' };
const CallSid = '56b1234567abcdef89abcdef12345678';
const URL = 'https://voice.example.com/webhooks/exotel/default/passthru';

const passthru = (parameters: Record<string, string> | string): Webhook =>
  exotelWebhook.parse(
    'passthru',
    getWith(
      URL,
      typeof parameters === 'string' ? `CallSid=${CallSid}&${parameters}` : { CallSid, ...parameters },
    ),
    account,
  );

function announced(parameters: Record<string, string> | string): Announcement {
  const webhook = passthru(parameters);
  if (webhook.kind !== 'announcement') throw new Error(`not an announcement but ${webhook.kind}`);
  return webhook.announcement;
}

const status = (parameters: Record<string, string>): Webhook =>
  exotelWebhook.parse('status', postWith(URL, { CallSid, ...parameters }), account);

describe('the customer of an Exotel call', () => {
  it.each<[string, string, string | null]>([
    ['the caller of an incoming call', 'Direction=incoming&CallFrom=09000000001', '+919000000001'],
    ['the caller, where only From has one', 'Direction=incoming&CallFrom=&From=09000000001', '+919000000001'],
    ['the caller, where CallFrom is no number', 'CallFrom=anonymous&From=09000000001', '+919000000001'],
    ['the caller, where a + was not escaped', 'CallFrom=+919000000001', '+919000000001'],
    ['the caller, where nothing says the direction', 'CallFrom=09000000001', '+919000000001'],
    ['nobody, where the caller withheld the number', 'CallFrom=anonymous&From=Restricted', null],
    ['nobody, where there is no caller', 'Direction=incoming&CallTo=08000000002', null],
    ['nobody, where there are two callers', 'CallFrom=09000000001&CallFrom=09000000009', null],
    [
      'the first leg of an outgoing call',
      'Direction=outbound-api&From=09000000003&To=08000000002&CallFrom=09000000003',
      '+919000000003',
    ],
    [
      'the person that CustomField names, in an outgoing call',
      'Direction=outbound-dial&From=08000000002&To=09000000003&CustomField=phone%3D09000000003%7Ca%3D1',
      '+919000000003',
    ],
    [
      'the first leg, where the phone in CustomField is none',
      'Direction=outbound-dial&From=09000000003&CustomField=%7B%22phone%22%3A%22x%22%7D',
      '+919000000003',
    ],
    [
      'the person that CustomField names with a + that was not escaped',
      'Direction=outbound-dial&From=08000000002&CustomField=a%3D1%7Cphone_number%3D+919000000003',
      '+919000000003',
    ],
    [
      'the caller, whatever CustomField says, in an incoming call',
      'CallFrom=09000000001&CustomField=phone%3D09000000003',
      '+919000000001',
    ],
  ])('is %s', (_, query, expected) => {
    expect(announced(query).customer?.phone ?? null).toBe(expected);
  });

  it('has name and language from CustomField', () => {
    const custom = (value: object) =>
      announced({ CallFrom: '09000000001', CustomField: JSON.stringify(value) }).customer;
    expect(custom({ name: ' A Person ', language: 'en-IN' })).toMatchObject({
      fullName: 'A Person',
      language: 'en-IN',
    });
    expect(custom({ full_name: 'B', lang: 'hi' })).toMatchObject({ fullName: 'B', language: 'hi' });
    expect(custom({ customer_name: 'C\u0000', lang: 'no language' })).toMatchObject({
      fullName: 'C',
      language: null,
    });
    expect(custom({ name: 'x'.repeat(300) })?.fullName).toHaveLength(200);
  });
});

describe('the announcement of an Exotel call', () => {
  it('keeps numbers that it cannot understand as they came', () => {
    const { from, to, customer } = announced({ CallFrom: 'anonymous', CallTo: ` sip:${'x'.repeat(100)}` });
    expect(from).toBe('anonymous');
    expect(to).toHaveLength(64);
    expect(customer).toBeNull();
  });

  it('has at most 32 attributes, whatever CustomField holds', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`a${i}`, 'x'.repeat(30)]));
    const { attributes } = announced({ digits: '"12"', CustomField: JSON.stringify(many) });
    expect(Object.keys(attributes)).toHaveLength(32);
    expect(attributes.digits).toBe('12');
  });

  it('has its digits without quotes and blanks around them, however many there are', () => {
    const digitsOf = (digits: string) => announced({ digits }).attributes.digits;
    expect([' "12" ', '"1"2"', '12', '"12'].map(digitsOf)).toEqual(['12', '1"2', '12', '12']);
    // nothing that is read again from each of its characters on would ever be done with it
    expect(digitsOf(`1${' '.repeat(200_000)}2`)).toBe('1');
    expect(digitsOf(`${'" '.repeat(100_000)}12`)).toBe('12');
  });

  it('comes at call start even if the later parameters are there, but empty', () => {
    const empty = { 'Stream[Status]': '', DialCallStatus: '', 'Legs[0][Cause]': '', digits: '""' };
    expect(announced({ CallFrom: '09000000001', ...empty }).attributes).toEqual({});
  });

  it('is refused for an account whose name is none', () => {
    const request = getWith(URL, { CallSid });
    expect(exotelWebhook.parse('passthru', request, { name: 'No Name', country: 'IN' })).toEqual({
      kind: 'refused',
      reason: 'account: lower-case letters, digits, - and _, at most 63',
    });
  });
});

describe('the end of an Exotel stream', () => {
  const secretUrl = 'wss://KEY:TOKEN@voice.example.com/media/exotel?token=SECRET';

  it.each<[string, Webhook]>([
    ['flat', passthru({ 'Stream[Status]': 'failed', 'Stream[Error]': `3009 ${secretUrl} refused` })],
    [
      'one parameter',
      passthru({ Stream: JSON.stringify({ Status: 'failed', Error: `3009 ${secretUrl} refused` }) }),
    ],
    ['without brackets', passthru({ StreamStatus: 'failed', StreamError: `3009 ${secretUrl} refused` })],
    [
      'nested JSON',
      exotelWebhook.parse(
        'passthru',
        {
          method: 'POST',
          url: URL,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            CallSid,
            Stream: { Status: 'failed', Error: `3009 ${secretUrl} refused`, StreamUrl: secretUrl },
          }),
        },
        account,
      ),
    ],
  ])('is understood %s, without the URL', (_, webhook) => {
    expect(webhook).toEqual({
      kind: 'stream-ended',
      callId: CallSid,
      status: 'failed',
      details: { error: '3009 wss://(removed) refused' },
      asksNext: true,
    });
  });

  it.each(['{', '[]', 'x', '{"Status":{}}'])('is understood, but not how, from Stream=%s', (Stream) => {
    expect(passthru({ Stream })).toEqual({
      kind: 'stream-ended',
      callId: CallSid,
      status: 'unknown',
      details: {},
      asksNext: true,
    });
  });
});

describe('the status of an Exotel call', () => {
  it.each([
    [{ Status: 'completed' }, 'call-ended', 'completed'],
    [{ Status: 'no-answer' }, 'call-ended', 'no-answer'],
    [{ EventType: 'terminal', Status: 'busy' }, 'call-ended', 'busy'],
    [{ EventType: 'terminal' }, 'call-ended', 'terminal'],
    [{ EventType: 'answered', Status: 'in-progress' }, 'progress', 'in-progress'],
    [{ EventType: 'answered' }, 'progress', 'answered'],
    [{}, 'progress', 'unknown'],
  ])('%j is %s: %s', (parameters, kind, expected) => {
    expect(status(parameters as Record<string, string>)).toMatchObject({ kind, status: expected });
  });

  it.each([
    [{ Status: 'completed' }, 'completed'],
    [{ Status: 'busy' }, 'busy'],
    [{ Status: 'no-answer' }, 'no-answer'],
    [{ Status: 'failed' }, 'failed'],
    [{ Status: 'canceled' }, 'canceled'],
    [{ Status: 'cancelled' }, 'canceled'],
    // over, and no more is known than whether the two have talked
    [{ EventType: 'terminal', ConversationDuration: '12' }, 'completed'],
    [{ EventType: 'terminal', ConversationDuration: '0' }, 'failed'],
    [{ EventType: 'terminal', Status: 'in-progress' }, 'failed'],
    [{ EventType: 'terminal', Status: 'something-new' }, 'failed'],
  ])('%j is over because: %s', (parameters, reason) => {
    expect(status(parameters as Record<string, string>)).toMatchObject({ kind: 'call-ended', reason });
  });

  it.each([
    ['2025-01-07 15:52:09', '2025-01-07T10:22:09Z'],
    ['2025-01-07T15:52:09', '2025-01-07T10:22:09Z'],
    [' 2025-01-01 02:00:00 ', '2024-12-31T20:30:00Z'],
  ])('has ended at %s in India: %s', (EndTime, utc) => {
    expect(status({ Status: 'completed', EndTime })).toMatchObject({ endedAt: Date.parse(utc) });
  });

  it.each([
    '',
    '1970-01-01 05:30:00',
    '0000-00-00 00:00:00',
    '2025-13-01 10:00:00',
    '2025-01-07 25:00:00',
    '2025-01-07',
    '1736245329',
    'NaN',
    'null',
    'Tue, 07 Jan 2025 15:52:09',
    '2025-01-07 15:52:09Z',
    '2025-01-07 15:52:09 2025-01-07 15:52:09',
  ])('has ended at no time that is known: %j', (EndTime) => {
    expect(status({ Status: 'completed', EndTime })).toMatchObject({ endedAt: null });
  });

  it.each([
    ['63', 63_000],
    ['0', 0],
    [' 7 ', 7000],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['NaN', null],
    ['null', null],
    ['00:01:03', null],
    ['9999999', null],
  ])('has lasted %j s: %j ms', (ConversationDuration, durationMs) => {
    expect(status({ Status: 'completed', ConversationDuration })).toMatchObject({ durationMs });
  });

  it('has numbers as numbers in JSON, and says nothing of what is missing', () => {
    const parse = (body: object) =>
      exotelWebhook.parse('status', postJson(URL, { CallSid, Status: 'completed', ...body }), account);
    expect(parse({ ConversationDuration: 63 })).toMatchObject({ durationMs: 63_000, endedAt: null });
    expect(parse({ ConversationDuration: 6.3, EndTime: 5 })).toMatchObject({
      durationMs: null,
      endedAt: null,
    });
    expect(parse({})).toMatchObject({ durationMs: null, endedAt: null });
  });

  it('is progress after a Connect applet, without the numbers of the agents', () => {
    const webhook = passthru({ 'Legs[0][Number]': '09000000009', 'Legs[0][Cause]': '17' });
    expect(webhook).toEqual({
      kind: 'progress',
      callId: CallSid,
      status: 'unknown',
      details: { leg0Cause: '17' },
    });
  });
});

describe('the dynamic URL of an Exotel stream', () => {
  const urlWith = (parameters: Record<string, string>): string => {
    const context: AnswerContext = {
      streamUrl: 'wss://voice.example.com/media',
      streamStatusUrl: '',
      afterStreamUrl: '',
      parameters,
      next: 'none',
      transferTo: null,
    };
    return (JSON.parse(exotelWebhook.answer('stream-url', context).body) as { url: string }).url;
  };

  it('has no query without parameters', () => {
    expect(urlWith({})).toBe('wss://voice.example.com/media');
  });

  it('escapes them, the + among them', () => {
    expect(urlWith({ phone: '+91 90', 'a&b': 'c=d' })).toBe(
      'wss://voice.example.com/media?phone=%2B91%2090&a%26b=c%3Dd',
    );
    expect(urlWith({ half: 'a\ud800b' })).toBe('wss://voice.example.com/media?half=ab');
  });

  it('has at most three, in 256 characters', () => {
    expect(urlWith({ a: '1', b: '2', c: '3', d: '4' })).toBe('wss://voice.example.com/media?a=1&b=2&c=3');
    expect(urlWith({ a: 'x'.repeat(254) })).toHaveLength('wss://voice.example.com/media?'.length + 256);
    expect(urlWith({ a: 'x'.repeat(255), b: '2' })).toBe('wss://voice.example.com/media?b=2');
  });
});
