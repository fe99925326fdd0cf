import { type TurnEnd } from '@greenroom/contracts';
import { pressKey } from './digit-collector';
import {
  type Answering,
  type Common,
  type Input,
  type Listening,
  type Step,
  type TurnLimits,
} from './turn-state';
import { also, answer, BLANK, GUARD_MS, leave, stay, think } from './turn-steps';

type On<K extends Input['kind']> = Extract<Input, { kind: K }>;

export function beginToSpeak(state: Listening, { at, agoMs }: On<'voice-began'>): Step {
  const voiceSince = at - agoMs;
  return stay(answer({ ...state, voiceSince }, voiceSince, at));
}

export function beginToPress(state: Listening, input: On<'key'>, limits: TurnLimits): Step {
  return press(answer(state, input.at, input.at), input, limits);
}

export function noInput(state: Listening, at: number, limits: TurnLimits): Step {
  const { since, step } = state;
  const silent = { ...state, unanswered: state.unanswered + 1, turnFrom: at };
  const turn = { ...BLANK, startedAt: since, endedAt: at, endedBy: 'no-input', step } as const;
  const told = [
    { do: 'count', what: 'no-input' },
    { do: 'record', turn },
  ] as const;
  if (silent.unanswered <= limits.unanswered) {
    return also(told, think(silent, { kind: 'silent' }, at, limits));
  }
  const counted = { do: 'count', what: 'nobody-answers' } as const;
  return leave(silent, ...told, counted, { do: 'hang-up', why: 'nobody-answers' });
}

/** While keys are being pressed, they are the answer: what is said meanwhile only goes with them. */
export function speechOver(
  state: Answering,
  { at, speechMs, why }: On<'voice-ended'>,
  limits: TurnLimits,
): Step {
  const spoken = { ...state, voiceSince: null, speechMs: (state.speechMs ?? 0) + speechMs };
  return state.keys.completeAt !== null ? stay(spoken) : complete(spoken, at, why, limits);
}

export function press(state: Answering, { at, key }: On<'key'>, limits: TurnLimits): Step {
  // keys from before a pause are a complete answer, which this one begins anew
  const before = state.keys.completeAt === null ? { digits: '', completeAt: null } : state.keys;
  const { collector: keys, complete: done } = pressKey(before, key, state.question.digits, at);
  const surplus = done ? surplusAfter(key, state, at) : null;
  const pressed = {
    ...{ ...state, keys, surplus },
    until: Math.max(state.until, (keys.completeAt ?? 0) + GUARD_MS),
  };
  return done ? complete(pressed, at, 'digits-complete', limits) : stay(pressed);
}

export function waitedEnough(state: Answering, at: number, limits: TurnLimits): Step {
  const { completeAt } = state.keys;
  if (completeAt !== null && at >= completeAt) return complete(state, at, 'digits-paused', limits);
  if (at < state.until) return stay(state);
  // nobody has told of the end of the voice: the next answer does not wait for it as well
  return think({ ...state, voiceSince: null }, answered(state, at, 'too-long'), at, limits);
}

function surplusAfter(key: string, { question: { digits } }: Answering, at: number): Common['surplus'] {
  if (digits === null || digits.finishKey === null || key === digits.finishKey) return null;
  return { key: digits.finishKey, until: at + SURPLUS_MS };
}
/** As long as it may take somebody to press the key that was announced, ms. */
const SURPLUS_MS = 2000;

export const isSurplus = ({ surplus }: Common, { at, key }: On<'key'>): boolean =>
  surplus !== null && key === surplus.key && at < surplus.until;

function complete(state: Answering, endedAt: number, endedBy: TurnEnd, limits: TurnLimits): Step {
  return think(state, answered(state, endedAt, endedBy), endedAt, limits);
}

export function answered(
  { since, speechMs, keys, interrupted, voiceSince }: Answering,
  endedAt: number,
  endedBy: TurnEnd,
) {
  const digits = keys.digits === '' ? null : keys.digits;
  const unfinished = voiceSince !== null && digits === null ? endedAt - voiceSince : null;
  const spoken = speechMs === null ? unfinished : speechMs + (unfinished ?? 0);
  return {
    kind: 'answered',
    startedAt: since,
    // what was said before the turn began belongs to the one before
    speechMs: spoken === null ? null : Math.min(spoken, endedAt - since),
    digits,
    interrupted,
    endedAt,
    endedBy,
  } as const;
}
