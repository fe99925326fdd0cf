import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { ProviderCall } from '../provider-side';

/** Ids of the API key and of the application, and none of our names. */
const API_KEY = 'a1b2c3d';
const APPLICATION_ID = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';

/** A JSON Web Token with HS256 (RFC 7515). */
export function hs256(secret: string, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/**
 * developer.vonage.com getting-started/concepts/webhooks, "Decoding signed webhooks". Nothing where no secret is known.
 * @param body of a POST; null: there is none
 */
export function bearer({ credentials }: ProviderCall, body: string | null): Record<string, string> {
  const { signatureSecret } = credentials;
  if (signatureSecret === undefined) return {};
  const claims = {
    iat: Math.floor(Date.now() / 1000),
    jti: randomUUID(),
    iss: 'Vonage',
    ...(body !== null && { payload_hash: createHash('sha256').update(body, 'utf8').digest('hex') }),
    api_key: API_KEY,
    application_id: APPLICATION_ID,
  };
  return { Authorization: `Bearer ${hs256(signatureSecret, claims)}` };
}
