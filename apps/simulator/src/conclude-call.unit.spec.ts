import { CLOSES } from '@greenroom/contracts';
import { soundOf } from './caller/sound';
import { concludeCall } from './conclude-call';
import type { LineEnd } from './media-line';
import { prepareCall, type Call } from './prepare-call';
import { lineAudioOf } from './sides';
import type { CallOptions } from './call-options';
import type { SessionReading, SessionRecord } from './session-record';

const stack = {
  webhookUrl: 'http://127.0.0.1:1',
  mediaUrl: 'ws://127.0.0.1:1',
  publicBaseUrl: 'http://127.0.0.1:1',
  publicMediaUrl: 'ws://127.0.0.1:1',
  waitTimeoutMs: 10_000,
};
const callId = '56b1234567abcdef89abcdef12345678';
const finished: LineEnd = {
  close: { code: 1000, reason: '' },
  hungUpBy: 'caller',
  startedAt: performance.now(),
  onLineMs: 4500,
  receivedMs: 2000,
  marks: { received: 0, returned: 0 },
};
const timedOut: LineEnd = {
  ...finished,
  close: CLOSES.noCustomerData,
  hungUpBy: 'gateway',
  onLineMs: 10_040,
};
const record: SessionRecord = {
  session: {
    sessionId: '6f048d2e-897a-4d2d-8029-560f3f541947',
    provider: 'exotel',
    account: 'default',
    callId,
    state: 'ended',
    version: 4,
    direction: 'inbound',
    from: null,
    to: null,
    customer: null,
    attributes: {},
    enrichment: 'none',
    announcedAt: null,
  },
  call: { outcome: 'completed', found: 'event', waitedMs: 20 },
  events: [],
};
const read: SessionReading = { record, problem: null };

/** A call whose webhook was accepted and whose voice came back, unless told otherwise. */
function madeCall(options: Partial<CallOptions> = {}, heard = true): Call {
  const said = { samples: Int16Array.from({ length: 800 }, (_, at) => at), sampleRate: 8000 };
  const all = { stack, callId, say: said, ...options };
  const call = prepareCall(all, { opening: soundOf(said, lineAudioOf(all)), steps: null });
  if (heard) call.caller.hear(new Uint8Array(said.samples.buffer));
  if (options.noWebhook !== true) call.notes.webhook = { status: 200, delayMs: 0 };
  return call;
}

describe('a call that was to be answered', () => {
  it('went well when its session was found, its voice came back and the close was normal', () => {
    expect(concludeCall(madeCall(), finished, read)).toMatchObject({
      ok: true,
      why: null,
      outcome: 'answered',
      found: 'event',
      waitedMs: 20,
    });
  });

  it('can be judged by what was heard where there is no key to ask with', () => {
    expect(concludeCall(madeCall(), finished, null)).toMatchObject({
      ok: true,
      outcome: 'answered',
      found: null,
    });
  });

  it.each<[string, { call?: Call; end?: LineEnd; reading?: SessionReading; why: string }]>([
    [
      'was closed abnormally',
      { end: { ...finished, close: CLOSES.failed }, why: 'closed: 1011 Internal error' },
    ],
    ['was cut', { end: { ...finished, close: { code: 1006, reason: '' } }, why: 'closed: 1006' }],
    ['was closed for want of data', { end: timedOut, why: 'closed: 1000 No customer data' }],
    ['heard nothing', { call: madeCall({}, false), why: '0 of 100 ms came back unbroken' }],
    ['was not recorded', { reading: { record: null, problem: '404' }, why: '404' }],
    [
      'was recorded without a session',
      {
        reading: { record: { ...record, call: { outcome: 'completed', found: null } }, problem: null },
        why: 'no session was found',
      },
    ],
    [
      'got the session of another call',
      {
        reading: {
          record: { ...record, session: { ...record.session, callId: 'another-call' } },
          problem: null,
        },
        why: 'another call',
      },
    ],
  ])('did not when it %s', (_what, { call = madeCall(), end = finished, reading = read, why }) => {
    const result = concludeCall(call, end, reading);
    expect(result.ok).toBe(false);
    expect(result.why).toContain(why);
  });

  it('did not when its webhook was refused late, a slip was noted or a rule was broken', () => {
    const refused = madeCall({ webhookDelayMs: 500 });
    refused.notes.webhook = { status: 500, delayMs: 500 };
    expect(concludeCall(refused, finished, read).why).toBe('the webhook was answered with 500');
    const slipped = madeCall();
    slipped.notes.slips.push('the status callback was lost');
    expect(concludeCall(slipped, finished, read).why).toBe('the status callback was lost');
    const broken = madeCall();
    broken.rules.note('binary', 'a binary message');
    expect(concludeCall(broken, finished, read)).toMatchObject({
      ok: false,
      violations: ['a binary message'],
    });
  });

  it('failed when Greenroom itself says so', () => {
    const lost = { ...record, call: { outcome: 'lost', found: 'event' as const } };
    const result = concludeCall(
      madeCall(),
      { ...finished, close: CLOSES.goingAway },
      { record: lost, problem: null },
    );
    expect(result).toMatchObject({ ok: false, outcome: 'failed' });
  });
});

describe('a conversation', () => {
  /** whose one prompt has been heard, and its steps taken */
  function madeConversation(options: Partial<CallOptions> = {}): Call {
    const call = prepareCall({ stack, callId, answers: [], ...options }, { opening: null, steps: [] });
    if (options.noWebhook !== true) call.notes.webhook = { status: 200, delayMs: 0 };
    call.handset.queued(new Uint8Array(1600), { startsAt: 100, endsAt: 200 });
    return call;
  }
  const hungUp: LineEnd = { ...finished, close: CLOSES.finished, hungUpBy: 'gateway' };
  const recorded = (outcome: string, found: 'event' | null = 'event'): SessionReading => ({
    record: { ...record, call: { outcome, found } },
    problem: null,
  });

  it.each(['completed', 'hung-up', 'transferred'])('went well when it was recorded as %s', (outcome) => {
    expect(concludeCall(madeConversation(), hungUp, recorded(outcome))).toMatchObject({
      ok: true,
      why: null,
      outcome: 'answered',
      audio: { heardBack: false },
      conversation: { prompts: [{ cleared: false }] },
      turns: [],
    });
  });

  it('went well with a caller whom nobody has announced, where Greenroom talks to such', () => {
    const call = madeConversation({ noWebhook: true });
    expect(concludeCall(call, hungUp, recorded('hung-up', null))).toMatchObject({ ok: true });
    expect(concludeCall(madeConversation(), hungUp, recorded('hung-up', null)).why).toContain('no session');
  });

  it('can be judged by what was heard', () => {
    expect(concludeCall(madeConversation(), hungUp, null)).toMatchObject({ ok: true, outcome: 'answered' });
    const silent = prepareCall({ stack, callId, answers: [] }, { opening: null, steps: [] });
    silent.notes.webhook = { status: 200, delayMs: 0 };
    expect(concludeCall(silent, hungUp, null)).toMatchObject({
      ok: false,
      outcome: 'failed',
      why: 'the assistant said nothing',
    });
  });
});

describe('a call without a webhook', () => {
  const noData: SessionReading = {
    record: { ...record, call: { outcome: 'no-customer-data', found: null, waitedMs: 10_000 } },
    problem: null,
  };

  it('went well when it was closed for want of data at the end of the wait', () => {
    const result = concludeCall(madeCall({ noWebhook: true }, false), timedOut, noData);
    expect(result).toMatchObject({ ok: true, outcome: 'no-customer-data', found: null, waitedMs: 10_000 });
  });

  it.each([
    ['too early', { ...timedOut, onLineMs: 8900 }, 'closed after 8900 ms'],
    ['too late', { ...timedOut, onLineMs: 11_100 }, 'closed after 11100 ms'],
    ['for another reason', { ...timedOut, close: CLOSES.full }, 'but ended 1013'],
    ['by the caller', finished, 'but ended 1000'],
  ])('did not when it was closed %s', (_when, end, why) => {
    const result = concludeCall(madeCall({ noWebhook: true }, false), end, noData);
    expect(result.ok).toBe(false);
    expect(result.why).toContain(why);
  });
});

describe('a webhook near the end of the wait', () => {
  it.each([
    [9700, 'must be found', true, false],
    [9900, 'may be found or missed', true, true],
    [10_200, 'may be found or missed', true, true],
    [10_400, 'must be missed', false, true],
  ])('of 10000 ms, after %i ms, %s', (webhookDelayMs, _what, mayBeFound, mayBeMissed) => {
    const call = () => madeCall({ webhookDelayMs });
    expect(concludeCall(call(), finished, read).ok).toBe(mayBeFound);
    expect(concludeCall(call(), timedOut, read).ok).toBe(mayBeMissed);
  });
});

describe('the caller', () => {
  it.each([
    [{}, 0],
    [{ webhookDelayMs: 2000 }, 0],
    [{ webhookDelayMs: 8000 }, 5000],
    [{ webhookDelayMs: 8000, sayAfterMs: 0 }, 0],
  ])('with %j speaks after %i ms', (options, sayAfterMs) => {
    expect(madeCall(options).plan.sayAfterMs).toBe(sayAfterMs);
  });
});

describe('a call whose stream was not to be connected', () => {
  const ended = (hangUps: number, options: Partial<CallOptions> = {}) => {
    const call = madeCall({ provider: 'telnyx', noStream: true, callId: undefined, ...options });
    for (let count = 0; count < hangUps; count += 1) {
      const command = { kind: 'hang-up' } as const;
      call.commanded?.take({ ...command, callId: call.key.callId, command, commandId: 'a', wrong: [] });
    }
    return concludeCall(call, null, null);
  };

  it('went well when it was hung up once', () => {
    expect(ended(1)).toMatchObject({ ok: true, why: null, outcome: 'no-stream', close: null });
    expect(ended(3, { apiFault: { status: 503, times: 2 } })).toMatchObject({ ok: true, why: null });
  });

  it.each([0, 2])('did not when it was hung up %d times', (times) => {
    const why = `it should have been hung up once, and was ${times} times`;
    expect(ended(times)).toMatchObject({ ok: false, why, outcome: 'no-stream' });
  });
});
