import { mulawFromPcm, mulawToPcm, s16leFromPcm, s16leToPcm } from '@greenroom/telephony';
import type { LineAudio } from './provider-side';

const NEGATIVE_ZERO = 0x7f;
const POSITIVE_ZERO = 0xff;

/** Samples, already at the line's rate, in its encoding. */
export function encodeSamples(samples: Int16Array, { encoding }: LineAudio): Uint8Array {
  if (encoding === 'pcm_s16le') return s16leFromPcm(samples);
  // mu-law has two zeros and PCM one: an echo that went through PCM would come back with the other one
  const bytes = mulawFromPcm(samples);
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === NEGATIVE_ZERO) bytes[at] = POSITIVE_ZERO;
  return bytes;
}

/** What is on the line as samples, at its own rate. */
export const decodeSamples = (bytes: Uint8Array, { encoding }: LineAudio): Int16Array =>
  encoding === 'mulaw' ? mulawToPcm(bytes) : s16leToPcm(bytes);
