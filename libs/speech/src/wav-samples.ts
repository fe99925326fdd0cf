import { readWav, resample } from '@greenroom/telephony';

/** Hz. Beyond it a header is broken, and resampling by it would take all memory. */
const RATES = { lowest: 4000, highest: 96_000 };

/**
 * A WAV file's samples, mono and at another rate; of several channels the mean.
 * @param sampleRate Hz
 * @throws {Error} if it cannot be read, or holds no audio
 */
export function wavSamples(file: Uint8Array, sampleRate: number): Int16Array {
  const { channels, samples, sampleRate: own } = readWav(file);
  if (own < RATES.lowest || own > RATES.highest) throw new Error(`WAV of ${own} Hz`);
  const mono = channels === 1 ? samples : mean(samples, channels);
  if (mono.length === 0) throw new Error('WAV without audio');
  return resample(mono, own, sampleRate);
}

function mean(interleaved: Int16Array, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(interleaved.length / channels));
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[i * channels + channel] ?? 0;
    samples[i] = Math.round(sum / channels);
  }
  return samples;
}
