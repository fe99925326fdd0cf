import { createHash } from 'node:crypto';
import { parseObject, type JsonObject } from '../json';
import { isJson } from '../parameters';
import type { WebhookRequest } from '../port';
import { openHs256, signHs256 } from './jwt';

/*
 * Signed webhooks (developer.vonage.com getting-started/concepts/webhooks): `Authorization: Bearer` and a JSON Web Token,
 * HS256 with the account's signature secret. Its `payload_hash` is the hex SHA-256 of the body as it was sent or, in the
 * words of support article 19033783342876, of its JSON without whitespace.
 *
 * The URL is not signed. What a GET says stands in its URL, and the same article has `payload_hash` there over the
 * parameters, made into JSON in their order. How exactly could not be tried, so it is not looked at: a GET is proved to
 * come from Vonage as far as nobody else has seen a token that is still fresh. A POST has to have the hash: the token of a
 * GET is worth nothing there. It has to be JSON, as Vonage sends it, since the type is not signed: read as a form, a JSON
 * text can be made to say anything.
 */

/** No limit is documented: five minutes either way, for delays, retries and clocks that are wrong. */
const MAX_AGE_S = 300;
/** By how much the provider's clock may differ from ours where the token itself says from when and until when. */
const SKEW_S = 60;

type Headers = WebhookRequest['headers'];

/** Is the request signed with one of these secrets? Several, so that a secret can be changed without a gap. */
export function verifyVonage(request: WebhookRequest, secrets: readonly string[], now: number): boolean {
  const claims = freshClaims(request.headers, secrets, now);
  if (claims === null) return false;
  if (request.method === 'GET' && request.body === '') return true;
  return isJson(request) && hashesOf(request.body).includes(claims.payload_hash);
}

/**
 * The upgrade of a stream, for which our answer asks with `authorization: {"type": "vonage"}`: the same token as that of
 * webhooks (vonage-node-sdk `WebsocketAuthorization`). A missing one is as wrong as a bad one: what may be left out
 * protects from nobody.
 */
export const verifyVonageUpgrade = (
  _url: string,
  headers: Headers,
  secrets: readonly string[],
  now: number,
): boolean => freshClaims(headers, secrets, now) !== null;

/**
 * The `Authorization` header that Vonage would send; for simulators and tests.
 * @param now unix ms
 * @param id `jti`, another one for each request
 */
export function signVonage(secret: string, body: string, { now, id }: { now: number; id: string }): string {
  const hash = body === '' ? {} : { payload_hash: hashOf(body) };
  return `Bearer ${signHs256(secret, { iat: Math.floor(now / 1000), jti: id, iss: 'Vonage', ...hash })}`;
}

function freshClaims({ authorization }: Headers, secrets: readonly string[], now: number): JsonObject | null {
  // an array: the header came twice, and which of them a proxy has looked at is anybody's guess
  const [, token] = typeof authorization === 'string' ? (/^Bearer (\S+)$/i.exec(authorization) ?? []) : [];
  const claims = token === undefined ? null : openHs256(token, secrets);
  return claims !== null && isFresh(claims, now / 1000) ? claims : null;
}

function isFresh({ iat, exp, nbf }: JsonObject, nowS: number): boolean {
  if (typeof iat !== 'number' || Math.abs(nowS - iat) > MAX_AGE_S) return false;
  const expired = exp !== undefined && !(typeof exp === 'number' && nowS < exp + SKEW_S);
  const early = nbf !== undefined && !(typeof nbf === 'number' && nowS >= nbf - SKEW_S);
  return !expired && !early;
}

/** Of what was sent, and of what we read in it: whoever has the one cannot make it say anything else by the other. */
function hashesOf(body: string): readonly unknown[] {
  const compact = withoutWhitespace(body);
  return [hashOf(body), ...(compact === null ? [] : [hashOf(compact)])];
}

/** Null for what is no JSON object, or is nested too deeply to be written again. */
function withoutWhitespace(body: string): string | null {
  try {
    const parsed = parseObject(body);
    return parsed && JSON.stringify(parsed);
  } catch {
    return null;
  }
}

const hashOf = (body: string): string => createHash('sha256').update(body, 'utf8').digest('hex');
