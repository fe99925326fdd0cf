import fc from 'fast-check';
import { parametersFrom } from './model/parameters';
import { capsExceeded, questionsOutOfOrder, wokenInThePast } from './model/promises-of-asking';
import { goodbyesCutOff, playbacksWithoutOneEnd, sentAfterTheEnd } from './model/promises-of-playing';
import { callerTurnsNotOnce, timesOutOfOrder } from './model/promises-of-records';
import { noInputTooSoon, saidOutOfTurn } from './model/promises-of-turns';
import { type Fate, type Life, Reality } from './model/reality';
import { takeTurnTwice } from './model/twice';
import { COUNTED, type Effect, type State } from './turn-state';

const { runs, all } = parametersFrom(process.env);
jest.setTimeout(300_000);

const number = fc.noBias(fc.nat());

const fate: fc.Arbitrary<Fate> = fc.record({
  limits: number,
  steps: fc.array(number, { maxLength: 60, size: 'max' }),
  late: fc.array(fc.constantFrom(0, 0, 5, 300, 2000), { maxLength: 3 }),
  obeys: fc.boolean(),
});

const PROMISES: readonly [title: string, broken: (life: Life) => Iterable<string>][] = [
  ["after an ask nothing is said before the caller's turn ended or no-input fired", saidOutOfTurn],
  ['no-input never fires before its time has passed since the question was played', noInputTooSoon],
  ['every playback ends exactly once, and is recorded exactly once', playbacksWithoutOneEnd],
  ['every call ends within its caps, if the line does what it is told', capsExceeded],
  ['nothing is sent after the line was closed or told to end', sentAfterTheEnd],
  ['the goodbye is played in full', goodbyesCutOff],
  [
    'at most one question to the agent is open, and no withdrawn or stale reply is played',
    questionsOutOfOrder,
  ],
  ['each turn of the caller is recorded once', callerTurnsNotOnce],
  ['recorded times are ordered', timesOutOfOrder],
  ['after a clock input the machine wants to be woken later, or never', wokenInThePast],
];

/** What the runs have to have met, or they would prove nothing. */
const STATES = ['thinking', 'speaking', 'listening', 'answering', 'leaving', 'closed'];
const INPUTS = [
  ...['reply-ready', 'reply-failed', 'voice-began', 'voice-ended'],
  ...['key', 'mark', 'clock', 'line-closed'],
];
const SITUATIONS = [
  ...STATES.flatMap((state) => INPUTS.map((input) => `${input} while ${state}`)),
  ...['played', 'mark-lost', 'barge-in', 'line-closed'].map((end) => `assistant ${end}`),
  ...['end-silence', 'too-long', 'digits-complete', 'digits-paused', 'no-input', 'line-closed'].map(
    (end) => `caller ${end}`,
  ),
  ...COUNTED.map((what) => `counted ${what}`),
  ...['thinking', 'speaking', 'listening', 'answering'].map((state) => `hang-up too-long while ${state}`),
  ...['hang-up failed while thinking', 'hang-up finished while speaking', 'hang-up finished while thinking'],
  ...['transfer while speaking', 'transfer while thinking'],
];

function nameOf(effect: Effect, before: State | null): string {
  if (effect.do === 'count') return `counted ${effect.what}`;
  if (effect.do === 'record') return `${effect.turn.who} ${effect.turn.endedBy}`;
  return `${effect.do === 'hang-up' ? `hang-up ${effect.why}` : effect.do} while ${before?.is}`;
}

describe('the turn machine, in a world in which anything may happen', () => {
  const met = new Set<string>();

  const note = ({ moments }: Life): void => {
    for (const { input, effects, before } of moments) {
      met.add(`${input?.kind} while ${before?.is}`);
      effects.forEach((effect) => met.add(nameOf(effect, before)));
    }
  };

  it.each(PROMISES)('%s', (_title, broken) => {
    fc.assert(
      fc.property(fate, (given) => {
        const life = new Reality(given).live();
        note(life);
        expect([...broken(life)]).toEqual([]);
      }),
      all(runs(10_000)),
    );
  });

  it('is total and pure, and its states are plain data', () => {
    fc.assert(
      fc.property(fate, (given) => {
        expect(new Reality(given, takeTurnTwice).live().moments.length).toBeGreaterThan(1);
      }),
      all(runs(2000)),
    );
  });

  it('has met every input in every state, and every end', () => {
    expect(SITUATIONS.filter((situation) => !met.has(situation))).toEqual([]);
  });
});
