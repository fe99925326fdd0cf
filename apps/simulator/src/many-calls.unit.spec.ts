import type { CallResult } from './call-options';
import { percentiles, summarize } from './many-calls';
import { entryLine, manyCallsText, resultLine } from './report';

const answered: CallResult = {
  callId: 'call-0001',
  provider: 'exotel',
  account: 'default',
  outcome: 'answered',
  found: 'event',
  waitedMs: 120,
  customer: { fullName: 'Asha Rao', phone: '+919000000001' },
  close: { code: 1000, reason: '' },
  audio: { saidMs: 2000, sentMs: 2400, receivedMs: 2200, heardBack: true },
  marks: { received: 0, returned: 0 },
  conversation: {
    startedAtMs: 10,
    prompts: [],
    opening: null,
    answers: [],
    bargeIns: [],
    marks: [],
    clears: [],
  },
  turns: [],
  next: null,
  commands: [],
  retries: 0,
  webhook: { status: 200, delayMs: 100 },
  violations: [],
  crossed: false,
  ok: true,
  why: null,
  timeline: [],
};
const lost: CallResult = {
  ...answered,
  callId: 'call-0002',
  outcome: 'no-customer-data',
  found: null,
  waitedMs: 10_000,
  customer: null,
  ok: false,
  why: 'closed: 1000 No customer data found after waiting',
  audio: { ...answered.audio, heardBack: false },
};

describe('percentiles', () => {
  it('are values that were measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentiles(values)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(percentiles([7])).toEqual({ p50: 7, p90: 7, p99: 7, max: 7 });
    expect(percentiles([])).toBeNull();
  });
});

describe('the sum of many calls', () => {
  it('counts what was found, lost and crossed', () => {
    const crossed = { ...answered, crossed: true, ok: false, why: 'its session is the one of another call' };
    const result = summarize([answered, answered, lost, crossed, { ...answered, violations: ['x'] }], 5000);
    expect(result).toMatchObject({
      calls: 5,
      asExpected: 3,
      outcomes: { answered: 4, 'no-customer-data': 1 },
      found: { event: 4, none: 1 },
      crossed: 1,
      lost: 1,
      violating: 1,
      ok: false,
    });
    expect(result.failures.map(({ callId }) => callId)).toEqual(['call-0002', 'call-0001']);
  });

  it('is not well when there were none', () => {
    expect(summarize([], 0).ok).toBe(false);
  });

  it('ends in a verdict', () => {
    expect(
      manyCallsText(summarize([answered, lost], 5000))
        .split('\n')
        .at(-1),
    ).toBe('FAILED: 1 of 2 calls went as expected');
  });
});

describe('what a person reads', () => {
  it('is when, who and what', () => {
    expect(entryLine({ atMs: 12_345, who: 'ingest', what: 'answers 200' })).toBe(
      '   12.345  ingest    answers 200',
    );
  });

  it('ends with one line', () => {
    expect(resultLine(answered)).toBe(
      'OK: answered, session found by event after 120 ms, customer Asha Rao, 2.0 s said and heard back, closed 1000',
    );
    const talked = {
      ...answered,
      conversation: {
        ...answered.conversation,
        prompts: [{ startedAtMs: 1, endedAtMs: 2, cleared: true }],
        answers: [{ kind: 'interrupt' as const, atMs: 1, endedAtMs: 2 }],
        bargeIns: [{ kind: 'interrupt' as const, spokeAtMs: 1, audioStoppedAtMs: 2, stoppedAfterMs: 210.4 }],
      },
      next: { status: 302, decision: 'transfer' as const, number: null, answeredInMs: 5 },
    };
    expect(resultLine(talked)).toContain(
      ', 1 prompts heard, 1 answered, silent 210 ms after it was interrupted, then transfer, closed 1000',
    );
    expect(resultLine(lost)).toBe(
      'FAILED: closed: 1000 No customer data found after waiting | no-customer-data, nothing found in 10000 ms, closed 1000',
    );
  });
});
