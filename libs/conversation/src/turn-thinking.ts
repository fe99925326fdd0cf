import { press } from './turn-answering';
import {
  type Doing,
  type Effect,
  type Input,
  type Speaking,
  type Step,
  type Thinking,
  type TurnLimits,
} from './turn-state';
import { finishPlaying } from './turn-speaking';
import { also, answer, callerTurn, common, leave, lengthOf, stay } from './turn-steps';

/** Steps of a dialogue that only decide where it goes on. */
const MOST_UNSAID = 20;

type On<K extends Input['kind']> = Extract<Input, { kind: K }>;

export function replyReady(state: Thinking, { at, reply }: On<'reply-ready'>, limits: TurnLimits): Step {
  // an earlier question's, withdrawn since
  if (reply.id !== state.asked) return stay(state);
  const said = callerTurn(state.about, state.step);
  const { then } = reply;
  const unsaid = reply.utterances.length === 0 && then.kind === 'go-on' ? state.unsaid + 1 : 0;
  // it would never wait for anything, and so never end
  if (unsaid > MOST_UNSAID) return excuse(state, at, limits);
  const speaking: Speaking = {
    ...common(state),
    is: 'speaking',
    unanswered: state.about.kind === 'answered' ? 0 : state.unanswered,
    turnFrom: at,
    unsaid,
    question: then.kind === 'ask' ? then.question : state.question,
    step: reply.step,
    reply,
    startedAt: at,
    played: 0,
    playedAt: at,
    until: at + lengthOf(reply) + limits.markMarginMs,
  };
  const play: Effect = { do: 'play', reply };
  if (reply.utterances.length > 0) return stay(speaking, ...said, play);
  return also([...said, play], finishPlaying(speaking, at, 'played', limits));
}

export function replyFailed(state: Thinking, { at, id }: On<'reply-failed'>, limits: TurnLimits): Step {
  return id === state.asked ? excuse(state, at, limits) : stay(state);
}

/** Once: where even the excuse fails, the line is closed. */
export function excuse(state: Thinking, at: number, limits: TurnLimits): Step {
  if (state.failed) {
    return leave(state, ...callerTurn(state.about, state.step), { do: 'hang-up', why: 'failed' });
  }
  const id = state.asked + 1;
  const excused: Thinking = { ...state, asked: id, failed: true, until: at + limits.thinkMs };
  return stay(
    excused,
    { do: 'withdraw', id: state.asked },
    { do: 'count', what: 'agent-failed' },
    { do: 'apologise', id },
  );
}

/** The caller goes on: what was to be said has not happened. */
export function speakOn(state: Thinking, { at, agoMs }: On<'voice-began'>): Step {
  const voiced = { ...state, voiceSince: at - agoMs };
  if (!mayGoOn(state, at)) return stay(voiced);
  const { effects, speechMs, since, interrupted, digits } = takenBack(voiced, at - agoMs);
  const answering = { ...answer(voiced, since, at), speechMs, interrupted };
  return stay({ ...answering, keys: { digits, completeAt: null } }, ...effects);
}

/** Keys after a complete answer are a new one: whoever presses `1` twice means `1`. However long ago the answer began. */
export function pressOn(state: Thinking, input: On<'key'>, limits: TurnLimits): Step {
  if (state.failed) return stay(state);
  const { effects, speechMs, since, interrupted } = takenBack(state, input.at);
  return also(effects, press({ ...answer(state, since, input.at), speechMs, interrupted }, input, limits));
}

/** Not after an excuse, and not for ever: a caller who never pauses is answered as well. */
function mayGoOn({ about, failed, question }: Thinking, at: number): boolean {
  if (failed) return false;
  if (about.kind !== 'answered') return true;
  return about.endedBy !== 'too-long' && at - about.startedAt < question.speech.longestMs;
}

function takenBack({ about, asked }: Thinking, began: number) {
  const before: Extract<Doing, { kind: 'answered' }> | null = about.kind === 'answered' ? about : null;
  const effects: Effect[] = [
    { do: 'withdraw', id: asked },
    { do: 'count', what: 'withdrawn' },
  ];
  return {
    effects,
    since: before?.startedAt ?? began,
    speechMs: before?.speechMs ?? null,
    digits: before?.digits ?? '',
    interrupted: before?.interrupted ?? null,
  };
}
