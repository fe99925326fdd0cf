import { toAttributes } from '../attributes';
import { announce, checkCallId, refused } from '../call';
import { parseObject, read, readObject, readText, type JsonObject } from '../json';
import { toE164, toE164OrText } from '../phone-number';
import { plainDetails, plainText } from '../plain-text';
import type { Webhook, WebhookAccount } from '../port';
import { readClientState, transferredCall } from './client-state';
import { readTime, reasonOfCause } from './end-reason';

/*
 * Call Control's webhooks (developers.telnyx.com, "Voice webhooks"; telnyx-node `src/resources/webhooks.ts`). They come
 * in any order, at the same time, and more than once. No `stream_url` is kept of them: our token is in it.
 */

interface CallEvent {
  type: string;
  callId: string;
  payload: JsonObject;
  /** ISO 8601 */
  occurredAt: string | null;
  clientState: string | null;
}

export function parseEvent(body: string, account: WebhookAccount): Webhook {
  const data = readObject(parseObject(body) ?? {}, 'data') ?? {};
  const payload = readObject(data, 'payload') ?? {};
  const call = checkCallId(read(payload, 'call_control_id'), 'call_control_id');
  if ('reason' in call) return refused(call.reason);
  const event: CallEvent = {
    type: plainText(readText(data, 'event_type') ?? '', 64) || 'unknown',
    callId: call.callId,
    payload,
    occurredAt: readText(data, 'occurred_at'),
    clientState: readClientState(read(payload, 'client_state')),
  };
  const transferred = transferredCall(event.clientState);
  return transferred === null ? readEvent(event, account) : transferLeg(event, transferred);
}

function readEvent(event: CallEvent, account: WebhookAccount): Webhook {
  switch (event.type) {
    case 'call.initiated':
      return announceCall(event, account);
    case 'call.hangup':
      return callEnded(event);
    case 'streaming.stopped':
    case STREAM_FAILED:
      return streamEnded(event);
    default:
      // call.dtmf.received among them, whose digit may be one of a PIN
      return {
        kind: 'progress',
        callId: event.callId,
        status: event.type,
        details: details(event, { codec: 'codec' }),
      };
  }
}

/** Marks calls that wait for commands; a TeXML call is told what to do by our answers. */
export const CALL_CONTROL = 'call-control';

function announceCall({ callId, payload, clientState }: CallEvent, account: WebhookAccount): Webhook {
  const { country } = account;
  const direction = readText(payload, 'direction') === 'outgoing' ? 'outbound' : 'inbound';
  const [from, to] = [readText(payload, 'from'), readText(payload, 'to')];
  // SIP URIs are nobody's phone
  const phone = toE164((direction === 'inbound' ? from : to) ?? '', country);
  const fullName = direction === 'inbound' ? callerName(readText(payload, 'caller_id_name')) : null;
  return announce({
    provider: 'telnyx',
    account: account.name,
    callId,
    direction,
    from: toE164OrText(from, country),
    to: toE164OrText(to, country),
    customer: phone === null ? null : { phone, fullName },
    attributes: toAttributes([
      ['api', CALL_CONTROL],
      // the same for all legs of one call
      ['callSessionId', readText(payload, 'call_session_id')],
      ['shakenStirAttestation', readText(payload, 'shaken_stir_attestation')],
      ['clientState', clientState],
    ]),
  });
}

/** Where the network knows no name, Telnyx gives the number in its place. */
export function callerName(text: string | null): string | null {
  const name = plainText(text ?? '', 200);
  return /\p{L}/u.test(name) ? name : null;
}

function callEnded(event: CallEvent): Webhook {
  const { callId, payload } = event;
  const [cause, sipCode] = [readText(payload, 'hangup_cause'), readText(payload, 'sip_hangup_cause')];
  const reason = reasonOfCause(cause, sipCode);
  const endedAt = readTime(readText(payload, 'end_time')) ?? readTime(event.occurredAt);
  // `start_time` is the same in call.initiated and call.answered, so it is when the call began to ring. An incoming one
  // is answered at once; how long an outgoing one has rung is not told
  const answered = reason === 'completed' && readText(payload, 'direction') === 'incoming';
  const startedAt = answered ? readTime(readText(payload, 'start_time')) : null;
  return {
    kind: 'call-ended',
    callId,
    status: plainText(cause ?? '', 64) || 'unknown',
    details: details(event, { hangupSource: 'hangup_source', sipHangupCause: 'sip_hangup_cause' }),
    reason,
    endedAt,
    durationMs: endedAt !== null && startedAt !== null ? Math.max(0, endedAt - startedAt) : null,
  };
}

/** The stream could not be connected, or broke: Telnyx leaves the call up, in silence, and waits for a command. */
export const STREAM_FAILED = 'streaming.failed';

function streamEnded(event: CallEvent): Webhook {
  return {
    kind: 'stream-ended',
    callId: event.callId,
    status: event.type,
    details: details(event, { failureReason: 'failure_reason', streamId: 'stream_id' }),
    asksNext: false,
  };
}

/** The person could not be reached: Telnyx leaves the caller's leg up, in silence, and waits for a command. */
export const TRANSFER_FAILED = 'transfer-failed';

/** A webhook of the second leg of a transferred call: `transfer-answered` and the like, on the timeline of that call. */
function transferLeg(event: CallEvent, callId: string): Webhook {
  const { type, payload } = event;
  const cause = readText(payload, 'hangup_cause');
  const over = type === 'call.hangup';
  const reached = reasonOfCause(cause, readText(payload, 'sip_hangup_cause')) === 'completed';
  const status = over && !reached ? TRANSFER_FAILED : `transfer-${type.replace(/^call\./, '')}`;
  return {
    kind: 'progress',
    callId,
    status,
    details: details(event, { hangupCause: 'hangup_cause', sipHangupCause: 'sip_hangup_cause' }),
  };
}

/** @param fields our names, and Telnyx's in the payload */
function details({ occurredAt, payload }: CallEvent, fields: Readonly<Record<string, string>>) {
  const values = Object.entries(fields).map(([name, field]) => [name, readText(payload, field)] as const);
  return plainDetails({ occurredAt, ...Object.fromEntries(values) });
}
