import type { Speech } from '../call-options';

const SAMPLE_RATE = 8000;
const LOUDNESS = 8000;
/** ms over which it swells and dies away */
const FADE_MS = 5;

/** A burst of noise of all frequencies, the same for every call. */
export function cough(ms: number): Speech {
  const samples = new Int16Array((ms * SAMPLE_RATE) / 1000);
  const fade = (FADE_MS * SAMPLE_RATE) / 1000;
  let state = 0x9e37_79b9;
  for (let at = 0; at < samples.length; at += 1) {
    // xorshift: noise need not be good, only broad
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const swell = Math.min(1, (at + 1) / fade, (samples.length - at) / fade);
    samples[at] = Math.round((state / 2 ** 31) * LOUDNESS * swell);
  }
  return { samples, sampleRate: SAMPLE_RATE };
}
