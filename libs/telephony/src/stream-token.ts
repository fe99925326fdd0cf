import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { keyString, type CallKey, type Provider } from '@greenroom/contracts';

/*
 * The last segment of a stream's URL, where our own answer says the URL: a proof that this stream was asked for by us,
 * for this call, a short while ago.
 *
 *   base64url( expiry, 6 bytes: unix seconds | nonce, 12 bytes | sha256 of the call's key, 16 bytes | mac, 16 bytes )
 *
 * The mac is HMAC-SHA256 over version, provider, account and all before it, so that a token of another account is as
 * wrong as a forged one, and is found to be so without looking anything up. It is in the path, since providers cut
 * queries off; paths reach access logs, so it is short-lived, and used once.
 */

const EXPIRY = 6;
const NONCE = 12;
const CALL = 16;
const MAC = 16;
const BYTES = EXPIRY + NONCE + CALL + MAC;
export const STREAM_TOKEN_NONCE_BYTES = NONCE;

/** A token whose mac is right and whose time has not passed. */
export interface StreamToken {
  /** names this token wherever its use is remembered; tells nothing of the call */
  id: string;
  /** unix ms */
  expiresAt: number;
  /** base64url of the digest of the call's key: a Buffer would hold on to the memory that it shares with others */
  call: string;
}

/**
 * @param secret at least 32 characters
 * @param expiresAt unix ms
 * @param nonce `STREAM_TOKEN_NONCE_BYTES` random bytes
 */
export function mintStreamToken(secret: string, key: CallKey, expiresAt: number, nonce: Uint8Array): string {
  const expiry = Buffer.alloc(EXPIRY);
  expiry.writeUIntBE(Math.ceil(expiresAt / 1000), 0, EXPIRY);
  const body = Buffer.concat([expiry, nonce.subarray(0, NONCE), digestOf(key)]);
  return Buffer.concat([body, macOf(secret, key, body)]).toString('base64url');
}

/**
 * Null for whatever is wrong with it, with nothing to tell one from the other. Every secret is tried, in constant time.
 * @param now unix ms
 */
export function openStreamToken(
  secrets: readonly string[],
  token: string,
  route: { provider: Provider; account: string },
  now: number,
): StreamToken | null {
  const bytes = Buffer.from(token, 'base64url');
  // what decodes to the same bytes but is written otherwise is another token
  if (bytes.length !== BYTES || bytes.toString('base64url') !== token) return null;
  const body = bytes.subarray(0, BYTES - MAC);
  const mac = bytes.subarray(BYTES - MAC);
  const right = secrets.reduce(
    (found, secret) => timingSafeEqual(macOf(secret, route, body), mac) || found,
    false,
  );
  const expiresAt = bytes.readUIntBE(0, EXPIRY) * 1000;
  if (!right || expiresAt <= now) return null;
  return {
    id: bytes.subarray(EXPIRY, EXPIRY + NONCE).toString('base64url'),
    expiresAt,
    call: bytes.toString('base64url', EXPIRY + NONCE, BYTES - MAC),
  };
}

/** Was this token made for this call? */
export const isTokenOf = (token: StreamToken, key: CallKey): boolean =>
  timingSafeEqual(Buffer.from(token.call, 'base64url'), digestOf(key));

const digestOf = (key: CallKey): Buffer => hash('sha256', keyString(key), 'buffer').subarray(0, CALL);

function macOf(
  secret: string,
  { provider, account }: { provider: string; account: string },
  body: Buffer,
): Buffer {
  return createHmac('sha256', secret)
    .update(`greenroom-stream-1|${provider}|${account}|`)
    .update(body)
    .digest()
    .subarray(0, MAC);
}
