import { basicHeader, signingSecretsOf, type Account } from '@greenroom/platform';
import {
  mediaAdapters,
  mintStreamToken,
  signPlivo,
  signTwilio,
  signVonage,
  STREAM_TOKEN_NONCE_BYTES,
} from '@greenroom/telephony';
import { plivoHeaders } from './webhook-probe';

/** `token`: as our answer would say it. `typed`: as somebody types it into a console. `bare`: shows nothing. */
export type StreamKind = 'token' | 'typed' | 'bare';

export interface StreamProbe {
  url: string;
  headers: Readonly<Record<string, string>>;
}

export interface StreamOptions {
  mediaUrl: string;
  /** the first one signs */
  tokenSecret: string;
  /** unix ms */
  now: number;
  /** `STREAM_TOKEN_NONCE_BYTES` of them, others for each probe */
  random: Uint8Array;
}

/** A token that is not used within it is worth nothing; one that is closed before `start` never is. ms */
const TOKEN_MS = 30_000;

/** Does somebody type the stream's URL into a console? */
export const isTyped = ({ provider }: Account): boolean =>
  mediaAdapters[provider].stream.urlFromAnswer === 'at-will';

/** Does the provider sign the upgrade, with a secret that we have? */
export const signsUpgrade = (account: Account): boolean =>
  mediaAdapters[account.provider].signsUpgrade && signingSecretsOf(account).length > 0;

/** The upgrade request of a stream for a call that there is not. */
export function streamProbe(account: Account, kind: StreamKind, options: StreamOptions): StreamProbe {
  const base = `${options.mediaUrl}/ws/${account.provider}/${account.name}`;
  if (kind === 'bare') return { url: base, headers: {} };
  if (kind === 'typed') return typed(account, base);
  const { tokenSecret, now, random } = options;
  const nonce = Buffer.from(random).toString('hex');
  const key = { provider: account.provider, account: account.name, callId: `doctor-${nonce}` };
  const token = mintStreamToken(
    tokenSecret,
    key,
    now + TOKEN_MS,
    random.subarray(0, STREAM_TOKEN_NONCE_BYTES),
  );
  const url = `${base}/${token}`;
  return { url, headers: signatureOf(account, url, { now, nonce }) };
}

function typed({ credentials }: Account, base: string): StreamProbe {
  const [secret] = credentials.pathSecrets;
  const [basic] = credentials.basic;
  return {
    url: secret === undefined ? base : `${base}/${secret}`,
    headers: basic ? { authorization: basicHeader(basic.username, basic.password) } : {},
  };
}

function signatureOf(
  account: Account,
  url: string,
  { now, nonce }: { now: number; nonce: string },
): Record<string, string> {
  const [secret] = signingSecretsOf(account);
  if (secret === undefined) return {};
  switch (account.provider) {
    case 'twilio':
      return { 'x-twilio-signature': signTwilio(secret, url) };
    case 'plivo':
      return plivoHeaders(signPlivo(secret, { method: 'GET', url }, nonce), nonce);
    case 'vonage':
      return { authorization: signVonage(secret, '', { now, id: nonce }) };
    default:
      return {};
  }
}
