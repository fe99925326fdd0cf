import { Dice } from './dice';
import { type MarkFate } from './memory-line';
import { type CallPlan, PhoneCall } from './phone-call';
import { ASK, type Cue } from './scripted-agent';

/** Everything that happens in a call, as numbers. */
export interface CallFate {
  /** what the caller does, one after the other */
  caller: readonly number[];
  /** what the agent does, over and over */
  agent: readonly number[];
  speech: number;
  marks: readonly MarkFate[];
  /** so many of these the caller hangs up */
  hangsUpAfter: number;
}

/** The caller's voice from one ms to another, or the moment of a key. */
export interface Uttered {
  kind: 'speak' | 'cough' | 'press';
  from: number;
  to: number;
}

export const LIMITS = { callMs: 60_000, thinkMs: 5000, markMarginMs: 1500, unanswered: 3 };
export const END_SILENCE_MS = 600;
export const LONGEST_MS = 4000;
export const NO_INPUT_MS = 2000;
/** as long as no other audio is */
export const EXCUSE_MS = 777;

/** How much had been played when the agent was asked. */
export interface PlayedBefore {
  plays: number;
  memory: readonly string[];
}

/** A call of which nobody knows how it will go. */
export class RandomCall {
  readonly call: PhoneCall;
  readonly cues: Cue[] = [];
  readonly asked: PlayedBefore[] = [];
  readonly uttered: Uttered[] = [];
  readonly beganAt: number;

  constructor(private readonly fate: CallFate) {
    const script = (memory: readonly string[]) => {
      this.asked.push({ plays: this.call.line.did('play').length, memory });
      return this.nextCue();
    };
    this.call = new PhoneCall({ ...behaviourOf(fate), script, limits: LIMITS });
    this.beganAt = this.call.clock.now();
  }

  async live(): Promise<void> {
    for (const [index, number] of this.fate.caller.entries()) {
      if (index === this.fate.hangsUpAfter) this.call.line.close();
      if (this.call.line.endedAt !== null) break;
      await this.act(new Dice(number));
    }
    await this.call.untilTheEnd(2 * LIMITS.callMs);
    await this.call.clock.pass(LIMITS.callMs);
  }

  private async act(dice: Dice): Promise<void> {
    const { call } = this;
    const from = call.clock.now();
    const kind = dice.pick(['wait', 'wait', 'speak', 'speak', 'speak', 'cough', 'press'] as const);
    if (kind === 'wait') return call.wait(dice.pick([100, 300, 900, 2500, 7000]));
    if (kind === 'press') {
      this.uttered.push({ kind, from, to: from });
      return call.press(dice.pick(['1', '2', '3', '#', '12']));
    }
    await call.speak(kind === 'cough' ? 40 : dice.pick([300, 700, 1500, 6000]));
    this.utter({ kind, from, to: call.clock.now() });
  }

  /** What nothing parts, or no pause that ends a speech, is one, whatever is pressed meanwhile. */
  private utter(more: Uttered): void {
    const before = this.uttered.findLast(({ kind }) => kind !== 'press');
    const pauseMs = more.from - (before?.to ?? -Infinity);
    if (before && (pauseMs === 0 || (before.kind === 'speak' && pauseMs < END_SILENCE_MS))) {
      before.to = more.to;
      if (more.kind === 'speak') before.kind = 'speak';
    } else this.uttered.push(more);
  }

  /** Its texts are as long as their audio, in ms, and no two are alike. */
  private nextCue(): Cue {
    const { agent } = this.fate;
    const number = this.cues.length;
    const dice = new Dice((agent[number % Math.max(1, agent.length)] ?? 0) + 97 * number);
    const ms = dice.pick([100, 1000, 3000]) + number + 1;
    const say = dice.pick([[], [`${ms}`], [`${ms}`], [`${ms}`], [`${ms}`, `${ms + 500}`]]);
    const kind = dice.pick([
      ...Array<'ask'>(14).fill('ask'),
      'go-on',
      'go-on',
      'hang-up',
      'transfer',
    ] as const);
    const digits = dice.pick([null, null, { length: 3, finishKey: '#', pauseMs: 1500 }]);
    const speech = { minimumMs: null, endSilenceMs: END_SILENCE_MS, longestMs: LONGEST_MS };
    const question = {
      ...ASK,
      noInputMs: NO_INPUT_MS,
      bargeIn: dice.pick([true, true, false]),
      speech,
      digits,
    };
    const cue: Cue = {
      say,
      then: kind === 'ask' ? { kind, question } : { kind },
      afterMs: dice.pick([0, 0, 0, 50, 50, 700, 700, 3000, 3000, 9000]),
      fails: dice.below(40) === 0,
      step: `cue ${number}`,
    };
    this.cues.push(cue);
    return cue;
  }
}

function behaviourOf({ speech, marks }: CallFate): Omit<CallPlan, 'script'> {
  const dice = new Dice(speech);
  let recognized = 0;
  return {
    ...dice.pick([
      { inboundMs: 20, uncutMs: 20 },
      { inboundMs: 100, uncutMs: 100 },
    ]),
    marks: marks.length > 0 ? marks : ['returned'],
    givesBack: dice.pick([true, false]),
    synthesisMs: dice.pick([0, 0, 40, 900]),
    unsayable: dice.pick([...Array<null>(9).fill(null), '7']),
    lengthMs: (text) => (text === 'Sorry' ? EXCUSE_MS : Number(text)),
    recognitionMs: dice.pick([0, 0, 0, 200, 200, 1200, 1200, 12_000]),
    words: dice.pick([() => null, () => `words ${(recognized += 1)}`]),
    deaf: dice.below(4) === 0,
    hangoverFrames: dice.pick([0, 6]),
  };
}
