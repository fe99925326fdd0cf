import type { AudioFormat } from '../port';
import { mulawFromPcm, mulawToPcm } from './g711';
import { s16leFromPcm, s16leToPcm } from './pcm';

/** A stream's payload as samples, at the stream's own rate. */
export function decodeAudio(format: AudioFormat, payload: Uint8Array): Int16Array {
  return format.encoding === 'mulaw' ? mulawToPcm(payload) : s16leToPcm(payload);
}

/** Samples, already at the stream's own rate, as its payload. */
export function encodeAudio(format: AudioFormat, pcm: Int16Array): Uint8Array {
  return format.encoding === 'mulaw' ? mulawFromPcm(pcm) : s16leFromPcm(pcm);
}

/** So many bytes of silence. In mu-law that is 0xff: a run of zero bytes would be as loud as can be. */
export function silence(format: AudioFormat, bytes: number): Uint8Array {
  return new Uint8Array(bytes).fill(format.encoding === 'mulaw' ? 0xff : 0);
}
