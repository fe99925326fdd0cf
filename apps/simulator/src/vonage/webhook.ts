import { derivedUuid } from '../derived-uuid';
import type { ProviderCall, StreamEnded, WebhookCall } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { toldUrl } from '../told-url';
import { bearer } from './jwt';

/*
 * developer.vonage.com voice-api webhook-reference. A call has legs, each with a `uuid` of its own, in one conversation:
 * the phone's, which is the call's id in Greenroom, and the stream's.
 */

export function answerRequest(call: ProviderCall): WebhookCall {
  const send = call.method === 'GET' ? get : post;
  return send(call, `/webhooks/vonage/${call.account}/answer`, {
    from: call.from,
    to: call.to,
    uuid: call.callId,
    conversation_uuid: conversationOf(call),
    ...(!call.bare && { region_url: 'https://api-eu-1.vonage.com', endpoint_type: 'phone' }),
  });
}

export const phoneAnswered = (call: ProviderCall): WebhookCall =>
  phoneEvent(call, 'answered', new Date(), { start_time: null, rate: null, network: null });

export const phoneCompleted = (call: ProviderCall, ended: StreamEnded): WebhookCall =>
  phoneEvent(call, 'completed', ended.endedAt, {
    start_time: call.startedAt.toISOString(),
    end_time: ended.endedAt.toISOString(),
    duration: String(ended.streamSeconds),
    ...(!call.bare && { rate: '0.00450000', price: '0.00450000', network: '23410' }),
  });

/** To the URL that the answer named for events of the stream; null where it named none. */
export function streamEvent(
  call: ProviderCall,
  place: StreamPlace,
  status: 'answered' | 'disconnected' | 'completed',
): WebhookCall | null {
  if (place.statusUrl === null) return null;
  return post(call, place.statusUrl, {
    from: call.to,
    to: place.url,
    uuid: derivedUuid(`${call.callId} stream leg`),
    conversation_uuid: conversationOf(call),
    status,
    ...(!call.bare && { headers: place.parameters }),
    direction: 'outbound',
    timestamp: new Date().toISOString(),
    ...(status === 'answered' && { start_time: null, rate: null, network: null }),
  });
}

const phoneEvent = (call: ProviderCall, status: string, at: Date, more: object): WebhookCall =>
  post(call, `/webhooks/vonage/${call.account}/event`, {
    from: call.from,
    to: call.to,
    uuid: call.callId,
    conversation_uuid: conversationOf(call),
    status,
    direction: 'inbound',
    timestamp: at.toISOString(),
    ...more,
  });

const conversationOf = ({ callId }: ProviderCall): string => `CON-${derivedUuid(`${callId} conversation`)}`;

function post(call: ProviderCall, where: string, event: object): WebhookCall {
  const body = JSON.stringify(event);
  return {
    method: 'POST',
    path: toldUrl(call, where).path,
    headers: { 'Content-Type': 'application/json', ...bearer(call, body) },
    body,
  };
}

/** Vonage's own default for the answer URL. Its token says nothing of the query. */
function get(call: ProviderCall, where: string, parameters: Record<string, string>): WebhookCall {
  const { path } = toldUrl(call, `${where}?${new URLSearchParams(parameters).toString()}`);
  return { method: 'GET', path, headers: bearer(call, null), body: '' };
}
