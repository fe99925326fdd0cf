import { BEFORE_ANY_QUESTION, type TurnLimits } from '../turn-state';
import { beginning, byCaller, effectsOf, playedBy, type Playing } from './playing';
import { type Moment } from './reality';

/** As long as the finish key may come after an answer that was complete without it, ms. */
const SURPLUS_MS = 2000;

/** A question that was heard to its end, and to which the caller has not begun an answer. */
interface Awaiting {
  since: number;
  noInputMs: number;
}

/** Follows a call from outside: what is played, who speaks, and what is waited for, by inputs and effects alone. */
export class Observer {
  playing: Playing | null = null;
  awaiting: Awaiting | null = null;
  /** the caller's voice is on the line, as far as anybody has told */
  voice = false;
  private digits = BEFORE_ANY_QUESTION.digits;
  private surplus: { key: string; until: number } | null = null;

  constructor(private readonly limits: TurnLimits) {}

  /** @returns whether the caller has begun a turn */
  see(moment: Moment): boolean {
    const { input, at } = moment;
    const turns = effectsOf(moment, 'record').map(({ turn }) => turn);
    this.hear(moment);
    const answers = this.answers(moment);
    if (answers || turns.some(({ endedBy }) => endedBy === 'no-input')) this.awaiting = null;
    const ended = this.playing && playedBy(this.playing, input) ? this.playing : null;
    if (turns.some(({ who }) => who === 'assistant')) this.playing = null;
    const speaks = [this.await(ended, at), this.await(this.begin(moment), at)];
    return answers || speaks.includes(true);
  }

  /** @returns what has ended as soon as it began, since it says nothing */
  private begin(moment: Moment): Playing | null {
    const begun = beginning(moment, this.limits);
    if (!begun) return null;
    const { then, utterances } = begun.reply;
    if (then.kind === 'ask') this.digits = then.question.digits;
    this.playing = utterances.length > 0 ? begun : null;
    return this.playing ? null : begun;
  }

  /** A voice that has lasted for too long counts as one of which nobody has told that it ended. */
  private hear(moment: Moment): void {
    const { input } = moment;
    const lost = effectsOf(moment, 'ask').some(
      ({ about }) => about.kind === 'answered' && about.endedBy === 'too-long',
    );
    if (input?.kind === 'voice-began') this.voice = true;
    else if (input?.kind === 'voice-ended' || lost) this.voice = false;
  }

  /** In silence after a question, over a prompt, or while the agent thinks. */
  private answers(moment: Moment): boolean {
    if (!byCaller(moment.input) || this.isSurplus(moment)) return false;
    const cuts = effectsOf(moment, 'clear').length > 0;
    const withdraws = effectsOf(moment, 'withdraw').length > 0;
    return this.awaiting !== null || cuts || withdraws;
  }

  /** The finish key of an answer that was complete without it is no answer. */
  private isSurplus(moment: Moment): boolean {
    const { input, at } = moment;
    if (input?.kind !== 'key') return false;
    const { surplus } = this;
    const finishKey = this.digits?.finishKey ?? null;
    const completes = effectsOf(moment, 'ask').some(
      ({ about }) => about.kind === 'answered' && about.endedBy === 'digits-complete',
    );
    const due = completes && finishKey !== null && input.key !== finishKey;
    this.surplus = due ? { key: finishKey, until: at + SURPLUS_MS } : null;
    return surplus?.key === input.key && at < surplus.until;
  }

  /** Whoever speaks when the question ends is answering it. */
  private await(ended: Playing | null, since: number): boolean {
    if (ended?.reply.then.kind !== 'ask') return false;
    if (this.voice) return true;
    this.awaiting = { since, noInputMs: ended.reply.then.question.noInputMs };
    return false;
  }
}
