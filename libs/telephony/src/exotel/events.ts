import type { EndReason } from '@greenroom/contracts';
import { secondsAsMs, unixMs } from '../call';
import { parseObject, readText } from '../json';
import { text, type ParameterMap } from '../parameters';
import { plainDetails, plainText } from '../plain-text';
import type { Webhook } from '../port';

const UNKNOWN = 'unknown';

/** Statuses of a call that is over (developer.exotel.com, Calls); a stream's `cancelled` has two l, so both are taken. */
const REASONS: ReadonlyMap<string, EndReason> = new Map([
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
]);

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
  const details = plainDetails({
    eventType: event ?? null,
    direction: text(parameters, 'Direction'),
    startTime: text(parameters, 'StartTime'),
    endTime: text(parameters, 'EndTime'),
    conversationDuration: text(parameters, 'ConversationDuration'),
  });
  const durationMs = secondsAsMs(text(parameters, 'ConversationDuration'));
  const reason = REASONS.get(status) ?? (event === 'terminal' ? reasonWithoutStatus(durationMs) : null);
  if (reason === null) return { kind: 'progress', callId, status, details };
  const endedAt = indianTime(text(parameters, 'EndTime'));
  return { kind: 'call-ended', callId, status, details, reason, endedAt, durationMs };
}

/** Over, by its event, with a status that says nothing of it: who has talked was connected. */
const reasonWithoutStatus = (durationMs: number | null): EndReason =>
  durationMs !== null && durationMs > 0 ? 'completed' : 'failed';

/**
 * `2025-01-07 15:52:09` as unix ms. Exotel's times are IST and name no zone (support.exotel.com 48283); the epoch,
 * `1970-01-01 05:30:00`, stands for "not yet".
 */
function indianTime(time: string | null): number | null {
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(time?.trim() ?? '') ?? [];
  return date === undefined || clock === undefined ? null : unixMs(`${date}T${clock}+05:30`);
}
