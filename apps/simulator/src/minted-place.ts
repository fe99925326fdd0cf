import { randomBytes } from 'node:crypto';
import { mintStreamToken, STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { UsageError } from './config';
import type { Call } from './prepare-call';
import type { StreamPlace } from './stream-place';

/** ms; what Greenroom's own tokens are good for if its settings say nothing else */
const GOOD_FOR_MS = 120_000;

/**
 * The place that another answer of Greenroom's would have named: for a stream that comes before the webhook whose answer
 * it would be, as it does where another copy of that webhook was answered. No provider could make such a token.
 * @throws {UsageError} if the stack does not say what to make it with
 */
export function mintedPlace({ stack, key }: Call, place: StreamPlace): StreamPlace {
  const { streamTokenSecret } = stack;
  if (streamTokenSecret === undefined) {
    throw new UsageError(
      `A stream of ${key.provider} can come before its webhook, or without one, only where the stack says its ` +
        'streamTokenSecret.',
    );
  }
  const nonce = randomBytes(STREAM_TOKEN_NONCE_BYTES);
  const token = mintStreamToken(streamTokenSecret, key, Date.now() + GOOD_FOR_MS, nonce);
  return { ...place, url: `${place.url}/${token}` };
}
