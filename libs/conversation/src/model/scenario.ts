import { type Question, type Then } from '../agent';
import { beginTurns, takeTurn, wakesAt } from '../turn-machine';
import {
  DEFAULT_LIMITS,
  type Doing,
  type Effect,
  type Input,
  type PreparedReply,
  type State,
  type Step,
  type TurnLimits,
  type TurnTaken,
} from '../turn-state';
import { ASK } from './scripted-agent';

type Without<T> = T extends Input ? Omit<T, 'at'> : never;

/** The turn machine with a clock that is never late; what came out is told in short words, in order. */
export class Scenario {
  state: State;
  readonly turns: TurnTaken[] = [];
  readonly told: Doing[] = [];
  now = 0;
  private did: string[] = [];
  private readonly limits: TurnLimits;

  constructor(limits: Partial<TurnLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    const step = beginTurns(this.now, this.limits);
    this.state = step.state;
    this.settle(step);
  }

  /** What has come out since it was last asked for. */
  heard(): string[] {
    const { did } = this;
    this.did = [];
    return did;
  }

  feed(input: Without<Input>): this {
    this.settle(takeTurn(this.state, { ...input, at: this.now }, this.limits));
    return this;
  }

  wait(ms: number): this {
    const end = this.now + ms;
    for (let wakes = wakesAt(this.state); wakes !== null && wakes <= end; wakes = wakesAt(this.state)) {
      this.now = Math.max(this.now, wakes);
      this.feed({ kind: 'clock' });
    }
    this.now = end;
    return this;
  }

  /** @param lengths ms of each utterance */
  reply(then: Then, lengths: readonly number[] = [1000], id = this.state.asked): this {
    return this.feed({ kind: 'reply-ready', reply: replyOf(id, then, lengths) });
  }

  asks(question: Partial<Question> = {}, lengths?: readonly number[]): this {
    return this.reply({ kind: 'ask', question: { ...ASK, ...question } }, lengths);
  }

  mark(name: string): this {
    return this.feed({ kind: 'mark', name });
  }

  begin(agoMs = 160): this {
    return this.feed({ kind: 'voice-began', agoMs });
  }

  end(speechMs = 1000, why: 'end-silence' | 'too-long' = 'end-silence'): this {
    return this.feed({ kind: 'voice-ended', speechMs, why });
  }

  press(...keys: string[]): this {
    keys.forEach((key) => this.feed({ kind: 'key', key }));
    return this;
  }

  close(): this {
    return this.feed({ kind: 'line-closed' });
  }

  private settle({ state, effects }: Step): void {
    this.state = state;
    for (const effect of effects) {
      this.did.push(wordsFor(effect));
      if (effect.do === 'record') this.turns.push(effect.turn);
      if (effect.do === 'ask') this.told.push(effect.about);
    }
  }
}

function replyOf(id: number, then: Then, lengths: readonly number[]): PreparedReply {
  const utterances = lengths.map((lengthMs, index) => ({
    mark: `${id}.${index + 1}`,
    text: `utterance ${index + 1} of ${id}`,
    lengthMs,
  }));
  return { id, utterances, then, step: `step-${id}` };
}

function wordsFor(effect: Effect): string {
  switch (effect.do) {
    case 'ask':
      return `ask ${effect.id} ${effect.about.kind}`;
    case 'withdraw':
    case 'apologise':
      return `${effect.do} ${effect.id}`;
    case 'play':
      return `play ${effect.reply.id}`;
    case 'record':
      return `record ${effect.turn.who} ${effect.turn.endedBy}`;
    case 'count':
      return `count ${effect.what}`;
    case 'hang-up':
      return `hang up ${effect.why}`;
    case 'clear':
    case 'transfer':
      return effect.do;
  }
}
