import type { Announcement } from '@greenroom/contracts';
import { getWith, postJson, postWith } from '../adapter.contract';
import type { AnswerContext, Webhook } from '../port';
import { telnyxWebhook } from './webhook';

const account = { name: 'us', country: 'US' };
const callId = 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg';
const legB = 'v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ';
const URL = 'https://voice.example.com/webhooks/telnyx/us';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const event = (event_type: unknown, payload: object = {}, data: object = {}): Webhook =>
  telnyxWebhook.parse(
    'events',
    postJson(URL, { data: { event_type, payload: { call_control_id: callId, ...payload }, ...data } }),
    account,
  );

const form = (operation: string, parameters: Record<string, string>, method = postWith): Webhook =>
  telnyxWebhook.parse(operation, method(URL, { CallSid: callId, ...parameters }), account);

function announced(webhook: Webhook): Announcement {
  if (webhook.kind !== 'announcement') throw new Error(`not an announcement but ${webhook.kind}`);
  return webhook.announcement;
}

describe('the announcement of a Call Control call', () => {
  const numbers = { from: '+14155550100', to: '+18005551212' };
  const initiated = (payload: object) => announced(event('call.initiated', { ...numbers, ...payload }));

  it.each([
    [{ direction: 'incoming' }, 'inbound', '+14155550100'],
    [{}, 'inbound', '+14155550100'],
    [{ direction: 'outgoing' }, 'outbound', '+18005551212'],
  ])('of %j is %s, with the customer %s', (payload, direction, phone) => {
    expect(initiated(payload)).toMatchObject({ direction, customer: { phone } });
  });

  it.each(['sip:alice@sip.telnyx.com', 'anonymous', '+266696687'])(
    'has no customer when %j calls',
    (from) => {
      expect(initiated({ from })).toMatchObject({ from, customer: null });
    },
  );

  it.each([
    ['A PERSON', 'A PERSON'],
    ['Ünal', 'Ünal'],
    ['+14155550100', null],
    ['', null],
    [null, null],
    [{ name: 'x' }, null],
  ])('has the name %j: %j', (caller_id_name, fullName) => {
    expect(initiated({ caller_id_name }).customer?.fullName).toBe(fullName);
  });

  it('has no name of ours for the person whom we call', () => {
    expect(initiated({ direction: 'outgoing', caller_id_name: 'US' }).customer?.fullName).toBeNull();
  });

  it.each([
    [base64('appointment 42'), 'appointment 42'],
    [base64('größer'), 'größer'],
    [base64('a\u0000b'), undefined],
    [base64('a\nb'), undefined],
    [base64(' a'), undefined],
    [Buffer.from([0xff, 0xfe, 0x41]).toString('base64'), undefined],
    [base64('x'.repeat(1025)), undefined],
    ['not base64', undefined],
    ['', undefined],
    [null, undefined],
    [['YQ=='], undefined],
  ])('keeps the client state %j only if it is plain text', (client_state, clientState) => {
    expect(initiated({ client_state }).attributes.clientState).toBe(clientState);
  });

  it('is of a call that waits for our command, whatever its state says', () => {
    const attributes = { api: 'call-control', clientState: 'texml' };
    expect(initiated({ client_state: base64('texml'), api: 'texml' }).attributes).toEqual(attributes);
  });
});

describe('the end of a Call Control call', () => {
  const hangup = (payload: object, data: object = {}) => event('call.hangup', payload, data);

  it.each([
    ['normal_clearing', '200', 'completed'],
    ['normal_clearing', 'unspecified', 'completed'],
    ['time_limit', '200', 'completed'],
    ['user_busy', '486', 'busy'],
    ['timeout', '487', 'no-answer'],
    ['originator_cancel', '487', 'canceled'],
    ['call_rejected', '603', 'rejected'],
    ['not_found', '404', 'failed'],
    ['unspecified', 'unspecified', 'failed'],
    ['unspecified', '486', 'busy'],
    ['unspecified', '480', 'no-answer'],
    ['unspecified', '200', 'completed'],
    ['something_new', undefined, 'failed'],
    ['constructor', '__proto__', 'failed'],
    [undefined, undefined, 'failed'],
    [{}, [], 'failed'],
  ])('%j (SIP %j) is %s', (hangup_cause, sip_hangup_cause, reason) => {
    const status = typeof hangup_cause === 'string' ? hangup_cause : 'unknown';
    expect(hangup({ hangup_cause, sip_hangup_cause })).toMatchObject({ kind: 'call-ended', status, reason });
  });

  const start_time = '2025-01-07T10:21:06.000000Z';
  const end_time = '2025-01-07T10:22:09.500000Z';
  const occurred_at = '2025-01-07T10:22:10.000000Z';
  const incoming = { hangup_cause: 'normal_clearing', direction: 'incoming', start_time };

  it.each<[string, object, string | null, number | null]>([
    ['its end and what came before', { ...incoming, end_time }, end_time, 63_500],
    ['the event, without an end', incoming, occurred_at, 64_000],
    ['the event, with an end that is none', { ...incoming, end_time: 'now' }, occurred_at, 64_000],
    ['its end alone, without a start', { ...incoming, start_time: null }, occurred_at, null],
    [
      'its end alone, if it was not answered',
      { ...incoming, hangup_cause: 'originator_cancel' },
      occurred_at,
      null,
    ],
    [
      'its end alone, if it has rung for who knows how long',
      { ...incoming, direction: 'outgoing' },
      occurred_at,
      null,
    ],
    ['no time before none', { ...incoming, end_time: '2025-01-07T10:21:05Z' }, '2025-01-07T10:21:05Z', 0],
  ])('has the times of %s', (_, payload, endedAt, durationMs) => {
    expect(hangup(payload, { occurred_at })).toMatchObject({
      endedAt: endedAt === null ? null : Date.parse(endedAt),
      durationMs,
    });
  });

  it.each([undefined, null, '', 'yesterday', '2025-01-07', '2025-01-07T10:22:10', '1', 1736245330, {}])(
    'has no time where it occurred at %j',
    (at) => {
      expect(hangup(incoming, { occurred_at: at })).toMatchObject({ endedAt: null, durationMs: null });
    },
  );
});

describe('other Call Control events', () => {
  it.each([
    ['call.answered', 'progress', 'call.answered'],
    ['call.bridged', 'progress', 'call.bridged'],
    ['call.something.new', 'progress', 'call.something.new'],
    ['streaming.started', 'progress', 'streaming.started'],
    ['streaming.stopped', 'stream-ended', 'streaming.stopped'],
    ['streaming.failed', 'stream-ended', 'streaming.failed'],
    ['__proto__', 'progress', '__proto__'],
    [undefined, 'progress', 'unknown'],
    [['call.hangup'], 'progress', 'unknown'],
  ])('%j is %s', (type, kind, status) => {
    expect(event(type)).toMatchObject({ kind, callId, status });
  });

  it('never tell a digit, nor a URL that our token is in', () => {
    const secret = {
      digit: '7',
      digits: '7777',
      stream_url: 'wss://x/7',
      stream_params: { stream_url: 'wss://x/7' },
    };
    const types = ['call.dtmf.received', 'call.gather.ended', 'streaming.started', 'streaming.failed', 'new'];
    for (const type of types) {
      const webhook = event(type, { ...secret, call_control_id: 'v3:abcdefgh' });
      expect(JSON.stringify(webhook)).not.toContain('7');
      expect(JSON.stringify(telnyxWebhook.commands?.(webhook, context))).not.toContain('7');
    }
  });

  it.each([
    ['streaming.failed', [{ kind: 'hang-up', callId }]],
    // the caller has left, or we have closed it and say ourselves what comes next
    ['streaming.stopped', []],
    ['streaming.started', []],
    ['call.dtmf.received', []],
    ['call.hangup', []],
  ])('%s has the commands %j: nobody else ends a call that is left in silence', (type, commands) => {
    for (const failure_reason of ['connection_failed', 'something_new', undefined]) {
      expect(telnyxWebhook.commands?.(event(type, { failure_reason }), context)).toEqual(commands);
    }
  });

  it('are read as JSON, whatever the request says they are', () => {
    const { body } = postJson(URL, { data: { event_type: 'x', payload: { call_control_id: callId } } });
    for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded']) {
      const request = { ...postJson(URL, {}), headers: { 'content-type': type }, body };
      expect(telnyxWebhook.parse('events', request, account)).toMatchObject({
        kind: 'progress',
        status: 'x',
      });
    }
    expect(form('events', { 'data[payload][call_control_id]': callId }).kind).toBe('refused');
  });
});

describe('the second leg of a transferred call', () => {
  const state = { call_control_id: legB, client_state: base64(`greenroom-transfer:${callId}`) };

  it.each([
    ['call.initiated', { direction: 'outgoing', to: '+18005550199' }, 'transfer-initiated'],
    ['call.answered', {}, 'transfer-answered'],
    ['call.bridged', {}, 'transfer-bridged'],
    ['call.hangup', { hangup_cause: 'normal_clearing' }, 'transfer-hangup'],
    ['call.hangup', { hangup_cause: 'user_busy' }, 'transfer-failed'],
    ['call.hangup', { hangup_cause: 'timeout' }, 'transfer-failed'],
    ['call.hangup', {}, 'transfer-failed'],
  ])('is no call of its own: %s %j is %s', (type, payload, status) => {
    const webhook = event(type, { ...state, ...payload });
    expect(webhook).toMatchObject({ kind: 'progress', callId, status });
    expect(JSON.stringify(webhook)).not.toContain('18005550199');
    const commands = status === 'transfer-failed' ? [{ kind: 'hang-up', callId }] : [];
    expect(telnyxWebhook.commands?.(webhook, context)).toEqual(commands);
  });

  it.each([
    'greenroom-transfer:',
    'greenroom-transfer:a b',
    `greenroom-transfer:${'x'.repeat(161)}`,
    'greenroom',
  ])('is not what has the state %j', (text) => {
    expect(event('call.initiated', { ...state, client_state: base64(text) })).toMatchObject({
      kind: 'announcement',
      callId: legB,
    });
  });
});

describe('a TeXML call', () => {
  const numbers = { From: '+14155550100', To: '+18005551212' };

  it.each([
    [{}, 'inbound', '+14155550100'],
    [{ Direction: 'inbound' }, 'inbound', '+14155550100'],
    [{ Direction: 'outbound-api' }, 'outbound', '+18005551212'],
  ])('with %j is %s, with the customer %s', (more, direction, phone) => {
    for (const method of [postWith, getWith]) {
      const announcement = announced(form('texml', { ...numbers, ...more }, method));
      expect(announcement).toMatchObject({ direction, customer: { phone }, attributes: { api: 'texml' } });
    }
  });

  it('is answered by our TeXML, and by no command', () => {
    const webhook = form('texml', { ...numbers, Direction: 'inbound', api: 'call-control' });
    expect(telnyxWebhook.commands?.(webhook, context)).toEqual([]);
  });

  it.each([
    ['completed', '', 'call-ended', 'completed'],
    ['busy', '', 'call-ended', 'busy'],
    ['no-answer', '', 'call-ended', 'no-answer'],
    ['canceled', '', 'call-ended', 'canceled'],
    ['failed', '', 'call-ended', 'failed'],
    ['failed', 'call_rejected', 'call-ended', 'rejected'],
    ['failed', 'normal_clearing', 'call-ended', 'failed'],
    ['initiated', '', 'progress', undefined],
    ['ringing', '', 'progress', undefined],
    ['in-progress', 'normal_clearing', 'progress', undefined],
    ['', '', 'progress', undefined],
  ])('of status %j (%j) is %s, %s', (CallStatus, HangupCause, kind, reason) => {
    const webhook = form('texml-status', { CallStatus, HangupCause });
    expect(webhook).toMatchObject({ kind, status: CallStatus || 'unknown' });
    expect('reason' in webhook ? webhook.reason : undefined).toBe(reason);
    const toVoice = form('texml', { ...numbers, CallStatus, HangupCause });
    expect(toVoice.kind).toBe(kind === 'progress' ? 'announcement' : 'call-ended');
  });

  const at = (seconds: number) => Date.parse('2025-01-07T10:22:00Z') + seconds * 1000;
  const times = { EndTime: '2025-01-07T10:22:01Z', OccurredAt: '2025-01-07T10:22:02Z' };

  it.each<[Record<string, string>, number | null, number | null]>([
    [{ ...times, Timestamp: '2025-01-07T10:22:03Z', CallDuration: '45' }, at(1), 45_000],
    [{ OccurredAt: times.OccurredAt, Timestamp: '2025-01-07T10:22:03Z', CallDuration: '0' }, at(2), 0],
    [{ Timestamp: '2025-01-07 10:22:03.731479Z' }, at(3) + 731, null],
    [{ Timestamp: 'Tue, 07 Jan 2025 10:22:03 +0000' }, at(3), null],
    [{ Timestamp: '2025-01-07 10:22:03' }, null, null],
    [{ CallDuration: '-1' }, null, null],
    [{ CallDuration: '1.5' }, null, null],
    [{ CallDuration: '99999999' }, null, null],
  ])('that has ended with %j', (parameters, endedAt, durationMs) => {
    const webhook = form('texml-status', { CallStatus: 'completed', ...parameters });
    expect(webhook).toMatchObject({ endedAt, durationMs });
    const busy = form('texml-status', { CallStatus: 'busy', ...parameters });
    expect(busy).toMatchObject({ endedAt, durationMs: null });
  });

  it.each([
    ['stream-started', 'progress'],
    ['stream-stopped', 'stream-ended'],
    ['stream-failed', 'stream-ended'],
    ['stream-error', 'stream-ended'],
    ['streaming.failed', 'progress'],
    ['something-new', 'progress'],
    ['', 'progress'],
  ])('has a stream whose status %j is %s', (StreamEvent, kind) => {
    const webhook = form('stream-status', { StreamEvent });
    expect(webhook).toMatchObject({ kind, status: StreamEvent || 'unknown' });
    // the document goes on
    expect(telnyxWebhook.commands?.(webhook, context)).toEqual([]);
  });

  it.each([
    ['in-progress', true],
    ['', true],
    ['completed', false],
    ['canceled', false],
    ['no-answer', false],
  ])('of status %j after its stream: it asks what comes next: %s', (CallStatus, asksNext) => {
    expect(form('after-stream', { CallStatus })).toMatchObject({ kind: 'stream-ended', callId, asksNext });
  });
});

const context: AnswerContext = {
  streamUrl: 'wss://voice.example.com/ws/telnyx/us/T?a=1&b="2"',
  streamStatusUrl: '',
  afterStreamUrl: '',
  parameters: {},
  next: 'none',
  transferTo: null,
};

describe('the answer to a TeXML call', () => {
  const answer = (more: Partial<AnswerContext>) =>
    telnyxWebhook.answer('texml', { ...context, ...more }).body;

  it('escapes whatever it is given', () => {
    const body = answer({
      parameters: { '<a>': `"&'`, b: 'c\u0000d\ud800\n' },
      streamStatusUrl: 'https://h.example/?a&b',
      afterStreamUrl: 'https://h.example/"',
    });
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Connect action="https://h.example/&quot;">' +
        '<Stream url="wss://voice.example.com/ws/telnyx/us/T?a=1&amp;b=&quot;2&quot;" track="inbound_track" ' +
        'codec="PCMU" bidirectionalMode="rtp" bidirectionalCodec="PCMU" enableReconnect="false" ' +
        'statusCallback="https://h.example/?a&amp;b">' +
        '<Parameter name="&lt;a&gt;" value="&quot;&amp;&apos;"/><Parameter name="b" value="c d"/>' +
        '</Stream></Connect><Redirect>https://h.example/&quot;</Redirect></Response>',
    );
  });

  it('hangs up after the stream where nobody is to be asked', () => {
    const body = answer({});
    expect(body).toContain('<Connect><Stream');
    expect(body).toContain('</Connect><Hangup/></Response>');
    expect(body).not.toContain('statusCallback');
  });

  it('never dials in answer to anything but what asks', () => {
    const transfer = { ...context, next: 'transfer' as const, transferTo: '+14155550199' };
    for (const operation of Object.keys(telnyxWebhook.operations)) {
      const { body } = telnyxWebhook.answer(operation, transfer);
      expect(body.includes('Dial')).toBe(operation === 'after-stream');
    }
  });
});
