import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { ApiCredentials, CallControlAdapter, CommandOutcome } from '../port';
import { signRs256 } from './jwt';

/* Voice API, `PUT /v1/calls/{uuid}` (developer.vonage.com api/voice), with a token that the application's key signs. */

/** Of a token, in seconds: long enough for a clock that is wrong by minutes. */
const LIFETIME_S = 300;

const NO_KEY =
  'Vonage: the API secret is not the RSA private key of the application in PEM, from -----BEGIN PRIVATE KEY----- on.';

/** @throws {Error} that says what is missing, and nothing of what is there */
function privateKey({ apiSecret }: ApiCredentials): KeyObject {
  const key = parseKey(apiSecret ?? '');
  if (key?.asymmetricKeyType !== 'rsa') throw new Error(NO_KEY);
  return key;
}

function parseKey(pem: string): KeyObject | null {
  try {
    // in an environment variable line breaks are often written as \n
    return createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    return null;
  }
}

/** What an ended call answers is not documented but for 404; any other refusal would be the same the next time. */
function outcome(status: number | null): CommandOutcome {
  if (status === null || status === 408 || status === 429 || status >= 500) return 'retry';
  if (status >= 200 && status < 300) return 'done';
  return status === 404 ? 'gone' : 'refused';
}

export const vonageCallControl: CallControlAdapter = {
  provider: 'vonage',
  baseUrl: 'https://api.nexmo.com',
  // the call is answered, and transferred, by what our webhooks answer
  commands: ['hang-up'],
  request(command, credentials, { idempotencyKey, now }) {
    if (command.kind !== 'hang-up') throw new Error(`Vonage has no command ${command.kind}.`);
    const iat = Math.floor(now / 1000);
    const claims = { application_id: credentials.apiKey, iat, exp: iat + LIFETIME_S, jti: idempotencyKey };
    return {
      method: 'PUT',
      path: `/v1/calls/${encodeURIComponent(command.callId)}`,
      headers: {
        authorization: `Bearer ${signRs256(privateKey(credentials), claims)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ action: 'hangup' }),
    };
  },
  outcome,
};
