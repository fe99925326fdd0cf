import { readFileSync, writeFileSync } from 'node:fs';
import { readWav, writeWav } from '@greenroom/telephony';
import type { Speech } from './call-options';
import { stereo, type Channels } from './recording';

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

export function writeSpeech(path: string, { samples, sampleRate }: Speech): void {
  writeFileSync(path, writeWav({ samples, sampleRate, channels: 1 }));
}

/** In stereo: the caller on the left, the assistant on the right. */
export function writeChannels(path: string, channels: Channels): void {
  writeFileSync(path, writeWav({ samples: stereo(channels), sampleRate: channels.sampleRate, channels: 2 }));
}
