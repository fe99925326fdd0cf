import { type CallReport, type ReportedTurn } from './call-report';

/** One call of the demo: how it is placed, and how it has to end. */
export interface Scenario {
  title: string;
  /** for the table */
  webhook: string;
  args: readonly string[];
  /** one sentence for each thing that is not as it should be */
  faults: (report: CallReport) => string[];
}

const NO_DATA = 'No customer data found after waiting';

const check = (holds: boolean, otherwise: string): string[] => (holds ? [] : [otherwise]);

function answered(report: CallReport, found: CallReport['found']): string[] {
  return [
    ...check(report.ok, report.why ?? 'the simulator is not content'),
    ...check(report.outcome === 'answered', `the outcome is ${report.outcome}, not answered`),
    ...check(
      report.found === found,
      `the session was found by ${report.found ?? 'nothing'}, not by ${found}`,
    ),
    ...check(report.audio.heardBack, 'the caller did not hear what was said'),
  ];
}

const between = (value: number | null, low: number, high: number): boolean =>
  value !== null && value >= low && value <= high;

const CALLER = 'Asha Rao';

function conversationFaults(report: CallReport): string[] {
  const { turns } = report;
  const has = (test: (turn: ReportedTurn) => boolean, what: string) => check(turns.some(test), what);
  return [
    ...check(report.ok, report.why ?? 'the simulator is not content'),
    ...has(
      ({ who, text }) => who === 'assistant' && text?.includes(CALLER) === true,
      'nobody was greeted by name',
    ),
    ...has(({ who, speechMs }) => who === 'caller' && (speechMs ?? 0) > 0, 'no answer by voice was heard'),
    ...has(({ digits }) => digits === '1', 'the key was not heard'),
    ...has(({ endedBy }) => endedBy === 'barge-in', 'no prompt was interrupted'),
    ...has(({ endedBy }) => endedBy === 'no-input', 'nobody noticed the silence'),
    ...check(report.next?.decision === 'transfer', 'the caller was not handed to a person'),
    ...notWaitedFor(turns),
  ];
}

/** After a question that was heard to its end, the assistant waits for the caller. */
function notWaitedFor(turns: readonly ReportedTurn[]): string[] {
  return turns.flatMap((turn, index) => {
    const before = turns[index - 1];
    const twice = turn.who === 'assistant' && before?.who === 'assistant';
    return twice ? [`the assistant spoke twice in a row, at turn ${turn.number}`] : [];
  });
}

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'Data first: the webhook is answered before the stream connects',
    webhook: 'before the stream',
    args: ['--provider', 'exotel'],
    faults: (report) => answered(report, 'cache'),
  },
  {
    title: 'Stream first: the webhook comes 3 s after the stream has started',
    webhook: '3 s after the stream',
    args: ['--provider', 'exotel', '--webhook-delay', '3000'],
    faults: (report) => [
      ...answered(report, 'event'),
      ...check(between(report.waitedMs, 2500, 3600), `it waited ${report.waitedMs} ms, not about 3000`),
    ],
  },
  {
    title: 'Cache lost: the session is deleted from Redis, and found in Postgres',
    webhook: 'before the stream',
    args: ['--provider', 'twilio', '--drop-cache'],
    faults: (report) => answered(report, 'database'),
  },
  {
    title: 'No webhook ever: the stream is closed after the wait, so that the call flow goes on',
    webhook: 'never',
    args: ['--provider', 'exotel', '--no-webhook'],
    faults: (report) => [
      ...check(report.ok, report.why ?? 'the simulator is not content'),
      ...check(
        report.outcome === 'no-customer-data',
        `the outcome is ${report.outcome}, not no-customer-data`,
      ),
      ...check(
        report.close?.code === 1000 && report.close.reason === NO_DATA,
        `it was closed with ${report.close?.code} "${report.close?.reason}", not 1000 "${NO_DATA}"`,
      ),
      ...check(
        report.waitedMs === null || between(report.waitedMs, 9_000, 11_500),
        `it waited ${report.waitedMs} ms, not about 10000`,
      ),
    ],
  },
  ...(['plivo', 'telnyx', 'vonage'] as const).map((provider) => ({
    title: `The same over ${{ plivo: 'Plivo', telnyx: 'Telnyx', vonage: 'Vonage' }[provider]}`,
    webhook: 'before the stream',
    args: ['--provider', provider],
    faults: (report: CallReport) => answered(report, 'cache'),
  })),
  {
    title: 'A conversation: the caller answers by voice and by key, interrupts once, and is silent once',
    webhook: 'before the stream',
    args: [
      ...['--provider', 'twilio', '--account', 'welcome', '--name', CALLER, '--after-bot'],
      ...['--answer', 'say:Yes, I can hear you very well.'],
      ...['--answer', 'interrupt:2500:Sorry, what did you say?'],
      ...['--answer', 'silence'],
      ...['--answer', 'press:1'],
    ],
    faults: conversationFaults,
  },
];
