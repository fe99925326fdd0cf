import { randomBytes } from 'node:crypto';
import type { CallKey } from '@greenroom/contracts';
import type { Account } from '@greenroom/platform';
import { mintStreamToken, STREAM_TOKEN_NONCE_BYTES, type AnswerContext } from '@greenroom/telephony';

export interface PublicUrls {
  /** `https://…`, without a slash at its end */
  publicBaseUrl: string;
  /** `wss://…`, without a slash at its end */
  mediaUrl: string;
  /** keys of stream tokens; the first one signs */
  tokenSecrets: readonly [string, ...string[]];
  /** how long a token is good for, ms */
  tokenMs: number;
}

/** What the answer to a webhook depends on: nothing of it is known before the webhook was acted upon. */
export interface ActedUpon {
  /** of the call that was announced */
  sessionId: string | null;
  next: AnswerContext['next'];
  /** E.164: the account's own number in this call, which a person may be shown; null: not known */
  ownNumber: string | null;
}

/** What an answer may name: the call, and our own URLs of this account, with the secrets that they have to hold. */
export function answerContext(
  account: Account,
  callId: string,
  result: ActedUpon,
  urls: PublicUrls,
): AnswerContext & { callId: string; ownNumber: string | null } {
  const webhook = (operation: string): string => {
    const [secret] = account.credentials.pathSecrets;
    return `${urls.publicBaseUrl}/webhooks/${pathOf(account, operation, ...(secret ? [secret] : []))}`;
  };
  let stream: string | undefined;
  return {
    callId,
    ownNumber: result.ownNumber,
    // made where it is asked for, since most answers name none, and once: a call has one token an answer
    get streamUrl() {
      return (stream ??= streamUrl(account, callId, urls));
    },
    get streamStatusUrl() {
      return webhook('stream-status');
    },
    get afterStreamUrl() {
      return webhook('after-stream');
    },
    parameters: result.sessionId ? { sessionId: result.sessionId } : {},
    next: result.next,
    transferTo: account.transferTo ?? null,
  };
}

/** For this call alone, for a short while, and for one stream. */
export function streamUrl(account: Account, callId: string, urls: PublicUrls): string {
  const key: CallKey = { provider: account.provider, account: account.name, callId };
  const token = mintStreamToken(urls.tokenSecrets[0], key, Date.now() + urls.tokenMs, nextNonce());
  return `${urls.mediaUrl}/ws/${pathOf(account, token)}`;
}

/** Drawn for many tokens at once: to ask the generator costs more than all else that a token is made of. */
let drawn = Buffer.alloc(0);
const DRAWN_BYTES = 256 * STREAM_TOKEN_NONCE_BYTES;

/** Random bytes that nobody was given before. */
function nextNonce(): Uint8Array {
  if (drawn.length < STREAM_TOKEN_NONCE_BYTES) drawn = randomBytes(DRAWN_BYTES);
  const nonce = drawn.subarray(0, STREAM_TOKEN_NONCE_BYTES);
  drawn = drawn.subarray(STREAM_TOKEN_NONCE_BYTES);
  return nonce;
}

const pathOf = ({ provider, name }: Account, ...rest: string[]): string =>
  [provider, name, ...rest].map(encodeURIComponent).join('/');
