import { takeTurn } from '../turn-machine';
import { type Input, type State, type Step, type TurnLimits } from '../turn-state';

/** Of each kind one, so that every state is given every input. */
const EACH_KIND: readonly Omit<Input, 'at'>[] = [
  { kind: 'reply-failed', id: 1 },
  { kind: 'reply-ready', reply: { id: -1, utterances: [], then: { kind: 'go-on' }, step: null } },
  { kind: 'voice-began', agoMs: 20 },
  { kind: 'voice-ended', speechMs: 20, why: 'too-long' },
  { kind: 'key', key: '1' },
  { kind: 'mark', name: '1.1' },
  { kind: 'clock' },
  { kind: 'line-closed' },
] as readonly Omit<Input, 'at'>[];

/**
 * The turn machine, held to being a function: what it is given is frozen, and a copy of it, by way of JSON, has to give
 * the same step.
 */
export function takeTurnTwice(state: State, input: Input, limits: TurnLimits): Step {
  for (const given of EACH_KIND) takeTurn(frozen(state), frozen({ ...given, at: input.at } as Input), limits);
  const step = takeTurn(frozen(state), frozen(input), frozen(limits));
  const again = takeTurn(copyOf(state), copyOf(input), copyOf(limits));
  if (JSON.stringify(step) !== JSON.stringify(again)) {
    throw new Error(`${input.kind} gave ${JSON.stringify(step)}, then ${JSON.stringify(again)}`);
  }
  return { state: plain(step.state), effects: step.effects };
}

const copyOf = <T>(given: T): T => JSON.parse(JSON.stringify(given)) as T;

/** With all that is in it: whoever writes to it throws. */
function frozen<T>(given: T): T {
  if (typeof given !== 'object' || given === null || Object.isFrozen(given)) return given;
  Object.values(given).forEach(frozen);
  return Object.freeze(given);
}

/** Nothing in it that JSON would lose. */
function plain<T>(given: T): T {
  if (typeof given === 'object' && given !== null) Object.values(given).forEach(plain);
  const lost = given === undefined || typeof given === 'function' || Object.is(given, -0);
  if (lost || (typeof given === 'number' && !Number.isFinite(given)))
    throw new Error(`a state has ${String(given)}`);
  return given;
}
