import { parseObject, readText } from '../json';
import { text, type ParameterMap } from '../parameters';
import { plainDetails, plainText } from '../plain-text';
import type { Webhook } from '../port';

const UNKNOWN = 'unknown';
const FINAL = new Set(['completed', 'failed', 'busy', 'no-answer', 'canceled', 'cancelled']);

const statusOf = (status: string | null | undefined): string => plainText(status ?? '', 64) || UNKNOWN;

/**
 * After a Voicebot applet (support.exotel.com 3000132269, beta): `Stream[Status]` and its like, or all of them as JSON
 * in one parameter `Stream`. `StreamUrl` is left out, since it may hold our secrets.
 */
export function streamEnded(parameters: ParameterMap, callId: string): Webhook {
  const stream = streamFields(parameters);
  const details = plainDetails({
    streamSid: stream.get('sid') ?? null,
    duration: stream.get('duration') ?? null,
    disconnectedBy: stream.get('disconnectedby') ?? null,
    error: withoutUrls(stream.get('error') ?? ''),
    detailedStatus: stream.get('detailedstatus') ?? null,
  });
  return { kind: 'stream-ended', callId, status: statusOf(stream.get('status')), details, asksNext: true };
}

/** By lower-case name without the `Stream` that some of them repeat: `Stream[StreamSID]` is `sid`. */
function streamFields(parameters: ParameterMap): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const put = (name: string, value: string | null): void => {
    if (value !== null) fields.set(name.toLowerCase().replace(/^stream/, ''), value);
  };
  for (const name of parameters.keys()) {
    const [, inner] = /^Stream\[?(\w+)\]?$/.exec(name) ?? [];
    if (inner !== undefined) put(inner, text(parameters, name));
  }
  const block = parseObject(text(parameters, 'Stream') ?? '');
  for (const name of Object.keys(block ?? {})) put(name, readText(block ?? {}, name));
  return fields;
}

/** The error is opaque text that may repeat the URL it could not reach, credentials and all. */
const withoutUrls = (error: string): string => error.replace(/\b(wss?|https?):\/\/\S+/gi, '$1://(removed)');

/** After a Connect applet. The numbers of the legs are left out: they are the agents'. */
export function connectEnded(parameters: ParameterMap, callId: string): Webhook {
  const details: Record<string, string | null> = {
    dialCallDuration: text(parameters, 'DialCallDuration'),
    callType: text(parameters, 'CallType'),
  };
  for (const name of parameters.keys()) {
    const [, leg, field] = /^Legs\[(\d)\]\[(CauseCode|Cause|Type|OnCallDuration)\]$/.exec(name) ?? [];
    if (leg !== undefined && field !== undefined) details[`leg${leg}${field}`] = text(parameters, name);
  }
  const status = statusOf(text(parameters, 'DialCallStatus'));
  return { kind: 'progress', callId, status, details: plainDetails(details) };
}

/** Status callback of a call placed over the API: `EventType` comes only with `StatusCallbackEvents[]`. */
export function statusCallback(parameters: ParameterMap, callId: string): Webhook {
  const event = text(parameters, 'EventType')?.trim();
  const status = statusOf(text(parameters, 'Status') ?? event);
  const over = event === 'terminal' || FINAL.has(status);
  const details = plainDetails({
    eventType: event ?? null,
    direction: text(parameters, 'Direction'),
    startTime: text(parameters, 'StartTime'),
    endTime: text(parameters, 'EndTime'),
    conversationDuration: text(parameters, 'ConversationDuration'),
  });
  return { kind: over ? 'call-ended' : 'progress', callId, status, details };
}
