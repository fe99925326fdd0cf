import { getWith, postJson } from '../adapter.contract';
import type { NccoContext } from './ncco';
import { vonageWebhook } from './webhook';

const account = { name: 'default', country: 'GB' };
const uuid = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const leg = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ff';
const URL = 'https://voice.example.com/webhooks/vonage/default';

function announced(
  parameters: Record<string, string>,
  request = getWith(`${URL}/answer`, { uuid, ...parameters }),
) {
  const webhook = vonageWebhook.parse('answer', request, account);
  if (webhook.kind !== 'announcement') throw new Error(`not an announcement but ${webhook.kind}`);
  return webhook.announcement;
}

describe('the announcement of a Vonage call', () => {
  it.each([
    ['447700900000', '+447700900000'],
    ['14155550100', '+14155550100'],
    [' 447700900000 ', '+447700900000'],
    ['+447700900000', '+447700900000'],
    // a mobile number of India, whose country code could be one of Britain's area codes
    ['919876543210', '+919876543210'],
  ])('reads %j as E.164 without its +', (from, phone) => {
    expect(announced({ from, to: '447700900001' })).toMatchObject({
      from: phone,
      to: '+447700900001',
      customer: { phone },
    });
  });

  it.each(['anonymous', 'Unknown', '266696687', '12345', 'sip:alice@example.com'])(
    'has no customer when %j calls',
    (from) => {
      expect(announced({ from, to: '447700900001' })).toMatchObject({ from, customer: null });
    },
  );

  it('has the user of an app who calls, and no customer', () => {
    expect(announced({ from_user: 'Alice', to: '447700900001', endpoint_type: 'app' })).toMatchObject({
      from: 'Alice',
      customer: null,
      attributes: { endpointType: 'app' },
    });
  });

  it('is outbound where the answer URL of the call says so', () => {
    const numbers = { from: '447700900001', to: '447700900000' };
    const outbound = { direction: 'outbound', customer: { phone: '+447700900000' } };
    expect(announced({ ...numbers, direction: 'outbound' })).toMatchObject(outbound);
    const request = postJson(`${URL}/answer?direction=outbound`, { uuid, ...numbers });
    expect(announced({}, request)).toMatchObject(outbound);
    expect(announced(numbers)).toMatchObject({ direction: 'inbound', customer: { phone: '+447700900001' } });
  });
});

const event = (body: object, operation = 'event', query = '') =>
  vonageWebhook.parse(operation, postJson(`${URL}/${operation}${query}`, body), account);

describe('the events of the phone leg', () => {
  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['cancelled', 'canceled'],
    ['unanswered', 'no-answer'],
    ['timeout', 'no-answer'],
    ['rejected', 'rejected'],
    ['failed', 'failed'],
  ])('%s: the call is over, %s', (status, reason) => {
    const timestamp = '2025-01-07T10:21:06.123Z';
    expect(event({ uuid, status, timestamp, to: '447700900001' })).toMatchObject({
      ...{ kind: 'call-ended', callId: uuid, status, reason },
      ...{ endedAt: Date.parse(timestamp), durationMs: null },
    });
  });

  it.each(['started', 'ringing', 'answered', 'human', 'disconnected', 'something-new', '__proto__', ''])(
    '%j is progress',
    (status) => {
      expect(event({ uuid, status })).toMatchObject({ kind: 'progress', status: status || 'unknown' });
    },
  );

  it('may come as a query', () => {
    const request = getWith(`${URL}/event`, { uuid, status: 'completed', duration: '3' });
    expect(vonageWebhook.parse('event', request, account)).toMatchObject({
      kind: 'call-ended',
      durationMs: 3000,
    });
  });

  it('have another name for the call id in what answering machine detection tells', () => {
    expect(event({ call_uuid: uuid, status: 'machine' })).toMatchObject({ kind: 'progress', callId: uuid });
    expect(event({ uuid, call_uuid: leg, status: 'completed' })).toMatchObject({ callId: uuid });
    expect(event({ reason: 'Syntax error in NCCO.' })).toEqual({ kind: 'refused', reason: 'uuid: missing' });
  });

  it.each([
    ['2025-01-07T10:22:09.000Z', true],
    ['2025-01-07T10:22:09Z', true],
    ['2025-01-07T10:22:09.123456+00:00', true],
    ['2025-01-07T10:22:09', false],
    ['2025-01-07 10:22:09', false],
    ['1736245329', false],
    ['1970-01-01T00:00:00Z', false],
    ['2025-99-99T99:99:99Z', false],
  ])('of the end time %j it is told when: %s', (end_time, told) => {
    const ended = event({ uuid, status: 'completed', end_time });
    expect(ended.kind === 'call-ended' && ended.endedAt !== null).toBe(told);
  });

  it('tell the reason without the URLs in it', () => {
    const reason = 'no route to wss://voice.example.com/ws/vonage/default/TOKEN today';
    expect(event({ uuid, status: 'failed', reason })).toMatchObject({
      details: { reason: 'no route to wss://(removed) today' },
    });
  });
});

describe('the events of the stream’s leg', () => {
  const to = 'wss://voice.example.com/ws/vonage/default/TOKEN';
  const ours = { headers: { call_uuid: uuid } };

  it.each(['completed', 'failed', 'busy', 'timeout', 'disconnected', 'answered'])(
    '%s never ends the call, wherever they come',
    (status) => {
      for (const more of [{}, ours]) {
        expect(event({ uuid: leg, to, status, ...more }).kind).not.toBe('call-ended');
        // should it ever carry the phone leg's own id
        expect(event({ uuid, to, status, ...more }).kind).not.toBe('call-ended');
        expect(event({ uuid, to, status, ...more }, 'after-stream', `?call_uuid=${uuid}`).kind).not.toBe(
          'call-ended',
        );
      }
    },
  );

  it('belong to the call that our headers name, and otherwise to nobody', () => {
    expect(event({ uuid: leg, to, status: 'answered', ...ours })).toMatchObject({ callId: uuid });
    expect(event({ uuid: leg, to, status: 'answered' })).toMatchObject({ callId: leg });
    expect(event({ uuid: leg, to, status: 'disconnected', ...ours })).toMatchObject({
      kind: 'stream-ended',
      asksNext: false,
    });
  });

  it.each([
    ['disconnected', 'stream-ended', true],
    ['failed', 'stream-ended', true],
    ['unanswered', 'stream-ended', true],
    ['rejected', 'stream-ended', true],
    ['busy', 'stream-ended', true],
    ['timeout', 'stream-ended', true],
    ['completed', 'stream-ended', false],
    ['cancelled', 'stream-ended', false],
  ])('%s is %s, and asks what comes next: %s', (status, kind, asksNext) => {
    expect(event({ uuid: leg, to, status }, 'after-stream', `?call_uuid=${uuid}`)).toMatchObject({
      ...{ kind, callId: uuid, status, asksNext },
      details: { legUuid: leg },
    });
  });

  it.each(['started', 'ringing', 'answered', 'something-new'])('%s is progress', (status) => {
    expect(event({ uuid: leg, to, status }, 'after-stream', `?call_uuid=${uuid}`)).toMatchObject({
      kind: 'progress',
      status: `stream-${status}`,
    });
  });

  it('name the call in the URL, in our headers, or in both alike', () => {
    const ended = { uuid: leg, to, status: 'disconnected' };
    const called = (body: object, query = '') => event({ ...ended, ...body }, 'after-stream', query);
    expect(called({}, `?call_uuid=${uuid}`)).toMatchObject({ callId: uuid });
    expect(called(ours)).toMatchObject({ callId: uuid });
    expect(called(ours, `?a=1&call_uuid=${uuid}`)).toMatchObject({ callId: uuid });
    const two = { kind: 'refused', reason: 'call_uuid: two different ones' };
    expect(called(ours, `?call_uuid=${leg}`)).toEqual(two);
    expect(called({})).toEqual({ kind: 'refused', reason: 'call_uuid: missing' });
    expect(called(ours, '?call_uuid=')).toEqual({ kind: 'refused', reason: 'call_uuid: empty' });
  });
});

describe('the answer to a Vonage call', () => {
  const context: NccoContext = {
    callId: uuid,
    streamUrl: 'wss://voice.example.com/ws/vonage/default/TOKEN',
    streamStatusUrl: '',
    afterStreamUrl: `${URL}/after-stream`,
    parameters: {},
    next: 'none',
    transferTo: '+447700900199',
  };
  const ncco = (operation: string, more: Partial<NccoContext> = {}) =>
    JSON.parse(vonageWebhook.answer(operation, { ...context, ...more }).body) as [
      { eventUrl?: string[]; endpoint: { headers: Record<string, string> }[]; [key: string]: unknown },
    ];
  const headers = (parameters: Record<string, string>) =>
    ncco('answer', { parameters })[0].endpoint[0]?.headers;

  it('leaves out headers that Vonage would not take, or that would be taken for its own', () => {
    const room = 512 - JSON.stringify({ call_uuid: uuid, a: '' }).length;
    expect(headers({ a: 'x'.repeat(room), b: '' })).toEqual({ call_uuid: uuid, a: 'x'.repeat(room) });
    expect(headers({ a: 'x'.repeat(room + 1), b: 'y' })).toEqual({ call_uuid: uuid, b: 'y' });
    expect(headers({ a: 'ü'.repeat(room / 2 + 1) })).toEqual({ call_uuid: uuid });
    const own = JSON.parse('{"event":"x","content-type":"x","call_uuid":"x","__proto__":"x"}') as Record<
      string,
      string
    >;
    expect(headers(own)).toEqual({ call_uuid: uuid });
  });

  it('asks after the stream at the URL that it was given, or not at all', () => {
    const asked = ncco('answer', { afterStreamUrl: 'https://h.example/?a=1' });
    expect(asked[0].eventUrl).toEqual([`https://h.example/?a=1&call_uuid=${uuid}`]);
    expect(asked[0].eventType).toBe('synchronous');
    expect(Object.keys(ncco('answer', { afterStreamUrl: '' })[0])).toEqual(['action', 'endpoint']);
  });

  it('has to know the call', () => {
    expect(() => ncco('answer', { callId: undefined })).toThrow('id of the call');
  });

  it('shows the person one of the application’s numbers, where ours in this call is not known', () => {
    for (const ownNumber of [undefined, null, '']) {
      const [connect] = ncco('after-stream', { next: 'transfer', ownNumber });
      expect(connect).toEqual({
        action: 'connect',
        randomFromNumber: true,
        endpoint: [{ type: 'phone', number: '447700900199' }],
      });
    }
  });

  it('is no NCCO where nothing comes next: one would be followed, even while the stream lives', () => {
    for (const operation of ['event', 'after-stream', 'other']) {
      expect(vonageWebhook.answer(operation, context).body).toBe('');
    }
    expect(vonageWebhook.answer('event', { ...context, next: 'transfer' }).body).toBe('');
  });
});
