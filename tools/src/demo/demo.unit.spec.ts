import { type CallReport, type ReportedTurn } from './call-report';
import { paint, resultLine, summaryTable, timelineLines, turnLines } from './print';
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
  turns: [],
  timeline: [{ atMs: 1234, who: 'gateway', what: 'accepts the stream' }],
  ...more,
});

const turn = (more: Partial<ReportedTurn>): ReportedTurn => ({
  ...{
    number: 1,
    who: 'caller',
    startedAt: 1000,
    endedAt: 2000,
    endedBy: 'played',
    text: null,
    digits: null,
  },
  ...{ heardMs: null, lengthMs: null, heardText: null, speechMs: null },
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
  ...['plivo', 'telnyx', 'vonage'].map((provider) => report({ provider })),
  report({
    turns: [
      turn({ who: 'assistant', text: 'Hello Asha Rao. Can you hear me?' }),
      turn({ who: 'caller', speechMs: 1500, endedBy: 'end-silence' }),
      turn({
        ...{ who: 'assistant', endedBy: 'barge-in', text: 'Would you like to talk?' },
        ...{ heardText: 'Would you', heardMs: 1200, lengthMs: 3000 },
      }),
      turn({ who: 'caller', speechMs: 900, text: 'Sorry?' }),
      turn({ who: 'assistant', text: 'Would you like to talk?' }),
      turn({ who: 'caller', endedBy: 'no-input' }),
      turn({ who: 'assistant', text: 'Are you there?' }),
      turn({ who: 'caller', digits: '1' }),
    ],
    next: { decision: 'transfer' },
  }),
];
const TALK = EXPECTED[7]!;
const without = (test: (turn: ReportedTurn) => boolean) => ({
  ...TALK,
  turns: TALK.turns.filter((one) => !test(one)),
});

const scenario = (number: number) => SCENARIOS[number - 1]!;

describe('the calls of the demo', () => {
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
    [8, 'without a name', without(({ text }) => text?.includes('Asha Rao') === true)],
    [8, 'without a voice', without(({ speechMs }) => speechMs !== null)],
    [8, 'without a key', without(({ digits }) => digits !== null)],
    [8, 'without an interruption', without(({ endedBy }) => endedBy === 'barge-in')],
    [8, 'without a silence', without(({ endedBy }) => endedBy === 'no-input')],
    [8, 'that ends with nobody', { ...TALK, next: { decision: 'hang-up' } }],
    [8, 'of which the simulator is not content', { ...TALK, ok: false }],
    [
      8,
      'in which the caller had no turn',
      { ...TALK, turns: [...TALK.turns, turn({ who: 'assistant' }), turn({ who: 'assistant' })] },
    ],
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
      'call  provider  webhook               outcome   found  waited  audio       as expected?',
      '----  --------  --------------------  --------  -----  ------  ----------  ------------',
      '1     exotel    3 s after the stream  answered  event  3.01 s  heard back  yes',
      '2     -         never                 -         -      -       -           NO',
    ]);
  });

  it('and a conversation as it was heard', () => {
    expect(turnLines(TALK).map((line) => line.trim())).toEqual([
      '0.00 s  assistant  “Hello Asha Rao. Can you hear me?”',
      '0.00 s  caller     [speaks for 1.50 s]',
      '0.00 s  assistant  “Would you” [interrupted after 1.20 s]',
      '0.00 s  caller     “Sorry?”',
      '0.00 s  assistant  “Would you like to talk?”',
      '0.00 s  caller     [silent]',
      '0.00 s  assistant  “Are you there?”',
      '0.00 s  caller     [presses 1]',
    ]);
    expect(turnLines(report({}))).toEqual([]);
  });

  it('has colours on a terminal only', () => {
    expect(paint('x', 'good', false)).toBe('x');
    expect(paint('x', 'good', true)).not.toBe('x');
  });
});
