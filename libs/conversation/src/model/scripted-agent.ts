import { type Agent, type AgentContext, type CallerTurn, type Question, type Reply } from '../agent';
import { type VirtualClock } from './virtual-clock';

/** What the agent does when it is asked: after a while it answers, or fails, or never says anything. */
export interface Cue {
  /** each is an utterance */
  say: readonly string[];
  then: Reply['then'];
  afterMs?: number;
  fails?: boolean;
  step?: string;
}

/** The texts of all replies that were played so far, as far as the agent knows. */
type Memory = readonly string[];

export interface Asked {
  at: number;
  turn: CallerTurn;
  memory: Memory;
  context: AgentContext;
}

export const ASK: Question = {
  bargeIn: true,
  noInputMs: 5000,
  speech: { minimumMs: null, endSilenceMs: 800, longestMs: 15_000 },
  digits: null,
};

export const asks = (text: string, question: Partial<Question> = {}, more: Partial<Cue> = {}): Cue => ({
  say: [text],
  then: { kind: 'ask', question: { ...ASK, ...question } },
  ...more,
});

export const says = (text: string, kind: 'go-on' | 'hang-up' | 'transfer', more: Partial<Cue> = {}): Cue => ({
  say: [text],
  then: { kind },
  ...more,
});

/** Says what it was told to, one after the other, and remembers what of it has happened. */
export class ScriptedAgent implements Agent<Memory> {
  readonly asked: Asked[] = [];

  constructor(
    private readonly clock: VirtualClock,
    /** by what is remembered, so that a reply that has not happened is given again */
    private readonly next: (memory: Memory, turn: CallerTurn) => Cue,
  ) {}

  begin(): Memory {
    return [];
  }

  async reply(memory: Memory, turn: CallerTurn, context: AgentContext) {
    this.asked.push({ at: this.clock.now(), turn, memory, context });
    const { say, then, afterMs = 0, fails = false, step = null } = this.next(memory, turn);
    if (afterMs > 0) await this.clock.sleep(afterMs);
    if (fails) throw new Error('the agent has failed');
    const reply = { say: say.map((text) => ({ text, language: 'en-IN' })), then, step };
    return { memory: [...memory, say.join(' ')], reply };
  }

  languageOf(): string {
    return 'en-IN';
  }
}
