import { derivedUuid } from '../derived-uuid';
import type { ProviderCall, WebhookCall } from '../provider-side';
import { telnyxSignature } from './signature';

export const USER_ID = '3e6f995f-85f7-4705-9741-53b116d28237';
export const CONNECTION_ID = '7267000000000000000';

/** The same for all legs of one call. */
export const sessionIdOf = ({ callId }: ProviderCall): string => derivedUuid(`${callId} session`);

/** A signed POST; the signature is over time and body, whatever the URL. */
export const signedPost = (
  call: ProviderCall,
  path: string,
  { body, contentType }: { body: string; contentType: string },
): WebhookCall => ({
  method: 'POST',
  path,
  headers: { 'Content-Type': contentType, ...ownHeaders(call, body) },
  body,
});

/** What the signature of a GET covers is not documented: here it is the body, of which there is none. */
export const signedGet = (call: ProviderCall, path: string): WebhookCall => ({
  method: 'GET',
  path,
  headers: ownHeaders(call, ''),
  body: '',
});

function ownHeaders({ credentials }: ProviderCall, body: string): Record<string, string> {
  const userAgent = { 'User-Agent': 'telnyx-webhooks' };
  if (credentials.signingKey === undefined) return userAgent;
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    ...userAgent,
    'telnyx-signature-ed25519': telnyxSignature(credentials.signingKey, timestamp, body),
    'telnyx-timestamp': timestamp,
  };
}
