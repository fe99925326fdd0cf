import { z } from 'zod';
import type { NextStep, ProviderCall, StreamEnded, WebhookCall } from '../provider-side';
import type { StreamPlace } from '../stream-place';

const IST_AHEAD_OF_UTC_MS = 5.5 * 3600 * 1000;
const RATE_PARAMETERS = new Set(['sample-rate', 'sample_rate']);

/** Passthru at the start of the flow: GET, all of it in the query, empty values sent as `Name=`. */
export function passthruAtStart(call: ProviderCall): WebhookCall {
  return get(call, 'passthru', {
    ...callParameters(call, call.startedAt),
    ...(call.name !== undefined && { CustomField: JSON.stringify({ name: call.name }) }),
    flow_id: '123456',
    tenant_id: '654321',
  });
}

/** The Voicebot applet with an https URL in it asks where to connect, and repeats the call's data. */
export function streamUrlRequest(call: ProviderCall, earlier: WebhookCall | null): WebhookCall {
  const passthru = earlier && { passthru: call.publicBaseUrl + earlier.path };
  return get(call, 'stream-url', { ...callParameters(call, new Date()), ...passthru });
}

/** Passthru once more, behind the Voicebot applet, at the same URL as at the start. */
export function passthruAfterBot(call: ProviderCall, ended: StreamEnded): WebhookCall {
  return get(call, 'passthru', {
    ...callParameters(call, ended.endedAt),
    CallStatus: 'in-progress',
    'Stream[StreamSID]': call.streamId,
    'Stream[Status]': 'completed',
    'Stream[Duration]': String(ended.streamSeconds),
    'Stream[StreamUrl]': ended.place.url,
    'Stream[DisconnectedBy]': ended.hungUpBy === 'caller' ? 'user' : 'bot',
  });
}

/**
 * A Passthru that is not async has two ways out: 200 goes to the one, 302 to the other (support article 48283). Where they
 * lead is the flow's; here the other one leads to a person, whose number the flow knows.
 */
export function readPassthruAnswer(status: number): NextStep | null {
  if (status === 302) return { decision: 'transfer', number: null };
  return status === 200 ? { decision: 'continue', number: null } : null;
}

export function terminalStatus(call: ProviderCall, ended: StreamEnded): WebhookCall {
  const parameters = {
    CallSid: call.callId,
    EventType: 'terminal',
    DateCreated: istTime(call.startedAt),
    DateUpdated: istTime(ended.endedAt),
    Status: 'completed',
    To: call.to,
    From: call.from,
    PhoneNumberSid: call.to,
    StartTime: istTime(call.startedAt),
    EndTime: istTime(ended.endedAt),
    ConversationDuration: String(ended.streamSeconds),
    Direction: 'inbound',
    RecordingUrl: '',
  };
  return {
    method: 'POST',
    path: `/webhooks/exotel/${call.account}/status`,
    headers: { ...basic(call), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  };
}

const StreamUrlAnswerSchema = z.object({ url: z.url({ protocol: /^wss?$/ }) });

export function readStreamUrl(body: string): StreamPlace | null {
  try {
    return placeAt(StreamUrlAnswerSchema.parse(JSON.parse(body)).url);
  } catch {
    return null;
  }
}

/** The URL's query comes back as custom parameters, but for the one that sets the rate. */
export function placeAt(url: string): StreamPlace {
  const pairs = [...new URL(url).searchParams].filter(([name]) => !RATE_PARAMETERS.has(name));
  return { url, parameters: Object.fromEntries(pairs), statusUrl: null };
}

/** Credentials come out of the URL, as `wss://KEY:TOKEN@host/…`, and are sent as Basic. */
export function basic({ credentials }: ProviderCall, url?: string): Record<string, string> {
  const inUrl = url === undefined ? null : new URL(url);
  const username = decodeURIComponent(inUrl?.username ?? '') || credentials.username;
  const password = decodeURIComponent(inUrl?.password ?? '') || credentials.password;
  if (username === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}

function get(call: ProviderCall, operation: string, parameters: Record<string, string>): WebhookCall {
  const query = new URLSearchParams(parameters).toString();
  const path = `/webhooks/exotel/${call.account}/${operation}?${query}`;
  return { method: 'GET', path, headers: { Accept: '*/*', ...basic(call) }, body: '' };
}

function callParameters(call: ProviderCall, now: Date): Record<string, string> {
  return {
    CallSid: call.callId,
    CallFrom: call.from,
    CallTo: call.to,
    Direction: 'incoming',
    Created: new Date(call.startedAt.getTime() + IST_AHEAD_OF_UTC_MS).toUTCString().replace(' GMT', ''),
    DialWhomNumber: '',
    HangupLatencyStartTimeExocc: '',
    HangupLatencyStartTime: '',
    ServerCode: '',
    From: call.from,
    To: call.to,
    CurrentTime: istTime(now),
  };
}

/** Exotel writes Indian time and no zone: `2024-09-03 11:44:59`. */
function istTime(at: Date): string {
  return new Date(at.getTime() + IST_AHEAD_OF_UTC_MS).toISOString().slice(0, 19).replace('T', ' ');
}
