import { wakesAt } from '../turn-machine';
import { type Effect } from '../turn-state';
import { faults } from './faults';
import { beginning, effectsOf, ends, isGoodbye } from './playing';
import { type Life, type Moment } from './reality';

/** The question to the agent that is open, and the latest that was asked. */
interface Questions {
  open: number | null;
  latest: number;
}

/** At most one question to the agent is open; a withdrawn or stale reply is never played, and the wanted one is. */
export function* questionsOutOfOrder({ moments }: Life): Generator<string> {
  let questions: Questions = { open: null, latest: 0 };
  for (const moment of moments) {
    const { at, input, effects } = moment;
    const wanted = input?.kind === 'reply-ready' && input.reply.id === questions.open;
    yield* faults(at, [wanted && effects.length === 0, 'the reply that was waited for was not played']);
    for (const effect of effects) {
      yield* faultsOfAsking(effect, moment, questions);
      questions = after(effect, questions);
    }
    if (ends(moment)) questions = { ...questions, open: null };
  }
}

function after(effect: Effect, questions: Questions): Questions {
  switch (effect.do) {
    case 'withdraw':
    case 'play':
      return { ...questions, open: null };
    case 'ask':
    case 'apologise':
      return { open: effect.id, latest: effect.id };
    default:
      return questions;
  }
}

function faultsOfAsking(effect: Effect, { at, input }: Moment, { open, latest }: Questions): string[] {
  switch (effect.do) {
    case 'withdraw':
      return faults(at, [effect.id !== open, 'another question was withdrawn', effect.id, open]);
    case 'play':
      return faults(
        at,
        [
          input?.kind !== 'reply-ready' || input.reply !== effect.reply,
          'a reply was played that did not come now',
        ],
        [effect.reply.id !== open, 'the reply to another question was played', effect.reply.id, open],
      );
    case 'ask':
    case 'apologise':
      return faults(
        at,
        [open !== null, 'a question was asked while another was open', effect.id, open],
        [effect.id <= latest, 'a question is not a new one', effect.id, latest],
      );
    default:
      return [];
  }
}

/** Every call ends within its caps: its length, its time for thinking, its unanswered questions. */
export function* capsExceeded(life: Life): Generator<string> {
  yield* callTooLong(life);
  yield* thoughtTooLong(life);
  yield* unansweredTooOften(life);
}

function* callTooLong({ moments, limits, lateMs, beganAt }: Life): Generator<string> {
  // twice: a timer that is armed anew when it is late already may be late again
  let latest = beganAt + limits.callMs + 2 * lateMs;
  for (const moment of moments) {
    yield* faults(moment.at, [moment.at > latest, 'the call goes on', latest]);
    if (moment.at > latest || ends(moment)) return;
    const begun = beginning(moment, limits);
    // a goodbye is let end
    if (begun && isGoodbye(begun.reply)) latest = Math.max(latest, begun.until + lateMs);
  }
}

function* thoughtTooLong({ moments, limits, lateMs }: Life): Generator<string> {
  let until = Infinity;
  for (const moment of moments) {
    const did = new Set(moment.effects.map((effect) => effect.do));
    yield* faults(moment.at, [moment.at > until, 'the agent is still waited for']);
    if (did.has('play') || did.has('withdraw') || ends(moment)) until = Infinity;
    if (did.has('ask') || did.has('apologise')) until = moment.at + limits.thinkMs + lateMs;
  }
}

function* unansweredTooOften({ moments, limits }: Life): Generator<string> {
  let unanswered = 0;
  for (const moment of moments) {
    for (const { turn } of effectsOf(moment, 'record')) {
      if (turn.who === 'caller') unanswered = turn.endedBy === 'no-input' ? unanswered + 1 : 0;
    }
    if (unanswered <= limits.unanswered) continue;
    const hungUp = effectsOf(moment, 'hang-up').some(({ why }) => why === 'nobody-answers');
    return yield* faults(moment.at, [
      !hungUp,
      'so many questions were unanswered, and the call went on',
      unanswered,
    ]);
  }
}

/** After a clock input the machine wants to be woken later, or never. */
export function* wokenInThePast({ moments }: Life): Generator<string> {
  for (const { at, input, after: state } of moments) {
    if (input?.kind !== 'clock') continue;
    const wakes = wakesAt(state) ?? Infinity;
    yield* faults(at, [!(wakes > at), 'the machine wanted to be woken in the past', state.is, wakes]);
  }
}
