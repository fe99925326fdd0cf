import type { AudioFormat } from '../port';
import { mulawFromPcm, mulawToPcm } from './g711';
import { s16leFromPcm, s16leToPcm } from './pcm';
import { SHARED_POOL } from './pool';

/** A stream's payload as samples, at the stream's own rate; always a copy. */
export function decodeAudio(format: AudioFormat, payload: Uint8Array, pool = SHARED_POOL): Int16Array {
  return format.encoding === 'mulaw' ? mulawToPcm(payload, pool) : s16leToPcm(payload, pool);
}

/** Samples, already at the stream's own rate, as its payload; always a copy. */
export function encodeAudio(format: AudioFormat, pcm: Int16Array, pool = SHARED_POOL): Uint8Array {
  return format.encoding === 'mulaw' ? mulawFromPcm(pcm, pool) : s16leFromPcm(pcm, pool);
}

/** So many bytes of silence. In mu-law that is 0xff: a run of zero bytes would be as loud as can be. */
export function silence(format: AudioFormat, bytes: number): Uint8Array {
  return new Uint8Array(bytes).fill(format.encoding === 'mulaw' ? 0xff : 0);
}
