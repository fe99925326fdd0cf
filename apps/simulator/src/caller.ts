import { EchoListener } from './echo';
import type { LineAudio } from './provider-side';

/** Between two key presses; a person types about four digits a second. */
const DIGIT_GAP_MS = 250;

export interface CallerPlan {
  audio: LineAudio;
  /** in the line's encoding */
  said: Uint8Array;
  /** ms of silence on the line before the caller speaks */
  sayAfterMs: number;
  /** pressed when all has been said */
  digits: string;
  /** keep what is heard */
  record: boolean;
}

/** The person on the phone: says one thing, presses some keys, and listens for what comes back. */
export class Caller {
  private readonly echo: EchoListener;
  private readonly kept: Uint8Array[] = [];
  private readonly silence: Uint8Array;
  private readonly silentFrames: number;
  private frames = 0;
  private saidBytes = 0;
  private pressed = 0;
  private pressedAtFrame = Number.NEGATIVE_INFINITY;

  constructor(private readonly plan: CallerPlan) {
    this.echo = new EchoListener(plan.said);
    this.silence = new Uint8Array(plan.audio.frameBytes).fill(plan.audio.silence);
    this.silentFrames = Math.ceil(plan.sayAfterMs / plan.audio.frameMs);
  }

  get sentMs(): number {
    return this.frames * this.plan.audio.frameMs;
  }

  /** ms of what the caller says */
  get saidMs(): number {
    return Math.round(this.plan.said.length / this.plan.audio.bytesPerMs);
  }

  /** ms of the longest beginning of it that came back without a gap */
  get heardMs(): number {
    return Math.round(this.echo.longestBytes / this.plan.audio.bytesPerMs);
  }

  get heardBack(): boolean {
    return this.echo.complete;
  }

  /** has said and pressed all that was planned */
  get done(): boolean {
    return this.saidBytes === this.plan.said.length && this.pressed === this.plan.digits.length;
  }

  /** Nobody sends less than a frame: the last one is filled up with silence. */
  nextFrame(): Uint8Array {
    this.frames += 1;
    const left = this.plan.said.length - this.saidBytes;
    if (this.frames <= this.silentFrames || left === 0) return this.silence;
    const words = this.plan.said.subarray(this.saidBytes, this.saidBytes + this.plan.audio.frameBytes);
    this.saidBytes += words.length;
    if (words.length === this.plan.audio.frameBytes) return words;
    const frame = this.silence.slice();
    frame.set(words);
    return frame;
  }

  /** The key that is pressed now, if one is; asked once a frame. */
  nextDigit(): string | null {
    const gapOver = (this.frames - this.pressedAtFrame) * this.plan.audio.frameMs >= DIGIT_GAP_MS;
    if (this.saidBytes < this.plan.said.length || !gapOver) return null;
    const digit = this.plan.digits[this.pressed];
    if (digit === undefined) return null;
    this.pressed += 1;
    this.pressedAtFrame = this.frames;
    return digit;
  }

  hear(payload: Uint8Array): void {
    this.echo.hear(payload);
    if (this.plan.record) this.kept.push(payload);
  }

  /** All that was heard, in order; empty unless it was to be recorded. */
  heard(): Uint8Array {
    return Buffer.concat(this.kept);
  }
}
