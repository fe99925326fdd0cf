import { resample } from '@greenroom/telephony';
import type { Speech } from '../call-options';
import type { LineAudio } from '../provider-side';
import { encodeSamples } from '../line-samples';

/** Samples below this count as silence: 50 dB under the loudest there is. */
const AUDIBLE = 100;

/** Something audible, ready for one kind of line. */
export interface Sound {
  /** in the line's encoding and at its rate */
  bytes: Uint8Array;
  lengthMs: number;
  /** ms from its beginning to its first audible sample, and to the end of its last; all of it where none is audible */
  audibleFromMs: number;
  audibleToMs: number;
}

export function soundOf(speech: Speech, audio: LineAudio): Sound {
  const samples = resample(speech.samples, speech.sampleRate, audio.sampleRate);
  const perMs = audio.sampleRate / 1000;
  const { from, to } = audiblePart(samples);
  return {
    bytes: encodeSamples(samples, audio),
    lengthMs: samples.length / perMs,
    audibleFromMs: from / perMs,
    audibleToMs: to / perMs,
  };
}

/** Without the silence at both ends, so that it begins when it is said to begin. */
export function withoutSilentEnds({ samples, sampleRate }: Speech): Speech {
  const { from, to } = audiblePart(samples);
  return { samples: samples.subarray(from, to), sampleRate };
}

/** First audible sample, and the one behind the last; all of them where none is audible. */
function audiblePart(samples: Int16Array): { from: number; to: number } {
  const isAudible = (sample: number): boolean => Math.abs(sample) >= AUDIBLE;
  const from = samples.findIndex(isAudible);
  return from < 0 ? { from: 0, to: samples.length } : { from, to: samples.findLastIndex(isAudible) + 1 };
}
