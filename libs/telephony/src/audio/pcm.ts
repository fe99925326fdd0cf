import { SHARED_POOL, type AudioRoom } from './pool';

/** On all that Node runs on today but s390x, samples lie in memory as they go over the wire. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** 16-bit little-endian bytes as samples, a copy of them wherever they begin. Half a sample at the end is dropped. */
export function s16leToPcm(bytes: Uint8Array, room: AudioRoom = SHARED_POOL): Int16Array {
  const samples = room.samples(bytes.byteLength >> 1);
  const whole = samples.byteLength === bytes.byteLength ? bytes : bytes.subarray(0, samples.byteLength);
  bytesOf(samples).set(whole);
  if (!LITTLE_ENDIAN) swapBytes(bytesOf(samples));
  return samples;
}

export function s16leFromPcm(samples: Int16Array, room: AudioRoom = SHARED_POOL): Uint8Array {
  const bytes = room.bytes(samples.byteLength);
  bytes.set(bytesOf(samples));
  if (!LITTLE_ENDIAN) swapBytes(bytes);
  return bytes;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** In place; a whole number of samples. */
export function swapBytes(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 2) {
    const low = bytes[i] ?? 0;
    bytes[i] = bytes[i + 1] ?? 0;
    bytes[i + 1] = low;
  }
}
