import { randomUUID } from 'node:crypto';
import { derivedUuid } from '../derived-uuid';
import type { HungUpBy, ProviderCall, StreamEnded, WebhookCall } from '../provider-side';
import type { StreamPlace, Transfer } from '../stream-place';
import { CONNECTION_ID, sessionIdOf, signedPost } from './request';

/* Call Control's webhooks (developers.telnyx.com, "Voice webhooks"). */

export const callInitiated = (call: ProviderCall): WebhookCall =>
  event(call, 'call.initiated', {
    ...leg(call),
    direction: 'incoming',
    state: 'parked',
    ...startTime(call),
    ...(call.name !== undefined && { caller_id_name: call.name }),
  });

export const callAnswered = (call: ProviderCall): WebhookCall =>
  event(call, 'call.answered', { ...leg(call), state: 'answered', ...startTime(call) });

export const streamingStarted = (call: ProviderCall, place: StreamPlace): WebhookCall =>
  event(call, 'streaming.started', { ...ids(call), stream_url: place.url });

export const streamingStopped = (call: ProviderCall, { place }: StreamEnded): WebhookCall =>
  event(call, 'streaming.stopped', { ...ids(call), stream_url: place.url });

/** Of its reasons one is documented. The URL, and the token in it, comes along. */
export const streamingFailed = (call: ProviderCall, place: StreamPlace): WebhookCall =>
  event(call, 'streaming.failed', {
    ...ids(call),
    failure_reason: 'connection_failed',
    ...(!call.bare && {
      stream_id: call.streamId,
      stream_type: 'websocket',
      stream_params: { stream_url: place.url, track: 'inbound_track' },
    }),
  });

export const callHangUp = (call: ProviderCall, { endedAt, hungUpBy }: StreamEnded): WebhookCall =>
  event(call, 'call.hangup', {
    ...leg(call),
    direction: 'incoming',
    state: 'hangup',
    ...startTime(call),
    ...hangUpCause(hungUpBy),
    end_time: isoTime(endedAt),
  });

/** The second leg, to whom the caller is transferred, has webhooks of its own, with the state that the command gave it. */
export function transferLeg(call: ProviderCall, transfer: Transfer, { endedAt }: StreamEnded): WebhookCall[] {
  const its = {
    call_control_id: `v3:${derivedUuid(`${call.callId} transfer`)}`,
    call_leg_id: derivedUuid(`${call.callId} transfer leg`),
    call_session_id: sessionIdOf(call),
    connection_id: CONNECTION_ID,
    client_state: transfer.clientState,
    from: call.to,
    to: transfer.to,
    direction: 'outgoing',
    start_time: isoTime(endedAt),
  };
  return [
    event(call, 'call.initiated', { ...its, state: 'bridging' }),
    event(call, 'call.answered', { ...its, state: 'answered' }),
    event(call, 'call.hangup', {
      ...{ ...its, state: 'hangup', ...hangUpCause('caller') },
      end_time: isoTime(new Date()),
    }),
  ];
}

/** Which source is named where a command has ended the call is not documented. */
const hangUpCause = (hungUpBy: HungUpBy): Record<string, string> => ({
  hangup_cause: 'normal_clearing',
  hangup_source: hungUpBy === 'caller' ? 'caller' : 'callee',
  sip_hangup_cause: '200',
});

/** A repeat has the same id, and says that it is one. */
function event(call: ProviderCall, type: string, payload: object): WebhookCall {
  const path = `/webhooks/telnyx/${call.account}/events`;
  const data = {
    record_type: 'event',
    event_type: type,
    id: randomUUID(),
    occurred_at: isoTime(new Date()),
    payload,
  };
  const attempt = (number: number): WebhookCall => {
    const meta = { attempt: number, delivered_to: call.publicBaseUrl + path };
    const body = JSON.stringify({ data, meta });
    return { ...signedPost(call, path, { body, contentType: 'application/json' }), again: attempt };
  };
  return attempt(1);
}

function ids(call: ProviderCall): Record<string, string | null> {
  return {
    call_control_id: call.callId,
    call_leg_id: derivedUuid(`${call.callId} leg`),
    call_session_id: sessionIdOf(call),
    ...(!call.bare && { connection_id: CONNECTION_ID, client_state: null }),
  };
}

const leg = (call: ProviderCall): Record<string, string | null> => ({
  ...ids(call),
  from: call.from,
  to: call.to,
});

const startTime = ({ bare, startedAt }: ProviderCall): Record<string, string> =>
  bare ? {} : { start_time: isoTime(startedAt) };

/** With microseconds. */
const isoTime = (at: Date): string => at.toISOString().replace('Z', '000Z');
