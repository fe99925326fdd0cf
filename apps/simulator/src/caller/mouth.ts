import type { LineAudio } from '../provider-side';
import type { Sound } from './sound';

/** Floating-point noise of a time in ms, in samples: far less than one. */
const ROUNDING = 1e-6;

/**
 * The caller's side of the line: one unbroken stream of frames, silent wherever nothing is said. A sound begins at the
 * very sample that its time asks for, and never before the one ahead of it has ended: there is one mouth.
 */
export class Mouth {
  private readonly silence: Uint8Array;
  private readonly bytesPerSample: number;
  private readonly waiting: { from: number; bytes: Uint8Array }[] = [];
  /** bytes since the stream's start */
  private sent = 0;
  private freeFrom = 0;

  constructor(private readonly audio: LineAudio) {
    this.silence = new Uint8Array(audio.frameBytes).fill(audio.silence);
    this.bytesPerSample = (audio.bytesPerMs * 1000) / audio.sampleRate;
  }

  get sentMs(): number {
    return this.sent / this.audio.bytesPerMs;
  }

  /** all that was to be said is on the line */
  get idle(): boolean {
    return this.sent >= this.freeFrom;
  }

  /**
   * @param atMs since the stream's start
   * @returns when it begins, ms: later than asked for if another sound or a frame that is gone lies before it
   */
  say({ bytes }: Sound, atMs: number): number {
    const sample = Math.ceil((atMs * this.audio.sampleRate) / 1000 - ROUNDING);
    const from = Math.max(sample * this.bytesPerSample, this.freeFrom, this.sent);
    this.freeFrom = from + bytes.length;
    this.waiting.push({ from, bytes });
    return from / this.audio.bytesPerMs;
  }

  /** Nobody sends less than a frame; do not write into it. */
  nextFrame(): Uint8Array {
    const begin = this.sent;
    const end = begin + this.audio.frameBytes;
    this.sent = end;
    const [first] = this.waiting;
    if (!first || first.from >= end) return this.silence;
    if (first.from <= begin && first.from + first.bytes.length > end) {
      return first.bytes.subarray(begin - first.from, end - first.from);
    }
    return this.composed(begin, end);
  }

  private composed(begin: number, end: number): Uint8Array {
    const frame = this.silence.slice();
    for (let next = this.waiting[0]; next && next.from < end; next = this.waiting[0]) {
      const { from, bytes } = next;
      frame.set(bytes.subarray(Math.max(0, begin - from), end - from), Math.max(0, from - begin));
      if (from + bytes.length > end) break;
      this.waiting.shift();
    }
    return frame;
  }
}
