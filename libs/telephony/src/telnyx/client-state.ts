import { CallIdSchema } from '@greenroom/contracts';
import { decodeBase64 } from '../base64';
import { plainText } from '../plain-text';

/*
 * `client_state`: base64 that a command leaves at a leg of a call, and that every webhook of the leg brings back. A
 * transfer makes a second leg, with webhooks of its own, which are no call of ours: what we leave there says so, and which
 * call they belong to.
 */

const MAX_LENGTH = 1024;
const TRANSFER = 'greenroom-transfer:';

/** The state as text; null where there is none, or none that anybody could read. */
export function readClientState(state: unknown): string | null {
  const bytes = typeof state === 'string' ? decodeBase64(state) : null;
  if (bytes === null || bytes.byteLength === 0 || bytes.byteLength > MAX_LENGTH) return null;
  const text = Buffer.from(bytes).toString('utf8');
  // U+FFFD: it was not UTF-8
  return text.includes('\ufffd') || plainText(text, MAX_LENGTH) !== text ? null : text;
}

/** The state of the leg to the person whom this call is transferred to. */
export const transferState = (callId: string): string =>
  Buffer.from(TRANSFER + callId, 'utf8').toString('base64');

/** The call that was transferred, if the leg with this state is the one to the person whom it was transferred to. */
export function transferredCall(state: string | null): string | null {
  if (!state?.startsWith(TRANSFER)) return null;
  const callId = CallIdSchema.safeParse(state.slice(TRANSFER.length));
  return callId.success ? callId.data : null;
}
