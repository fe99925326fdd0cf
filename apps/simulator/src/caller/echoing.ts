import { EchoListener } from '../echo';
import type { LineAudio } from '../provider-side';
import { doneBy, type Caller, type CallerAct, type PlannedAct } from './caller';
import { Keypad } from './keypad';
import { Mouth } from './mouth';
import type { Sound } from './sound';

export interface EchoPlan {
  audio: LineAudio;
  said: Sound;
  /** ms of silence on the line before the caller speaks */
  sayAfterMs: number;
  /** pressed when all has been said */
  digits: string;
  /** least ms on the line */
  holdMs: number;
}

/** Says one thing, presses some keys, and wants to hear itself. */
export class EchoingCaller implements Caller {
  private readonly mouth: Mouth;
  private readonly keypad = new Keypad();
  private readonly echo: EchoListener;
  private readonly begun: PlannedAct[] = [];

  constructor(private readonly plan: EchoPlan) {
    const { audio, said, sayAfterMs, digits } = plan;
    this.mouth = new Mouth(audio);
    this.echo = new EchoListener(said.bytes);
    const beganAtMs = this.mouth.say(said, Math.ceil(sayAfterMs / audio.frameMs) * audio.frameMs);
    this.begun.push({
      kind: 'opening',
      atMs: beganAtMs + said.audibleFromMs,
      endedAtMs: beganAtMs + said.audibleToMs,
    });
    const keys: PlannedAct = { kind: 'keys', atMs: null, endedAtMs: 0 };
    if (digits !== '') this.begun.push(keys);
    this.keypad.press(digits, beganAtMs + said.lengthMs, (atMs) => {
      keys.atMs ??= atMs;
      keys.endedAtMs = atMs;
    });
  }

  get sentMs(): number {
    return this.mouth.sentMs;
  }

  get saidMs(): number {
    return Math.round(this.plan.said.lengthMs);
  }

  /** ms of the longest beginning of it that came back without a gap */
  get heardMs(): number {
    return Math.round(this.echo.longestBytes / this.plan.audio.bytesPerMs);
  }

  get heardBack(): boolean {
    return this.echo.complete;
  }

  get served(): boolean {
    return this.heardBack;
  }

  /** has said and pressed all that was planned */
  get done(): boolean {
    return this.mouth.idle && this.keypad.idle;
  }

  get acts(): readonly CallerAct[] {
    return doneBy(this.begun, this.sentMs);
  }

  nextFrame(): Uint8Array {
    return this.mouth.nextFrame();
  }

  nextDigit(): string | null {
    return this.keypad.next(this.sentMs);
  }

  hear(payload: Uint8Array): void {
    this.echo.hear(payload);
  }

  leaves(onLineMs: number): boolean {
    return this.done && this.heardBack && onLineMs >= this.plan.holdMs;
  }

  complaint(hungUpBy: 'caller' | 'gateway'): string | null {
    if (this.heardBack) return null;
    const left = hungUpBy === 'caller' ? 'the caller gave up' : 'the gateway closed';
    return `${this.heardMs} of ${this.saidMs} ms came back unbroken before ${left}`;
  }
}
