import { isKey } from './digit-collector';
import {
  answered,
  beginToPress,
  beginToSpeak,
  isSurplus,
  noInput,
  press,
  speechOver,
  waitedEnough,
} from './turn-answering';
import { isGoodbye, marked, playedByTime, pressOver, talkOver } from './turn-speaking';
import {
  BEFORE_ANY_QUESTION,
  type Common,
  type Effect,
  type Input,
  type State,
  type Step,
  type TurnLimits,
} from './turn-state';
import { assistantTurn, callerTurn, common, leave, stay, think } from './turn-steps';
import { excuse, pressOn, replyFailed, replyReady, speakOn } from './turn-thinking';

/*
 * Whose turn it is.
 *
 * A call is in one of six states.
 *
 * THINKING: the agent was asked, and its reply is awaited with all of its audio; nothing is played. A reply begins to
 * be SPEAKING. If the caller goes on instead, by voice or by key, the question is withdrawn and the caller is ANSWERING
 * again: what was said before is part of the next question, and of the reply nothing has happened. A reply that fails,
 * or does not come within its time, is replaced by an excuse that ends the call; if that fails as well, the call is
 * ended in silence. So it is with a reply that says nothing and wants nothing, after too many of them in a row.
 *
 * SPEAKING: a reply is played, utterance by utterance, a mark behind each. When the mark of the last one comes back, or
 * by the clock at the latest some margin after it must have been played, it has been heard. Then, by what the reply
 * wants: a question makes the machine LISTEN (or the caller is ANSWERING at once, if the voice is on the line already);
 * a reply that wants nothing makes it THINK on; a goodbye or a transfer makes it LEAVE. Where the reply allows it, the
 * caller's voice or key cuts it off: what is queued is cleared, what was heard is recorded, and the caller is
 * ANSWERING. Where it does not, voice and keys are let pass. Goodbyes never do.
 *
 * LISTENING: the question has been heard to its end and the caller's time runs: from that moment, and not from when the
 * question was sent. Voice or a key makes the caller ANSWERING. When the time is over, the agent is told of the silence
 * (THINKING); after so many of those in a row the call is ended.
 *
 * ANSWERING: the caller speaks or presses keys. The end of the speech, the last key that was asked for, or a pause
 * after a key ends it, and the agent is asked (THINKING). Keys go before words. There is a longest time for it. The
 * finish key of an answer that was complete without it is no answer to what comes next.
 *
 * LEAVING: the line was told to end when everything is played. Nothing more is said, whatever happens.
 *
 * CLOSED: the line is gone.
 *
 * The call's cap holds in all of them: then the call is ended at once, but for a goodbye that is being said, which is
 * short. A line that is closed from outside leads to CLOSED from everywhere, and what was going on is recorded.
 *
 * So nothing is said between a question and the end of the caller's turn, or the no-input time: only THINKING leads to
 * SPEAKING, and only the caller, or that time, leads from a question to THINKING.
 */

type StateOf<S extends State['is']> = Extract<State, { is: S }>;
type InputOf<I extends Input['kind']> = Extract<Input, { kind: I }>;
type Cell<S extends State['is'], I extends Input['kind']> = (
  state: StateOf<S>,
  input: InputOf<I>,
  limits: TurnLimits,
) => Step;
type Table = { readonly [S in State['is']]: { readonly [I in Input['kind']]: Cell<S, I> } };

/** On purpose: in this state the input means nothing. */
const ignored = (state: State): Step => stay(state);

const voiceBegan = (state: State, { at, agoMs }: InputOf<'voice-began'>): Step =>
  stay({ ...state, voiceSince: at - agoMs });
const voiceEnded = (state: State): Step => stay({ ...state, voiceSince: null });

const TABLE: Table = {
  thinking: {
    'reply-ready': replyReady,
    'reply-failed': replyFailed,
    'voice-began': speakOn,
    // it began while something else was the answer, or was too long
    'voice-ended': voiceEnded,
    key: pressOn,
    // of a reply that was cleared: some providers give those marks back
    mark: ignored,
    clock: (state, { at }, limits) => {
      if (at >= state.endsAt) return tooLong(state, ...callerTurn(state.about, state.step));
      return at >= state.until ? excuse(state, at, limits) : stay(state);
    },
    'line-closed': (state) => close(state, ...callerTurn(state.about, state.step)),
  },
  speaking: {
    // to a question that was withdrawn
    'reply-ready': ignored,
    'reply-failed': ignored,
    'voice-began': talkOver,
    'voice-ended': voiceEnded,
    key: pressOver,
    mark: marked,
    clock: (state, { at }, limits) => {
      if (at >= state.endsAt && !isGoodbye(state)) {
        return tooLong(state, { do: 'clear' }, assistantTurn(state, at, 'line-closed'));
      }
      return at >= state.until ? playedByTime(state, at, limits) : stay(state);
    },
    'line-closed': (state, { at }) => close(state, assistantTurn(state, at, 'line-closed')),
  },
  listening: {
    // to a question that was withdrawn
    'reply-ready': ignored,
    'reply-failed': ignored,
    'voice-began': beginToSpeak,
    'voice-ended': voiceEnded,
    key: beginToPress,
    // it was taken for lost
    mark: ignored,
    clock: (state, { at }, limits) => {
      if (at >= state.endsAt) return tooLong(state);
      return at >= state.until ? noInput(state, at, limits) : stay(state);
    },
    'line-closed': (state) => close(state),
  },
  answering: {
    // to a question that was withdrawn
    'reply-ready': ignored,
    'reply-failed': ignored,
    // after a key, or after words that were withdrawn with their question
    'voice-began': voiceBegan,
    'voice-ended': speechOver,
    key: press,
    // of what was cleared
    mark: ignored,
    clock: (state, { at }, limits) =>
      at >= state.endsAt
        ? tooLong(state, ...callerTurn(answered(state, at, 'line-closed'), state.step))
        : waitedEnough(state, at, limits),
    'line-closed': (state, { at }) =>
      close(state, ...callerTurn(answered(state, at, 'line-closed'), state.step)),
  },
  leaving: {
    // nothing is said any more, so nothing is asked any more
    'reply-ready': ignored,
    'reply-failed': ignored,
    'voice-began': ignored,
    'voice-ended': ignored,
    key: ignored,
    mark: ignored,
    clock: ignored,
    'line-closed': (state) => close(state),
  },
  closed: {
    'reply-ready': ignored,
    'reply-failed': ignored,
    'voice-began': ignored,
    'voice-ended': ignored,
    key: ignored,
    mark: ignored,
    clock: ignored,
    'line-closed': ignored,
  },
};

const tooLong = (state: Common, ...effects: Effect[]): Step =>
  leave(state, ...effects, { do: 'count', what: 'too-long' }, { do: 'hang-up', why: 'too-long' });

const close = (state: State, ...effects: Effect[]): Step =>
  stay({ ...common(state), is: 'closed' }, ...effects);

/** The call has begun at `at`: the agent is asked to speak first. */
export function beginTurns(at: number, limits: TurnLimits): Step {
  const blank: Common = {
    endsAt: at + limits.callMs,
    asked: 0,
    unanswered: 0,
    voiceSince: null,
    turnFrom: null,
    unsaid: 0,
    surplus: null,
    question: BEFORE_ANY_QUESTION,
    step: null,
  };
  return think(blank, { kind: 'arrived' }, at, limits);
}

function stepOf(state: State, input: Input, limits: TurnLimits): Step {
  // the table has for each pair a function of just these two
  const cell = TABLE[state.is][input.kind] as (state: State, input: Input, limits: TurnLimits) => Step;
  return cell(state, input, limits);
}

/** One input, at its time. Pure: what is to be done about it is in the effects, in their order. */
export function takeTurn(state: State, input: Input, limits: TurnLimits): Step {
  if (input.kind !== 'key') return stepOf(state, input, limits);
  if (!isKey(input.key)) return stay(state);
  const pressed = { ...state, surplus: null };
  return isSurplus(state, input) ? stay(pressed) : stepOf(pressed, input, limits);
}

/** When the machine wants to be told the time; null: never. */
export function wakesAt(state: State): number | null {
  switch (state.is) {
    case 'thinking':
    case 'listening':
      return Math.min(state.endsAt, state.until);
    case 'speaking':
      return isGoodbye(state) ? state.until : Math.min(state.endsAt, state.until);
    case 'answering':
      return Math.min(state.endsAt, state.until, state.keys.completeAt ?? Infinity);
    case 'leaving':
    case 'closed':
      return null;
  }
}
