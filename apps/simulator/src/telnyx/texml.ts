import { brokenRules } from '../broken-rules';
import { connectAction, readConnectVerb } from '../connect-verb';
import type { ProviderCall, StreamEnded, WebhookCall } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { toldUrl } from '../told-url';
import { attribute, elementIn, unescapeXml } from '../xml';
import { CONNECTION_ID, signedGet, signedPost, USER_ID } from './request';

/* TeXML: forms as Twilio's, signed as all of Telnyx's webhooks; `CallSid` is the call_control_id. */

export function texmlRequest(call: ProviderCall): WebhookCall {
  const send = call.method === 'GET' ? get : post;
  return send(call, `/webhooks/telnyx/${call.account}/texml`, {
    ...callParameters(call, 'initiated', call.startedAt),
    ...progress(0),
    ...(call.name !== undefined && { CallerId: call.name }),
  });
}

export const texmlAnswered = (call: ProviderCall): WebhookCall =>
  post(call, `/webhooks/telnyx/${call.account}/texml-status`, {
    ...callParameters(call, 'in-progress', new Date()),
    ...progress(1),
  });

export const texmlCompleted = (call: ProviderCall, ended: StreamEnded): WebhookCall =>
  post(call, `/webhooks/telnyx/${call.account}/texml-status`, {
    ...callParameters(call, 'completed', ended.endedAt),
    ...progress(3),
    CallDuration: String(ended.streamSeconds),
    HangupCause: 'normal_clearing',
    HangupSource: ended.hungUpBy === 'caller' ? 'caller' : 'callee',
    ...(!call.bare && { AnsweredTime: texmlTime(call.startedAt), EndTime: texmlTime(ended.endedAt) }),
  });

/** Only `stream-started` is shown in the documentation; `stream-stopped` is named as in TwiML. */
export const texmlStream = (
  call: ProviderCall,
  { statusUrl }: StreamPlace,
  event: 'stream-started' | 'stream-stopped',
): WebhookCall =>
  post(call, statusUrl ?? `/webhooks/telnyx/${call.account}/stream-status`, {
    AccountSid: USER_ID,
    CallSid: call.callId,
    CallSidLegacy: call.callId,
    StreamEvent: event,
    StreamName: '',
    StreamSid: call.streamId,
    Timestamp: texmlTime(new Date()),
  });

/** What comes after the stream: its own `action`, or the `<Redirect>` behind it. What it is asked with is not documented. */
export const afterStreamRequest = (call: ProviderCall, ended: StreamEnded, url: string): WebhookCall =>
  post(call, url, {
    ...callParameters(call, ended.hungUpBy === 'gateway' ? 'in-progress' : 'completed', ended.endedAt),
    StreamSid: call.streamId,
  });

export function readTexml(body: string): StreamPlace | null {
  const stream = readConnectVerb(body);
  if (!stream) return null;
  const { url, parameters, statusUrl, attributes } = stream;
  const of = (name: string): string | null => attribute(attributes, name);
  const wrong = brokenRules([
    // `mp3` is TeXML's default
    [of('bidirectionalMode') === 'rtp', 'bidirectionalMode is not rtp: nothing would be heard'],
    [(of('bidirectionalCodec') ?? 'PCMU') === 'PCMU', 'bidirectionalCodec is not PCMU'],
  ]);
  return { url, parameters, statusUrl, wrong };
}

export function texmlActionUrl(body: string): string | null {
  const behind = unescapeXml(elementIn(body, 'Redirect')?.content ?? '').trim();
  return connectAction(body) ?? (URL.canParse(behind) ? behind : null);
}

function post(call: ProviderCall, where: string, parameters: Record<string, string>): WebhookCall {
  const body = new URLSearchParams(parameters).toString();
  return signedPost(call, toldUrl(call, where).path, {
    body,
    contentType: 'application/x-www-form-urlencoded',
  });
}

function get(call: ProviderCall, where: string, parameters: Record<string, string>): WebhookCall {
  const query = new URLSearchParams(parameters).toString();
  return signedGet(call, toldUrl(call, `${where}?${query}`).path);
}

const progress = (number: number): Record<string, string> => ({
  CallbackSource: 'call-progress-events',
  SequenceNumber: String(number),
});

function callParameters(call: ProviderCall, status: string, at: Date): Record<string, string> {
  return {
    AccountSid: USER_ID,
    CallSid: call.callId,
    CallSidLegacy: call.callId,
    CallStatus: status,
    From: call.from,
    To: call.to,
    Timestamp: texmlTime(at),
    ...(!call.bare && { ConnectionId: CONNECTION_ID, CallInitiatedAt: call.startedAt.toISOString() }),
  };
}

/** `2025-01-07T10:21:06Z` */
const texmlTime = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
