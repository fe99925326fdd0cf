import { type CallReport } from './call-report';
import { paint, resultLine, summaryTable, timelineLines } from './print';
import { SCENARIOS } from './scenarios';

const report = (more: Partial<CallReport>): CallReport => ({
  callId: 'call-0001',
  provider: 'exotel',
  outcome: 'answered',
  found: 'cache',
  waitedMs: 4,
  close: { code: 1000, reason: 'Conversation finished' },
  audio: { sentMs: 2000, receivedMs: 2000, heardBack: true },
  ok: true,
  timeline: [{ atMs: 1234, who: 'gateway', what: 'accepts the stream' }],
  ...more,
});

const NO_DATA = report({
  outcome: 'no-customer-data',
  found: null,
  waitedMs: 10_000,
  close: { code: 1000, reason: 'No customer data found after waiting' },
  audio: { sentMs: 2000, receivedMs: 0, heardBack: false },
});

const EXPECTED = [
  report({}),
  report({ found: 'event', waitedMs: 3010 }),
  report({ found: 'database' }),
  NO_DATA,
];

const scenario = (number: number) => SCENARIOS[number - 1]!;

describe('the four calls of the demo', () => {
  it.each(SCENARIOS.map((each, index) => [each.title, each, EXPECTED[index]!] as const))(
    'are content: %s',
    (_title, each, expected) => expect(each.faults(expected)).toEqual([]),
  );

  it.each([
    [1, 'found another way', report({ found: 'poll' })],
    [1, 'not heard', report({ audio: { sentMs: 1, receivedMs: 0, heardBack: false } })],
    [1, 'of which the simulator is not content', report({ ok: false })],
    [1, 'refused', report({ outcome: 'refused' })],
    [2, 'that did not wait', report({ found: 'event', waitedMs: 100 })],
    [2, 'that waited for the next poll', report({ found: 'event', waitedMs: 3700 })],
    [2, 'found by the poll', report({ found: 'poll', waitedMs: 3000 })],
    [3, 'found in the cache', report({ found: 'cache' })],
    [4, 'that was answered', report({})],
    [4, 'closed with an error', { ...NO_DATA, close: { code: 1011, reason: 'Internal error' } }],
    [4, 'closed too early', { ...NO_DATA, waitedMs: 3000 }],
  ])('number %i finds fault with a call %s', (number, _title, given) => {
    expect(scenario(number).faults(given)).not.toEqual([]);
  });
});

describe('what the demo prints', () => {
  const played = [
    { scenario: scenario(2), report: EXPECTED[1]!, faults: [] },
    { scenario: scenario(4), report: null, faults: ['the simulator gave no report'] },
  ];

  it('is a timeline, a line for the result and a table', () => {
    expect(timelineLines(report({}))).toEqual(['    1.23 s  gateway   accepts the stream']);
    expect(resultLine(played[0]!)).toBe(
      'as expected: answered, session found by event, waited 3.01 s, closed 1000 Conversation finished',
    );
    expect(resultLine(played[1]!)).toBe('not as expected: the simulator gave no report');
    expect(summaryTable(played)).toEqual([
      'call  webhook               outcome   found  waited  audio back  as expected?',
      '----  --------------------  --------  -----  ------  ----------  ------------',
      '1     3 s after the stream  answered  event  3.01 s  yes         yes',
      '2     never                 -         -      -       -           NO',
    ]);
  });

  it('has colours on a terminal only', () => {
    expect(paint('x', 'good', false)).toBe('x');
    expect(paint('x', 'good', true)).not.toBe('x');
  });
});
