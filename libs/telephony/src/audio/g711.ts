import { SHARED_POOL, type AudioRoom } from './pool';

/*
 * ITU-T G.711: 8 kHz speech in one byte a sample. Decoding is a table of 256; encoding finds the segment by its highest
 * bit, and mu-law, which is on the wire, has a table of the outcome. Going there and back is the identity on bytes, but
 * for the negative zero of mu-law (0x7f), which PCM cannot hold and which comes back as the positive one (0xff).
 */

/** Added in mu-law, so that every segment begins at a power of two. */
const BIAS = 0x84;
/** Loudest sample that mu-law can hold, before the bias. */
const CLIP = 32635;

const MULAW = Int16Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits & 0x70) >> 4)) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
});

const ALAW = Int16Array.from({ length: 256 }, (_, byte) => {
  const bits = byte ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
});

function mulawByte(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | mantissa) & 0xff;
}

/** By the sample's 16 bits. To find the segment each time takes twice as long. */
const MULAW_BYTES = Uint8Array.from({ length: 65_536 }, (_, bits) => mulawByte((bits << 16) >> 16));

function alawByte(sample: number): number {
  // 13 bits; the complement makes the two halves alike
  const magnitude = (sample < 0 ? ~sample : sample) >> 3;
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const mantissa = (magnitude >> Math.max(1, segment)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | mantissa) ^ 0x55;
}

function expand(bytes: Uint8Array, table: Int16Array, room: AudioRoom): Int16Array {
  const samples = room.samples(bytes.length);
  const { length } = bytes;
  for (let i = 0; i < length; i++) samples[i] = table[bytes[i] as number] as number;
  return samples;
}

export const mulawToPcm = (bytes: Uint8Array, room: AudioRoom = SHARED_POOL): Int16Array =>
  expand(bytes, MULAW, room);
export const alawToPcm = (bytes: Uint8Array, room: AudioRoom = SHARED_POOL): Int16Array =>
  expand(bytes, ALAW, room);

export function mulawFromPcm(samples: Int16Array, room: AudioRoom = SHARED_POOL): Uint8Array {
  const { length } = samples;
  const bytes = room.bytes(length);
  for (let i = 0; i < length; i++) bytes[i] = MULAW_BYTES[(samples[i] as number) & 0xffff] as number;
  return bytes;
}

export function alawFromPcm(samples: Int16Array, room: AudioRoom = SHARED_POOL): Uint8Array {
  const bytes = room.bytes(samples.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = alawByte(samples[i] as number);
  return bytes;
}
