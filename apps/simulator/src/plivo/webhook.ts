import type { ProviderCall, StreamEnded, WebhookCall } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { toldUrl } from '../told-url';
import { plivoNonce, plivoSignature } from './signature';

/* plivo.com/docs/voice/xml/request: forms, numbers without `+`, times without a zone. */

/** The main account's, and none of our names. */
const PARENT_AUTH_ID = 'MA00000000000000000X';
const BILL_RATE = 0.0085;

export function answerRequest(call: ProviderCall): WebhookCall {
  const send = call.method === 'GET' ? get : post;
  return send(call, `/webhooks/plivo/${call.account}/answer`, {
    ...callParameters(call, 'ringing', 'StartApp'),
    ...(call.name !== undefined && { CallerName: call.name }),
  });
}

/** The stream is over, and `<Redirect>` asks what comes next. */
export const redirectRequest = (call: ProviderCall, url: string): WebhookCall =>
  post(call, url, callParameters(call, 'in-progress', 'Redirect'));

export const streamStarted = (call: ProviderCall, place: StreamPlace): WebhookCall =>
  streamStatus(call, place, { Event: 'started', Timestamp: plivoTime(new Date()) });

export const streamStopped = (call: ProviderCall, ended: StreamEnded): WebhookCall =>
  streamStatus(call, ended.place, {
    Event: 'stopped',
    Timestamp: plivoTime(ended.endedAt),
    ...(!call.bare && {
      StatusReason: ended.hungUpBy === 'gateway' ? 'Stream closed' : 'Call hangup',
      Duration: String(ended.streamSeconds),
    }),
  });

/** Codes and sources: plivo.com/docs/voice/troubleshooting/hangup-causes. */
export function hangUpRequest(call: ProviderCall, ended: StreamEnded): WebhookCall {
  const sources = { caller: 'Caller', gateway: 'Answer XML', api: 'API Request' };
  return post(call, `/webhooks/plivo/${call.account}/hangup`, {
    ...callParameters(call, 'completed', 'Hangup'),
    HangupCause: 'NORMAL_CLEARING',
    HangupCauseCode: '4000',
    HangupCauseName: 'Normal Hangup',
    HangupSource: sources[ended.hungUpBy],
    Duration: String(ended.streamSeconds),
    BillDuration: String(Math.ceil(ended.streamSeconds / 60) * 60),
    ...(!call.bare && {
      TotalCost: String(Math.ceil(ended.streamSeconds / 60) * BILL_RATE),
      StartTime: plivoTime(call.startedAt),
      AnswerTime: plivoTime(call.startedAt),
      EndTime: plivoTime(ended.endedAt),
    }),
  });
}

/**
 * On a live call the upgrade was signed over the stream's URL with `http:` for `wss:` (github.com/plivo/plivo-cli,
 * audio-streaming-skill).
 */
export const upgradeSignature = (call: ProviderCall, { url }: StreamPlace): Record<string, string> =>
  signature(call, { method: 'GET', url: url.replace(/^wss?:/, 'http:') });

function streamStatus(
  call: ProviderCall,
  { statusUrl }: StreamPlace,
  event: Readonly<Record<string, string>>,
): WebhookCall {
  return post(call, statusUrl ?? `/webhooks/plivo/${call.account}/stream-status`, {
    CallUUID: call.callId,
    StreamID: call.streamId,
    ...event,
    From: call.from,
    To: call.to,
    Direction: 'inbound',
  });
}

function post(call: ProviderCall, where: string, form: Record<string, string>): WebhookCall {
  const { url, path } = toldUrl(call, where);
  return {
    method: 'POST',
    path,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...signature(call, { method: 'POST', url, form }),
    },
    body: new URLSearchParams(form).toString(),
  };
}

function get(call: ProviderCall, where: string, parameters: Record<string, string>): WebhookCall {
  const { url, path } = toldUrl(call, `${where}?${new URLSearchParams(parameters).toString()}`);
  return { method: 'GET', path, headers: signature(call, { method: 'GET', url }), body: '' };
}

/** By the account and, the same here, by its main account; nothing where no token is known. */
function signature(
  { credentials }: ProviderCall,
  request: Parameters<typeof plivoSignature>[1],
): Record<string, string> {
  if (credentials.authToken === undefined) return {};
  const nonce = plivoNonce();
  const signed = plivoSignature(credentials.authToken, request, nonce);
  return {
    'X-Plivo-Signature-V3': signed,
    'X-Plivo-Signature-Ma-V3': signed,
    'X-Plivo-Signature-V3-Nonce': nonce,
  };
}

function callParameters(call: ProviderCall, status: string, event: string): Record<string, string> {
  return {
    CallUUID: call.callId,
    From: call.from,
    To: call.to,
    CallStatus: status,
    Direction: 'inbound',
    Event: event,
    ALegUUID: call.callId,
    ALegRequestUUID: call.callId,
    RequestUUID: call.callId,
    ...(!call.bare && {
      BillRate: String(BILL_RATE),
      ParentAuthID: PARENT_AUTH_ID,
      // with microseconds
      SessionStart: `${call.startedAt.toISOString().slice(0, 23).replace('T', ' ')}000`,
    }),
  };
}

/** `2025-01-07 10:21:06`, UTC. */
const plivoTime = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');
