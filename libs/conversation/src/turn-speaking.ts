import { type TurnEnd } from '@greenroom/contracts';
import { press } from './turn-answering';
import {
  type Answering,
  type Effect,
  type Input,
  type Speaking,
  type Step,
  type TurnLimits,
} from './turn-state';
import { also, answer, assistantTurn, heardOf, leave, listen, stay, think } from './turn-steps';

type On<K extends Input['kind']> = Extract<Input, { kind: K }>;

/** A goodbye is heard to its end, and so is a question that does not allow to be interrupted. */
export function interruptible({ reply: { then }, question }: Speaking): boolean {
  if (then.kind === 'ask') return question.bargeIn;
  return then.kind === 'go-on';
}

export const isGoodbye = ({ reply: { then } }: Speaking): boolean =>
  then.kind === 'hang-up' || then.kind === 'transfer';

export function talkOver(state: Speaking, { at, agoMs }: On<'voice-began'>): Step {
  const voiceSince = at - agoMs;
  if (!interruptible(state)) return stay({ ...state, voiceSince });
  const { answering, effects } = cut({ ...state, voiceSince }, voiceSince, at);
  return stay(answering, ...effects);
}

export function pressOver(state: Speaking, input: On<'key'>, limits: TurnLimits): Step {
  if (!interruptible(state)) return stay(state);
  const { answering, effects } = cut(state, input.at, input.at);
  return also(effects, press(answering, input, limits));
}

function cut(state: Speaking, since: number, at: number): { answering: Answering; effects: Effect[] } {
  return {
    answering: { ...answer(state, since, at), interrupted: heardOf(state, at) },
    effects: [{ do: 'clear' }, { do: 'count', what: 'barge-in' }, assistantTurn(state, at, 'barge-in')],
  };
}

/** A mark says that all before it was played, also what has lost its own mark. */
export function marked(state: Speaking, { at, name }: On<'mark'>, limits: TurnLimits): Step {
  const { utterances } = state.reply;
  const played = utterances.findIndex(({ mark }) => mark === name) + 1;
  if (played <= state.played) return stay(state);
  if (played === utterances.length) return finishPlaying(state, at, 'played', limits);
  return stay({ ...state, played, playedAt: at });
}

export function playedByTime(state: Speaking, at: number, limits: TurnLimits): Step {
  return also([{ do: 'count', what: 'mark-lost' }], finishPlaying(state, at, 'mark-lost', limits));
}

/** All of it was heard. Only now the caller's time begins. */
export function finishPlaying(state: Speaking, at: number, endedBy: TurnEnd, limits: TurnLimits): Step {
  const said: Effect[] = state.reply.utterances.length > 0 ? [assistantTurn(state, at, endedBy)] : [];
  const { then } = state.reply;
  switch (then.kind) {
    case 'ask':
      return also(said, listen(state, at));
    case 'go-on':
      return also(said, think(state, { kind: 'heard' }, at, limits));
    case 'hang-up':
      return leave(state, ...said, { do: 'hang-up', why: 'finished' });
    case 'transfer':
      return leave(state, ...said, { do: 'transfer' });
  }
}
