import { type TurnEnd } from '@greenroom/contracts';
import { NO_DIGITS } from './digit-collector';
import { heardWords } from './heard-words';
import {
  type Answering,
  type Common,
  type Doing,
  type Effect,
  type PreparedReply,
  type Speaking,
  type State,
  type Step,
  type Thinking,
  type TurnLimits,
  type TurnTaken,
} from './turn-state';

/*
 * The steps that lead from one state to the next, shared by all transitions of the turn machine.
 */

export const stay = (state: State, ...effects: Effect[]): Step => ({ state, effects });

/** After a step, something more. */
export const also = (before: readonly Effect[], { state, effects }: Step): Step => ({
  state,
  effects: [...before, ...effects],
});

export function think(state: Common, about: Doing, at: number, limits: TurnLimits): Step {
  const id = state.asked + 1;
  const until = at + limits.thinkMs;
  const thinking: Thinking = { ...common(state), is: 'thinking', asked: id, about, until, failed: false };
  return stay(thinking, { do: 'ask', id, about });
}

/** @param since when the caller began */
export function answer(state: Common, since: number, at: number): Answering {
  const { longestMs, endSilenceMs } = state.question.speech;
  return {
    ...common(state),
    is: 'answering',
    since: Math.max(since, state.turnFrom ?? since),
    speechMs: null,
    keys: NO_DIGITS,
    interrupted: null,
    // the endpointer is faster; this is for the case that it never tells
    until: at + longestMs + endSilenceMs + GUARD_MS,
  };
}
export const GUARD_MS = 1000;

export function listen(state: Common, at: number): Step {
  if (state.voiceSince !== null) return stay(answer(state, state.voiceSince, at));
  const until = at + state.question.noInputMs;
  return stay({ ...common(state), is: 'listening', since: at, until });
}

export const leave = (state: Common, ...effects: Effect[]): Step =>
  stay({ ...common(state), is: 'leaving' }, ...effects);

/** The fields that outlive a state, and no others. */
export function common(state: Common): Common {
  const { endsAt, asked, unanswered, voiceSince, turnFrom, unsaid, surplus, question, step } = state;
  return { endsAt, asked, unanswered, voiceSince, turnFrom, unsaid, surplus, question, step };
}

export const lengthOf = ({ utterances }: PreparedReply): number =>
  utterances.reduce((sum, { lengthMs }) => sum + lengthMs, 0);

/** What the caller has heard of a reply: up to its latest mark surely, and since then as long as time says. */
export function heardOf({ reply, played, playedAt }: Speaking, at: number) {
  const lengthMs = lengthOf(reply);
  const marked = reply.utterances.slice(0, played).reduce((sum, { lengthMs: ms }) => sum + ms, 0);
  const heardMs = Math.min(lengthMs, marked + Math.max(0, at - playedAt));
  let before = 0;
  const words = reply.utterances.map((utterance) => {
    const heard = heardWords(utterance.text, heardMs - before, utterance.lengthMs);
    before += utterance.lengthMs;
    return heard;
  });
  return { heardMs, lengthMs, heardText: joined(words) };
}

export function assistantTurn(state: Speaking, at: number, endedBy: TurnEnd): Effect {
  const whole = endedBy === 'played' || endedBy === 'mark-lost';
  const { heardMs, lengthMs, heardText } = heardOf(state, whole ? Infinity : at);
  const turn: TurnTaken = {
    who: 'assistant',
    startedAt: state.startedAt,
    endedAt: at,
    endedBy,
    text: joined(state.reply.utterances.map(({ text }) => text)),
    digits: null,
    lengthMs,
    heardMs,
    heardText,
    speechMs: null,
    step: state.step,
  };
  return { do: 'record', turn };
}

/** Nothing where the caller did nothing. */
export function callerTurn(about: Doing, step: string | null): Effect[] {
  if (about.kind !== 'answered') return [];
  const { startedAt, endedAt, endedBy, digits, speechMs } = about;
  return [{ do: 'record', turn: { ...BLANK, startedAt, endedAt, endedBy, digits, speechMs, step } }];
}

export const BLANK = {
  who: 'caller',
  text: null,
  digits: null,
  lengthMs: null,
  heardMs: null,
  heardText: null,
  speechMs: null,
} as const;

const joined = (texts: readonly string[]): string => texts.filter((text) => text !== '').join(' ');
