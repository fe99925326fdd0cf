import { createHash } from 'node:crypto';

const TONES = 10;
const TONE_MS = 200;
const LOUDNESS = 8000;
/** ms of fade at both ends of a tone, so that it does not click */
const FADE_MS = 5;

/**
 * 2 s of ten tones between 300 and 2850 Hz, the band of a telephone. Which ones follows from the seed: every
 * call sounds different, so that the echo of another call is never taken for one's own.
 */
export function toneSequence(seed: string, sampleRate: number): Int16Array {
  const digest = createHash('sha256').update(seed).digest();
  const perTone = (sampleRate * TONE_MS) / 1000;
  const samples = new Int16Array(TONES * perTone);
  for (let at = 0; at < samples.length; at += 1) {
    const tone = Math.floor(at / perTone);
    const inTone = at % perTone;
    const hertz = 300 + 10 * (digest[tone] ?? 0);
    const fade = Math.min(1, (Math.min(inTone, perTone - 1 - inTone) * 1000) / (FADE_MS * sampleRate));
    samples[at] = Math.round(LOUDNESS * fade * Math.sin((2 * Math.PI * hertz * inTone) / sampleRate));
  }
  return samples;
}
