import type { EndReason } from '@greenroom/contracts';
import { checkCallId, readRequestCallId, refused, secondsAsMs, unixMs, type CallId } from '../call';
import { parseObject, read, readObject } from '../json';
import { parseParameters, queryOf, single, text, type ParameterMap } from '../parameters';
import { plainDetails, plainText } from '../plain-text';
import type { Webhook, WebhookRequest } from '../port';
import { CALL_UUID } from './ncco';

/*
 * A call of Vonage's has legs, each with a `uuid` of its own, in one conversation: the caller's phone, our stream, the
 * person whom the call was transferred to (developer.vonage.com tutorials vg-phone-to-app show the events of two legs).
 * The call's id is the `uuid` of the phone leg, which the answer webhook has. An event of another leg must never end
 * the call:
 *
 * - The stream's leg has our `wss:` URL in `to`, and brings our own headers back (websockets, "adding context to events").
 *   Where it names our call it is a line on that call's timeline.
 * - A person's leg looks like any phone's; its `uuid` is nobody's call id, so nothing is found and nothing changes.
 */

/** Why a phone leg is over (voice-api webhook-reference); every other status is progress. */
const REASONS: ReadonlyMap<string, EndReason> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['cancelled', 'canceled'],
  // "unreachable, or declined"
  ['unanswered', 'no-answer'],
  ['timeout', 'no-answer'],
  ['rejected', 'rejected'],
  ['failed', 'failed'],
]);

/**
 * After which statuses of the stream's leg an NCCO in our answer is followed: the guide on WebSockets has the first
 * three, the post on dynamic connect (2021) all but the first.
 */
const ASKING = new Set(['disconnected', 'failed', 'unanswered', 'rejected', 'busy', 'timeout']);
/** The stream is over, and whoever has ended it has ended the call with it. */
const SILENT = new Set(['completed', 'cancelled']);

/** The application's event URL. What answering machine detection tells has `call_uuid` instead of `uuid`. */
export function legEvent(request: WebhookRequest, parameters: ParameterMap): Webhook {
  const name = parameters.has(CALL_UUID) && !parameters.has('uuid') ? CALL_UUID : 'uuid';
  const own = readRequestCallId(request, parameters, name);
  const ofStream = /^wss?:/i.test(text(parameters, 'to') ?? '');
  const call = ofStream ? (echoedCall(request) ?? own) : own;
  if ('reason' in call) return refused(call.reason);
  return ofStream ? streamLeg(parameters, call.callId, 'told') : phoneLeg(parameters, call.callId);
}

/**
 * The `eventUrl` of our connect action: every status of the stream's leg. Our answer put the call's id into this URL,
 * since `uuid` is the stream's. The URL is not signed but the body is, so where both name a call they have to agree.
 */
export function streamEvent(request: WebhookRequest, parameters: ParameterMap): Webhook {
  const call = callOfStream(request);
  return 'reason' in call ? refused(call.reason) : streamLeg(parameters, call.callId, 'asked');
}

function callOfStream(request: WebhookRequest): CallId {
  const inUrl = single(parseParameters(queryOf(request.url)), CALL_UUID);
  const inBody = echoedCall(request);
  if (inBody !== null && 'reason' in inBody) return inBody;
  if ('problem' in inUrl) {
    const left = inUrl.problem === 'missing' ? inBody : null;
    return left ?? { reason: `${CALL_UUID}: ${inUrl.problem}` };
  }
  if (inBody !== null && inBody.callId !== inUrl.value) return { reason: `${CALL_UUID}: two different ones` };
  return checkCallId(inUrl.value, CALL_UUID);
}

/** The id in our own headers, which events of the stream's leg bring back; null where there is none. */
function echoedCall({ body }: WebhookRequest): CallId | null {
  const echoed = read(readObject(parseObject(body) ?? {}, 'headers') ?? {}, CALL_UUID);
  return echoed === undefined ? null : checkCallId(echoed, CALL_UUID);
}

/** @param how `asked`: the answer to this webhook may be an NCCO */
function streamLeg(parameters: ParameterMap, callId: string, how: 'asked' | 'told'): Webhook {
  const status = statusOf(parameters);
  const details = plainDetails({
    legUuid: text(parameters, 'uuid'),
    reason: withoutUrls(text(parameters, 'reason') ?? ''),
    disconnectedBy: text(parameters, 'disconnected_by'),
    timestamp: text(parameters, 'timestamp'),
  });
  // the phone leg has been answered too, and a timeline tells them apart by this alone
  if (!ASKING.has(status) && !SILENT.has(status)) {
    return { kind: 'progress', callId, status: `stream-${status}`, details };
  }
  const asksNext = how === 'asked' && ASKING.has(status);
  return { kind: 'stream-ended', callId, status, details, asksNext };
}

function phoneLeg(parameters: ParameterMap, callId: string): Webhook {
  const status = statusOf(parameters);
  const details = plainDetails({
    direction: text(parameters, 'direction'),
    startTime: text(parameters, 'start_time'),
    endTime: text(parameters, 'end_time'),
    duration: text(parameters, 'duration'),
    reason: withoutUrls(text(parameters, 'reason') ?? ''),
    disconnectedBy: text(parameters, 'disconnected_by'),
    timestamp: text(parameters, 'timestamp'),
  });
  const reason = REASONS.get(status);
  if (reason === undefined) return { kind: 'progress', callId, status, details };
  const endedAt = timeOf(text(parameters, 'end_time')) ?? timeOf(text(parameters, 'timestamp'));
  const durationMs = secondsAsMs(text(parameters, 'duration'));
  return { kind: 'call-ended', callId, status, details, reason, endedAt, durationMs };
}

const statusOf = (parameters: ParameterMap): string =>
  plainText(text(parameters, 'status') ?? '', 64) || 'unknown';

/** Free text that may repeat the URL that could not be reached, token and all. */
const withoutUrls = (reason: string): string => reason.replace(/\b(wss?|https?):\/\/\S+/gi, '$1://(removed)');

/** ISO 8601 with its time zone: without one it would be read as this machine's. Unix ms. */
const timeOf = (time: string | null): number | null =>
  time !== null && /^\d{4}-\d\d-\d\dT[\d:.]{5,18}(Z|[+-]\d\d:?\d\d)$/.test(time) ? unixMs(time) : null;
