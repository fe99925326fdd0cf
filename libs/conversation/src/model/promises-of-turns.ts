import { type Question } from '../agent';
import { BEFORE_ANY_QUESTION, type Doing, type Input } from '../turn-state';
import { faults } from './faults';
import { Observer } from './observer';
import { byCaller, effectsOf } from './playing';
import { type Life, type Moment } from './reality';

type Answered = Extract<Doing, { kind: 'answered' }>;

/** Whose turn it is, by what went in and out. */
interface Floor {
  callers: boolean;
  question: Question;
  keyAt: number;
}

/** After an ask nothing is said before the caller's turn ended or no-input fired. */
export function* saidOutOfTurn({ moments }: Life): Generator<string> {
  let floor: Floor = { callers: false, question: BEFORE_ANY_QUESTION, keyAt: -Infinity };
  for (const moment of moments) {
    const { at, input } = moment;
    if (input?.kind === 'key' && byCaller(input)) floor = { ...floor, keyAt: at };
    const asked = effectsOf(moment, 'ask').map(({ about }) => about);
    const early = floor.callers && !asked.every((about) => turnEnded(about, moment, floor));
    floor = { ...floor, callers: isCallers(floor.callers, moment) };
    yield* faults(
      at,
      [early, "the caller's turn was taken for ended", asked, input],
      [floor.callers && says(moment), "something was said in the caller's turn"],
    );
    floor = afterPlaying(moment, floor);
  }
}

/** Taken by speaking over a prompt, or into a pause for thought; given back when the agent is asked. */
function isCallers(before: boolean, moment: Moment): boolean {
  if (effectsOf(moment, 'ask').length > 0) return false;
  const goesOn = effectsOf(moment, 'withdraw').length > 0 && effectsOf(moment, 'apologise').length === 0;
  return before || goesOn || effectsOf(moment, 'clear').length > 0;
}

const says = (moment: Moment): boolean =>
  effectsOf(moment, 'play').length > 0 || effectsOf(moment, 'apologise').length > 0;

function afterPlaying(moment: Moment, floor: Floor): Floor {
  const then = effectsOf(moment, 'play').at(-1)?.reply.then;
  return then?.kind === 'ask' ? { ...floor, callers: true, question: then.question } : floor;
}

function turnEnded(about: Doing, moment: Moment, floor: Floor): boolean {
  if (about.kind === 'silent') {
    return effectsOf(moment, 'record').some(({ turn }) => turn.endedBy === 'no-input');
  }
  return about.kind === 'answered' && about.endedAt === moment.at && endedTruly(about, moment.input, floor);
}

function endedTruly({ endedBy, startedAt }: Answered, input: Input | null, floor: Floor): boolean {
  const { speech, digits } = floor.question;
  switch (input?.kind) {
    case 'voice-ended':
      return endedBy === input.why;
    case 'key':
      return endedBy === 'digits-complete' && byCaller(input);
    case 'clock':
      return endedBy === 'too-long'
        ? input.at >= startedAt + speech.longestMs + speech.endSilenceMs
        : endedBy === 'digits-paused' && input.at >= floor.keyAt + (digits?.pauseMs ?? 0);
    default:
      return false;
  }
}

/** No-input never fires before its time has passed since the question was played, nor over the caller's voice. */
export function* noInputTooSoon({ moments, limits }: Life): Generator<string> {
  const observer = new Observer(limits);
  for (const moment of moments) {
    const { awaiting, voice } = observer;
    for (const { turn } of effectsOf(moment, 'record').filter(
      (effect) => effect.turn.endedBy === 'no-input',
    )) {
      const { since, noInputMs } = awaiting ?? { since: Infinity, noInputMs: 0 };
      yield* faults(
        moment.at,
        [voice, 'no-input, although the caller speaks'],
        [!awaiting, 'no-input, although nothing waits for the caller'],
        [moment.at < since + noInputMs, 'no-input too soon', since, noInputMs],
        [turn.startedAt !== since || moment.input?.kind !== 'clock', 'no-input since another time', turn],
      );
    }
    observer.see(moment);
  }
}
