import { derivedUuid } from '../derived-uuid';
import type { ProviderCall, WebhookCall } from '../provider-side';
import { telnyxSignature } from './signature';

export const USER_ID = '3e6f995f-85f7-4705-9741-53b116d28237';
export const CONNECTION_ID = '7267000000000000000';

/** The same for all legs of one call. */
export const sessionIdOf = ({ callId }: ProviderCall): string => derivedUuid(`${callId} session`);

/** A signed POST; the signature is over time and body, whatever the URL. */
export function signedPost(
  { credentials }: ProviderCall,
  path: string,
  { body, contentType }: { body: string; contentType: string },
): WebhookCall {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const { signingKey } = credentials;
  const signature = signingKey === undefined ? null : telnyxSignature(signingKey, timestamp, body);
  return {
    method: 'POST',
    path,
    headers: {
      'Content-Type': contentType,
      'User-Agent': 'telnyx-webhooks',
      ...(signature !== null && {
        'telnyx-signature-ed25519': signature,
        'telnyx-timestamp': timestamp,
      }),
    },
    body,
  };
}
