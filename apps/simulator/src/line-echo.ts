import type { LineAudio } from './provider-side';
import { decodeSamples, encodeSamples } from './line-samples';

/** How the caller's telephone lets through what it hears. */
export interface LineEchoRule {
  /** dB below what is heard */
  belowDb: number;
  /** ms after it is heard */
  delayMs: number;
}

interface Heard {
  /** sample of the caller's line, from the stream's start, at which it comes back */
  from: number;
  samples: Int16Array;
}

/**
 * What the caller hears comes back on its own line, softer and later, to the sample. Pure. It is told of audio when that
 * is queued, since the first samples of a message come back before its last one has been played; so it must also be told
 * when some of it is not going to be played.
 */
export class LineEcho {
  private readonly heard: Heard[] = [];
  private readonly gain: number;
  private readonly samplesPerMs: number;

  constructor(
    private readonly audio: LineAudio,
    private readonly rule: LineEchoRule,
  ) {
    this.gain = 10 ** (-rule.belowDb / 20);
    this.samplesPerMs = audio.sampleRate / 1000;
  }

  /** @param startsAtMs when its first sample will be played, ms since the stream's start */
  queued(payload: Uint8Array, startsAtMs: number): void {
    this.heard.push({ from: this.positionOf(startsAtMs), samples: decodeSamples(payload, this.audio) });
  }

  /** Nothing that was queued is played from this time on. */
  cut(audioEndsAtMs: number): void {
    const end = this.positionOf(audioEndsAtMs);
    for (const one of this.heard) one.samples = one.samples.subarray(0, Math.max(0, end - one.from));
  }

  /**
   * The caller's frame with the echo in it; the frame itself where there is none. Frames come in order.
   * @param fromMs when the frame's first sample is spoken, ms since the stream's start
   */
  mixInto(frame: Uint8Array, fromMs: number): Uint8Array {
    const begin = Math.round(fromMs * this.samplesPerMs);
    for (let [old] = this.heard; old && old.from + old.samples.length <= begin; [old] = this.heard) {
      this.heard.shift();
    }
    const end = begin + this.audio.frameMs * this.samplesPerMs;
    if (!this.heard.some(({ from, samples }) => from < end && samples.length > 0)) return frame;
    const mixed = decodeSamples(frame, this.audio);
    for (const one of this.heard) this.mixOne(mixed, one, begin);
    return encodeSamples(mixed, this.audio);
  }

  private mixOne(mixed: Int16Array, { from, samples }: Heard, begin: number): void {
    const last = Math.min(mixed.length, from - begin + samples.length);
    for (let at = Math.max(0, from - begin); at < last; at += 1) {
      const sum = (mixed[at] ?? 0) + Math.round(this.gain * (samples[at + begin - from] ?? 0));
      // Int16Array would wrap around
      mixed[at] = Math.min(Math.max(sum, -32_768), 32_767);
    }
  }

  private positionOf(playedAtMs: number): number {
    return Math.round((playedAtMs + this.rule.delayMs) * this.samplesPerMs);
  }
}
