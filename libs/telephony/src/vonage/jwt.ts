import { createHmac, sign as signWith, timingSafeEqual, type KeyObject } from 'node:crypto';
import { parseObject, type JsonObject } from '../json';

/* Compact JSON Web Tokens (RFC 7515, 7519), no more of them than Vonage uses: HS256 in, RS256 out. */

type Claims = Readonly<Record<string, unknown>>;

export function signHs256(secret: string, claims: Claims): string {
  const signed = signingInput('HS256', claims);
  return `${signed}.${hs256(secret, signed)}`;
}

/** @param key an RSA private key */
export function signRs256(key: KeyObject, claims: Claims): string {
  const signed = signingInput('RS256', claims);
  return `${signed}.${signWith('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The claims, if one of these secrets has signed them, compared in constant time; null otherwise. Never throws. */
export function openHs256(token: string, secrets: readonly string[]): JsonObject | null {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || !isHs256(decode(header))) return null;
  // over the text as it came: whatever else decodes to the same claims was not signed. Anybody has an empty secret.
  const expected = secrets.filter((secret) => secret !== '').map((one) => hs256(one, `${header}.${payload}`));
  return expected.some((one) => isEqual(signature, one)) ? decode(payload) : null;
}

/** Exactly this one, whatever else we could compute; and nothing that we would have to understand (`crit`). */
const isHs256 = (header: JsonObject | null): boolean =>
  header !== null && header.alg === 'HS256' && !Object.hasOwn(header, 'crit');

const decode = (segment: string): JsonObject | null =>
  parseObject(Buffer.from(segment, 'base64url').toString('utf8'));

const signingInput = (alg: string, claims: Claims): string =>
  [{ alg, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

const hs256 = (secret: string, signed: string): string =>
  createHmac('sha256', secret).update(signed, 'utf8').digest('base64url');

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}
