import { SHARED_POOL } from './audio/pool';

/**
 * Standard base64 with its padding; null for anything else. Node takes the URL's alphabet as well, skips over what is no
 * base64, and sees only the lower half of wide characters. So the first and the last are looked for, and whatever was
 * skipped shows in the length: no text with a foreign character in it gives as many bytes as one without.
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || Buffer.byteLength(text) !== text.length) return null;
  if (text.includes('-') || text.includes('_')) return null;
  return SHARED_POOL.base64(text, (text.length / 4) * 3 - paddingOf(text));
}

function paddingOf(text: string): number {
  if (!text.endsWith('=')) return 0;
  return text.endsWith('==') ? 2 : 1;
}

export const encodeBase64 = (bytes: Uint8Array): string => asBuffer(bytes).toString('base64');

/** The same bytes, with a Buffer's methods. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
