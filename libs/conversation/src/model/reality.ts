import { type Question, type Then } from '../agent';
import { beginTurns, takeTurn, wakesAt } from '../turn-machine';
import {
  type Effect,
  type Input,
  type PreparedReply,
  type PreparedUtterance,
  type State,
  type TurnLimits,
} from '../turn-state';
import { Dice } from './dice';

/** Everything that happens in a run, as numbers: which input comes next, when, and what is in it. */
export interface Fate {
  limits: number;
  steps: readonly number[];
  /** ms by which the clock comes late, one after the other */
  late: readonly number[];
  /** the line ends when it is told to; otherwise it goes on and on */
  obeys: boolean;
}

/** One input, and what the machine made of it. */
export interface Moment {
  at: number;
  /** null: the beginning */
  input: Input | null;
  effects: readonly Effect[];
  before: State | null;
  after: State;
}

export interface Life {
  limits: TurnLimits;
  /** the clock is never later than this, ms */
  lateMs: number;
  beganAt: number;
  moments: readonly Moment[];
}

const BEGAN_AT = 1000;
/** A clock that says the same time again and again would say it for ever. */
const MOST_CLOCKS = 300;
/** Inputs after the end are ignored, and so teach little. */
const MOST_AFTERWARDS = 5;
const QUIET_MS = 10_000_000;

const DELAYS = [0, 0, 0, 1, 20, 60, 160, 160, 400, 400, 800, 800, 1500, 1500, 3000, 6000] as const;
const KEYS = ['1', '1', '2', '5', '9', '0', '#', '#', '*', 'A', 'x', '', '12'] as const;
/** Of so many inputs each is one of these. */
const OFTEN = {
  ...{ reply: 16, 'stale reply': 4, failure: 2, voice: 9, silence: 8 },
  ...{ key: 7, mark: 12, clock: 2, 'line-closed': 1, nothing: 5 },
} as const;
type What = keyof typeof OFTEN;
const WHATS = (Object.keys(OFTEN) as What[]).flatMap((what) => Array<What>(OFTEN[what]).fill(what));
const LENGTHS = [0, 20, 400, 400, 2000, 9000] as const;

/** Drives the turn machine as its driver does, in a world in which anything may happen at any time. */
export class Reality {
  private readonly limits: TurnLimits;
  private readonly moments: Moment[] = [];
  private state: State;
  private now = BEGAN_AT;
  private clocks = 0;
  private armedFor: number | null = null;
  private clockAt = Infinity;
  private toldToEnd = false;
  private afterwards = 0;
  private readonly replies: PreparedReply[] = [];
  private readonly marks: string[] = ['0.1', ''];

  constructor(
    private readonly fate: Fate,
    private readonly take = takeTurn,
  ) {
    const dice = new Dice(fate.limits);
    this.limits = {
      callMs: dice.pick([15_000, 40_000, 600_000]),
      thinkMs: dice.pick([1000, 8000, 20_000]),
      markMarginMs: dice.pick([1, 500, 1500]),
      unanswered: dice.pick([0, 1, 3]),
    };
    const { state, effects } = beginTurns(BEGAN_AT, this.limits);
    this.state = state;
    this.note({ at: BEGAN_AT, input: null, effects, before: null, after: state });
  }

  /** First what is given; then time passes until nothing more can come of it; at last the line is closed. */
  live(): Life {
    for (const step of this.fate.steps) {
      if (this.toldToEnd || this.state.is === 'closed') this.afterwards += 1;
      if (this.afterwards > MOST_AFTERWARDS) break;
      const dice = new Dice(step);
      this.passUntil(this.now + this.delay(dice));
      const input = this.input(dice);
      if (input) this.feed(input);
    }
    this.passUntil(this.now + QUIET_MS);
    this.feed({ kind: 'line-closed', at: this.now });
    const lateMs = Math.max(0, ...this.fate.late);
    return { limits: this.limits, lateMs, beganAt: BEGAN_AT, moments: this.moments };
  }

  /** Mostly some time; sometimes just until the machine wants to be woken, which is when things meet. */
  private delay(dice: Dice): number {
    const wakes = wakesAt(this.state);
    if (wakes !== null && dice.below(8) === 0) return Math.max(0, wakes - this.now + dice.pick([-1, 0, 1]));
    return dice.pick(DELAYS);
  }

  private passUntil(time: number): void {
    while (this.clockAt <= time && this.clocks < MOST_CLOCKS) {
      this.clocks += 1;
      this.now = this.clockAt;
      this.armedFor = null;
      this.clockAt = Infinity;
      this.feed({ kind: 'clock', at: this.now });
    }
    this.now = Math.max(this.now, time);
  }

  private arm(): void {
    const wakes = wakesAt(this.state);
    if (wakes === this.armedFor) return;
    this.armedFor = wakes;
    const { late } = this.fate;
    const lateMs = late[this.clocks % Math.max(1, late.length)] ?? 0;
    this.clockAt = wakes === null ? Infinity : Math.max(wakes, this.now) + lateMs;
  }

  private feed(input: Input): void {
    const before = this.state;
    const { state, effects } = this.take(before, input, this.limits);
    this.state = state;
    this.note({ at: input.at, input, effects, before, after: state });
    if (this.toldToEnd && this.fate.obeys && this.state.is !== 'closed') {
      this.feed({ kind: 'line-closed', at: this.now });
    }
  }

  private note(moment: Moment): void {
    this.moments.push(moment);
    this.arm();
    for (const effect of moment.effects) {
      if (effect.do === 'play') this.marks.push(...effect.reply.utterances.map(({ mark }) => mark));
      if (effect.do === 'hang-up' || effect.do === 'transfer') this.toldToEnd = true;
    }
  }

  /** Null: time passes, that is all. */
  private input(dice: Dice): Input | null {
    const at = this.now;
    const make: Record<What, () => Input | null> = {
      reply: () => ({ kind: 'reply-ready', at, reply: this.reply(this.state.asked, dice) }),
      'stale reply': () => ({ kind: 'reply-ready', at, reply: this.staleReply(dice) }),
      failure: () => ({ kind: 'reply-failed', at, id: this.state.asked - dice.pick([0, 0, 1, -1]) }),
      voice: () => ({ kind: 'voice-began', at, agoMs: dice.pick([0, 20, 60, 160, 160, 3000]) }),
      silence: () => this.voiceEnded(dice),
      key: () => ({ kind: 'key', at, key: dice.pick(KEYS) }),
      mark: () => ({ kind: 'mark', at, name: this.mark(dice) }),
      clock: () => ({ kind: 'clock', at }),
      'line-closed': () => ({ kind: 'line-closed', at }),
      nothing: () => null,
    };
    const replies = this.state.is === 'thinking' && dice.below(4) === 0;
    return make[replies ? 'reply' : dice.pick(WHATS)]();
  }

  private voiceEnded(dice: Dice): Input {
    const why = dice.pick(['end-silence', 'end-silence', 'too-long'] as const);
    return { kind: 'voice-ended', at: this.now, speechMs: dice.pick([20, 700, 4000]), why };
  }

  /** Mostly of what is being played. */
  private mark(dice: Dice): string {
    const playing = this.state.is === 'speaking' ? this.state.reply.utterances : [];
    const last = playing.at(-1)?.mark;
    if (last !== undefined && dice.below(2) === 0) return last;
    const names = playing.length > 0 && dice.below(3) > 0 ? playing.map(({ mark }) => mark) : this.marks;
    return dice.pick(names);
  }

  /** To another question than the latest, or one that came before. */
  private staleReply(dice: Dice): PreparedReply {
    if (this.replies.length > 0 && dice.below(2) === 0) return dice.pick(this.replies);
    return this.reply(this.state.asked - dice.pick([1, 2, -1]), dice);
  }

  private reply(id: number, dice: Dice): PreparedReply {
    const utterances: PreparedUtterance[] = [];
    for (let left = dice.pick([0, 1, 1, 1, 2, 3]); left > 0; left -= 1) {
      const mark = `${id}.${utterances.length + 1}`;
      utterances.push({ mark, text: `these are the words of ${mark}`, lengthMs: dice.pick(LENGTHS) });
    }
    const reply = { id, utterances, then: thenOf(dice), step: `step ${id}` };
    this.replies.push(reply);
    return reply;
  }
}

function thenOf(dice: Dice): Then {
  const kind = dice.pick([
    'ask',
    'ask',
    'ask',
    'ask',
    'ask',
    'go-on',
    'go-on',
    'hang-up',
    'transfer',
  ] as const);
  return kind === 'ask' ? { kind, question: questionOf(dice) } : { kind };
}

function questionOf(dice: Dice): Question {
  return {
    bargeIn: dice.pick([true, true, false]),
    noInputMs: dice.pick([1, 500, 3000, 8000]),
    speech: {
      minimumMs: null,
      endSilenceMs: dice.pick([300, 800]),
      longestMs: dice.pick([1000, 5000, 15_000]),
    },
    digits: dice.pick([
      null,
      { length: 1, finishKey: null, pauseMs: 3000 },
      { length: 4, finishKey: '#', pauseMs: 500 },
      { length: 100, finishKey: '#', pauseMs: 3000 },
      { length: 2, finishKey: '#', pauseMs: 1 },
    ]),
  };
}
