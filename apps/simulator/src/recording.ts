import type { LineAudio } from './provider-side';
import { decodeSamples } from './line-samples';

/** Both directions of a call on one time axis, whose zero is the stream's `start`; a shorter one was silent at its end. */
export interface Channels {
  /** Hz */
  sampleRate: number;
  caller: Int16Array;
  assistant: Int16Array;
}

/** Keeps what passes on a call's line, in the line's encoding. */
export class Recording {
  private readonly frames: Uint8Array[] = [];
  private readonly played: { startsAtMs: number; payload: Uint8Array }[] = [];

  constructor(private readonly audio: LineAudio) {}

  /** The caller's next frame; there is no gap between them. */
  keepFrame(frame: Uint8Array): void {
    this.frames.push(frame);
  }

  /** @param startsAtMs when its first sample was played, ms since the stream's start */
  keepPlayed(payload: Uint8Array, startsAtMs: number): void {
    this.played.push({ startsAtMs, payload });
  }

  /** All that was heard, without the pauses between. */
  heard(): Uint8Array {
    return Buffer.concat(this.played.map(({ payload }) => payload));
  }

  /** Each of them as long as there was something on it. */
  channels(): Channels {
    const { sampleRate } = this.audio;
    const pieces = this.played.map(({ startsAtMs, payload }) => ({
      from: Math.round((startsAtMs * sampleRate) / 1000),
      samples: decodeSamples(payload, this.audio),
    }));
    const last = pieces.at(-1);
    const assistant = new Int16Array(last ? last.from + last.samples.length : 0);
    for (const { from, samples } of pieces) assistant.set(samples, from);
    return { sampleRate, caller: decodeSamples(Buffer.concat(this.frames), this.audio), assistant };
  }
}

/** Interleaved: the caller on the left, the assistant on the right. */
export function stereo({ caller, assistant }: Channels): Int16Array {
  const samples = new Int16Array(2 * Math.max(caller.length, assistant.length));
  for (let at = 0; 2 * at < samples.length; at += 1) {
    samples[2 * at] = caller[at] ?? 0;
    samples[2 * at + 1] = assistant[at] ?? 0;
  }
  return samples;
}
