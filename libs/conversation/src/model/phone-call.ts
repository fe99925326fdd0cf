import { type Session, type Turn } from '@greenroom/contracts';
import { type CallerTurn } from '../agent';
import { type Conversation } from '../conversation';
import { startTalk } from '../talk';
import { type Counted, DEFAULT_LIMITS, type TurnLimits } from '../turn-state';
import { type LineBehaviour, MemoryLine } from './memory-line';
import { type Cue, ScriptedAgent } from './scripted-agent';
import { LevelDetector, SlowRecognizer, SlowSynthesizer, type SpeechBehaviour } from './slow-speech';
import { silence, tone } from './sounds';
import { VirtualClock } from './virtual-clock';

export interface CallPlan extends Partial<LineBehaviour>, Partial<SpeechBehaviour> {
  /** what the agent says, one after the other; after the last it hangs up */
  script: readonly Cue[] | ((memory: readonly string[], turn: CallerTurn) => Cue);
  limits?: Partial<TurnLimits>;
  deaf?: boolean;
  hangoverFrames?: number;
}

const FRAME_MS = 20;
const BYE: Cue = { say: ['Goodbye'], then: { kind: 'hang-up' } };
const UNIX_MS = 1_700_000_000_000;

export const SESSION = { callId: 'call-0001', version: 1 } as unknown as Session;

/** A whole call: the driver of the turn machine between a line, an agent and speech, all of them in memory. */
export class PhoneCall {
  readonly clock = new VirtualClock();
  readonly turns: Turn[] = [];
  readonly counted: Counted[] = [];
  readonly faults: unknown[] = [];
  readonly line: MemoryLine;
  readonly agent: ScriptedAgent;
  readonly recognizer: SlowRecognizer;
  readonly synthesizer: SlowSynthesizer;
  readonly detector: LevelDetector;
  readonly conversation: Conversation;
  /** ms after the beginning of the call, by unix time */
  readonly sinceStart = ({ startedAt }: Turn): number => startedAt - UNIX_MS;

  constructor({ script, limits, deaf = false, hangoverFrames = 0, ...behaviour }: CallPlan) {
    const { clock } = this;
    const line = { inboundMs: FRAME_MS, uncutMs: 20, marks: ['returned'], givesBack: false } as const;
    const speech = { synthesisMs: 0, unsayable: null, recognitionMs: 0 };
    const heard = { lengthMs: () => 1000, words: () => 'some words' };
    this.line = new MemoryLine(clock, { ...line, ...behaviour });
    const next =
      typeof script === 'function' ? script : (memory: readonly string[]) => script[memory.length] ?? BYE;
    this.agent = new ScriptedAgent(clock, next);
    this.recognizer = new SlowRecognizer(clock, { ...speech, ...heard, ...behaviour });
    this.synthesizer = new SlowSynthesizer(clock, { ...speech, ...heard, ...behaviour });
    this.detector = new LevelDetector(this.line.sampleRate, hangoverFrames);
    const begun = clock.now();
    this.conversation = startTalk({
      agent: this.agent,
      synthesizer: this.synthesizer,
      recognizer: deaf ? null : this.recognizer,
      openDetector: () => this.detector,
      clock: clock.ofTalk,
      unixNow: () => UNIX_MS + clock.now() - begun,
      limits: { ...DEFAULT_LIMITS, ...limits },
      excuse: { text: 'Sorry', language: 'en-IN' },
      record: (turn) => this.turns.push(turn),
      onCounted: (what) => this.counted.push(what),
      onFault: (error) => this.faults.push(error),
    })(this.line, SESSION);
    this.line.connect(this.conversation);
  }

  /** The caller is silent. */
  async wait(ms: number): Promise<void> {
    await this.hear(silence(ms));
  }

  async speak(ms: number, level = -25): Promise<void> {
    await this.hear(tone(ms, level));
  }

  press(...keys: string[]): void {
    keys.forEach((key) => this.conversation.pressed(key));
  }

  /** As the line gives it: in pieces, each when its last sample has come. */
  async hear(pcm: Int16Array): Promise<void> {
    const size = (this.line.granularity.inboundMs * this.line.sampleRate) / 1000;
    for (let start = 0; start < pcm.length && this.line.endedAt === null; start += size) {
      const piece = pcm.subarray(start, start + size);
      await this.clock.pass((piece.length / this.line.sampleRate) * 1000);
      if (this.line.endedAt === null) this.conversation.heard(piece);
    }
  }

  /** Until the line is closed, as it sooner or later must be. */
  async untilTheEnd(atMostMs = 4_000_000): Promise<void> {
    for (let waited = 0; this.line.endedAt === null && waited < atMostMs; waited += 500) await this.wait(500);
  }
}
