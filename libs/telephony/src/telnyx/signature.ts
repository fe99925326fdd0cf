import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../base64';
import type { WebhookRequest } from '../port';

/*
 * developers.telnyx.com, "Webhook fundamentals"; telnyx-node `src/lib/webhooks.ts`: Ed25519 over `TIMESTAMP|BODY`, the
 * time in unix seconds and the body as it came, in the headers telnyx-timestamp and telnyx-signature-ed25519. The URL is
 * not in it: a webhook holds for every URL of the same account, and what comes in a query is not signed at all.
 */

const SIGNATURE = 'telnyx-signature-ed25519';
const TIMESTAMP = 'telnyx-timestamp';

/** Telnyx's own tolerance, either way. Within it whoever saw a webhook may send it again. */
const WINDOW_MS = 300_000;

/** DER before the 32 bytes of an Ed25519 key (RFC 8410): a public one in SPKI, a private one in PKCS #8. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Is it signed with the private half of one of these keys, and recent? A GET never is: Telnyx signs the body, so nothing
 * of a GET would be covered.
 * @param publicKeys base64 of 32 bytes; one that is not is as good as none
 * @param now unix ms
 */
export function verifyTelnyx(request: WebhookRequest, publicKeys: readonly string[], now: number): boolean {
  const signature = readSignature(request.headers[SIGNATURE]);
  const timestamp = request.headers[TIMESTAMP];
  if (request.method !== 'POST' || signature === null || typeof timestamp !== 'string') return false;
  if (!isRecent(timestamp, now)) return false;
  const signed = Buffer.from(`${timestamp}|${request.body}`, 'utf8');
  return publicKeys.some((publicKey) => {
    const key = keyOf(publicKey);
    return key !== null && verify(null, signed, key, signature);
  });
}

const isRecent = (timestamp: string, now: number): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= WINDOW_MS;

/** In the one way that 64 bytes are written in base64. */
function readSignature(header: string | string[] | undefined): Uint8Array | null {
  if (typeof header !== 'string' || header.length > 2 * SIGNATURE_BYTES) return null;
  const bytes = decodeBase64(header);
  return bytes?.byteLength === SIGNATURE_BYTES && encodeBase64(bytes) === header ? bytes : null;
}

/** Reading a key costs as much as a signature. Null for what is no key. */
const keys = new Map<string, KeyObject | null>();
const MAX_KEYS = 256;

function keyOf(publicKey: string): KeyObject | null {
  const known = keys.get(publicKey);
  if (known !== undefined) return known;
  const key = readKey(publicKey);
  // more than any configuration has; the oldest goes
  const [oldest] = keys.keys();
  if (keys.size >= MAX_KEYS && oldest !== undefined) keys.delete(oldest);
  keys.set(publicKey, key);
  return key;
}

function readKey(publicKey: string): KeyObject | null {
  const bytes = decodeBase64(publicKey);
  if (bytes?.byteLength !== KEY_BYTES) return null;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/**
 * Signs as Telnyx does.
 * @param seed base64 of the private key's 32 bytes
 * @param now unix ms
 * @returns the headers
 */
export function signTelnyx(seed: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`, 'utf8'), privateKey(seed));
  return { [TIMESTAMP]: timestamp, [SIGNATURE]: encodeBase64(signature) };
}

/** The public half, as Mission Control shows it: base64 of 32 bytes. */
export function telnyxPublicKey(seed: string): string {
  const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return encodeBase64(der.subarray(SPKI.byteLength));
}

/** @param seed base64 of 32 bytes */
export const privateKey = (seed: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(seed, 'base64')]),
    format: 'der',
    type: 'pkcs8',
  });
