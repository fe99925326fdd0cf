import type { AnswerContext } from '../port';

/*
 * NCCO: a JSON array of actions (developer.vonage.com voice-api ncco-reference). When the last of them has ended, so
 * does the call.
 */

/**
 * What these answers need beyond the port's context. A stream of Vonage's tells nothing of its call but what our own
 * headers say (pipecat #3265), and a transfer shows the person a number, which has to be one of the account's.
 */
export type NccoContext = AnswerContext & {
  /** of the call that is answered */
  callId?: string;
  /** E.164: the account's own number in this call; null or left out: not known */
  ownNumber?: string | null;
};

/**
 * Vonage has 8000, 16000 and, newer, 24000 Hz. Phone lines have 8000, and so have the voices: more would be made up by
 * interpolation, for twice the bytes and twice the work in every frame of both directions.
 */
const CONTENT_TYPE = 'audio/l16;rate=8000';

/** Name of our own header and of our own query parameter with the call's id. */
export const CALL_UUID = 'call_uuid';

export function connectStream(context: NccoContext): string {
  const callId = callIdOf(context);
  const { streamUrl, afterStreamUrl, parameters } = context;
  const asks = { eventType: 'synchronous', eventUrl: [withCall(afterStreamUrl, callId)] };
  const endpoint = {
    type: 'websocket',
    uri: streamUrl,
    'content-type': CONTENT_TYPE,
    headers: streamHeaders(callId, parameters),
    // the upgrade is then signed as webhooks are
    authorization: { type: 'vonage' },
  };
  return ncco({ action: 'connect', ...(afterStreamUrl === '' ? {} : asks), endpoint: [endpoint] });
}

/**
 * A person, or null where nothing comes next. Vonage shows that person one of the account's numbers, an unknown caller
 * otherwise: the one that was called, or any of those that are linked to the application. Numbers have no `+`.
 */
export function connectPerson({ next, transferTo, ownNumber }: NccoContext): string | null {
  if (next !== 'transfer' || transferTo === null) return null;
  const from = ownNumber ? { from: digits(ownNumber) } : { randomFromNumber: true };
  return ncco({ action: 'connect', ...from, endpoint: [{ type: 'phone', number: digits(transferTo) }] });
}

const ncco = (action: object): string => JSON.stringify([action]);

const digits = (e164: string): string => e164.replace(/^\+/, '');

function callIdOf({ callId }: NccoContext): string {
  if (callId === undefined) throw new Error('Vonage: the answer has to know the id of the call.');
  return callId;
}

const withCall = (url: string, callId: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}${CALL_UUID}=${encodeURIComponent(callId)}`;

/** Of all headers together, as JSON (developer.vonage.com voice-api websockets). */
const MAX_HEADERS = 512;
/** They come back at the top level of `websocket:connected`, beside its own. */
const TAKEN = new Set(['event', 'content-type', CALL_UUID, '__proto__']);

/** Parameters beyond the limit are left out, since it is not documented what becomes of the call otherwise. */
function streamHeaders(callId: string, parameters: AnswerContext['parameters']): Record<string, string> {
  let headers: Record<string, string> = { [CALL_UUID]: callId };
  for (const [name, value] of Object.entries(parameters)) {
    const more = { ...headers, [name]: value };
    if (!TAKEN.has(name) && Buffer.byteLength(JSON.stringify(more)) <= MAX_HEADERS) headers = more;
  }
  return headers;
}
