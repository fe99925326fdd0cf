import type { AudioFormat } from '../port';
import { mulawFromPcm, mulawToPcm } from './g711';
import { s16leFromPcm, s16leToPcm } from './pcm';
import { SHARED_POOL, type AudioRoom } from './pool';

/** A stream's payload as samples, at the stream's own rate; always a copy. */
export function decodeAudio(
  format: AudioFormat,
  payload: Uint8Array,
  room: AudioRoom = SHARED_POOL,
): Int16Array {
  return format.encoding === 'mulaw' ? mulawToPcm(payload, room) : s16leToPcm(payload, room);
}

/** Samples, already at the stream's own rate, as its payload; always a copy. */
export function encodeAudio(format: AudioFormat, pcm: Int16Array, room: AudioRoom = SHARED_POOL): Uint8Array {
  return format.encoding === 'mulaw' ? mulawFromPcm(pcm, room) : s16leFromPcm(pcm, room);
}

/** So many bytes of silence. In mu-law that is 0xff: a run of zero bytes would be as loud as can be. */
export function silence(format: AudioFormat, bytes: number): Uint8Array {
  return new Uint8Array(bytes).fill(format.encoding === 'mulaw' ? 0xff : 0);
}
