/*
 * A number in the first samples of a frame, by which it is known when it comes back. Each of three bytes of mu-law has six
 * bits of it; all of them come back as they are from decoding and encoding, which only 0x7f does not.
 */

export const FRAME_BYTES = 160;
export const COUNTER_BYTES = 3;
/** The counter in base64: three bytes are four characters, and nothing else is in them. */
export const COUNTER_CHARACTERS = 4;
/** It begins anew: after 87 minutes. */
export const COUNTS = 2 ** 18;
const MARK = 0x80;

const CHARACTERS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const SEXTETS = new Uint8Array(256);
CHARACTERS.forEach((character, sextet) => (SEXTETS[character] = sextet));

/** @returns the character of base64 at this place of the counter */
export function counterCharacter(counter: number, place: number): number {
  const bits =
    ((MARK | ((counter >> 12) & 0x3f)) << 16) |
    ((MARK | ((counter >> 6) & 0x3f)) << 8) |
    (MARK | (counter & 0x3f));
  return CHARACTERS[(bits >> (18 - 6 * place)) & 0x3f] ?? 0;
}

/**
 * Reads it at any byte of audio in base64.
 * @param from where the base64 begins
 * @returns null if no frame begins there
 */
export function readCounter(data: Uint8Array, from: number, byte: number): number | null {
  let counter = 0;
  for (let at = byte; at < byte + COUNTER_BYTES; at++) {
    const value = byteAt(data, from, at);
    if ((value & 0xc0) !== MARK) return null;
    counter = (counter << 6) | (value & 0x3f);
  }
  return counter;
}

/** How many bytes so many characters of base64 are, the last of which are these. */
export function bytesIn(data: Uint8Array, from: number, to: number): number {
  const padding = data[to - 1] !== EQUALS ? 0 : data[to - 2] !== EQUALS ? 1 : 2;
  return ((to - from) / 4) * 3 - padding;
}

const EQUALS = 0x3d;

function byteAt(data: Uint8Array, from: number, byte: number): number {
  const at = from + Math.floor(byte / 3) * 4;
  const sextet = (place: number): number => SEXTETS[data[at + place] ?? 0] ?? 0;
  if (byte % 3 === 0) return (sextet(0) << 2) | (sextet(1) >> 4);
  if (byte % 3 === 1) return ((sextet(1) & 0x0f) << 4) | (sextet(2) >> 2);
  return ((sextet(2) & 0x03) << 6) | sextet(3);
}
