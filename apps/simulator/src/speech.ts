import { readFileSync, writeFileSync } from 'node:fs';
import {
  mulawFromPcm,
  mulawToPcm,
  readWav,
  resample,
  s16leFromPcm,
  s16leToPcm,
  writeWav,
} from '@greenroom/telephony';
import type { Speech } from './call-options';
import type { LineAudio } from './provider-side';

const NEGATIVE_ZERO = 0x7f;
const POSITIVE_ZERO = 0xff;

/**
 * A WAV file of any rate; of several channels, their mean is taken.
 * @throws {Error} if it is not one, or has no sound in it
 */
export function readSpeech(path: string): Speech {
  const { samples, sampleRate, channels } = readWav(readFileSync(path));
  const mono = new Int16Array(Math.floor(samples.length / channels));
  if (mono.length === 0) throw new Error('the WAV file is empty');
  for (let at = 0; at < mono.length; at += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += samples[at * channels + channel] ?? 0;
    mono[at] = Math.round(sum / channels);
  }
  return { samples: mono, sampleRate };
}

/** @param heard in the line's encoding */
export function writeSpeech(path: string, heard: Uint8Array, audio: LineAudio): void {
  const samples = audio.encoding === 'mulaw' ? mulawToPcm(heard) : s16leToPcm(heard);
  writeFileSync(path, writeWav({ samples, sampleRate: audio.sampleRate, channels: 1 }));
}

/** In the line's encoding and at its rate. */
export function encodeSpeech(speech: Speech, audio: LineAudio): Uint8Array {
  const samples = resample(speech.samples, speech.sampleRate, audio.sampleRate);
  if (audio.encoding === 'pcm_s16le') return s16leFromPcm(samples);
  // mu-law has two zeros and PCM one: an echo that went through PCM would come back with the other one
  return mulawFromPcm(samples).map((byte) => (byte === NEGATIVE_ZERO ? POSITIVE_ZERO : byte));
}
