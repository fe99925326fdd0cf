import { toAttributes } from '../attributes';
import { announce } from '../call';
import { text, type ParameterMap } from '../parameters';
import { toE164, toE164OrText } from '../phone-number';
import { plainDetails, plainText } from '../plain-text';
import type { AnswerContext, Webhook, WebhookAccount } from '../port';
import { readTime, reasonOfStatus } from './end-reason';
import { callerName } from './events';

/*
 * TeXML: Telnyx's reading of TwiML (developers.telnyx.com, "TeXML verbs", and "Callbacks": texml-call-initiated,
 * texml-call-completed, texml-stream). `CallSid` is the call_control_id.
 */

const statusOf = (status: string | null): string => plainText(status ?? '', 64) || 'unknown';

/**
 * The application's webhook URL, asked what to do with a call. Older pages of the documentation have the callback of a
 * call that is over come to this URL too, so that one is told by its status.
 */
export function parseTexml(parameters: ParameterMap, callId: string, account: WebhookAccount): Webhook {
  return callEnded(parameters, callId) ?? announceCall(parameters, callId, account);
}

function announceCall(parameters: ParameterMap, callId: string, account: WebhookAccount): Webhook {
  const { country } = account;
  // `Direction` is not documented; calls that the account placed itself come with it in TwiML
  const direction = text(parameters, 'Direction')?.startsWith('outbound') ? 'outbound' : 'inbound';
  const phone = toE164(text(parameters, direction === 'inbound' ? 'From' : 'To') ?? '', country);
  const fullName = direction === 'inbound' ? callerName(text(parameters, 'CallerId')) : null;
  return announce({
    provider: 'telnyx',
    account: account.name,
    callId,
    direction,
    from: toE164OrText(text(parameters, 'From'), country),
    to: toE164OrText(text(parameters, 'To'), country),
    customer: phone === null ? null : { phone, fullName },
    attributes: toAttributes([
      ['api', 'texml'],
      ['parentCallSid', text(parameters, 'ParentCallSid')],
      ['shakenStirAttestation', text(parameters, 'ShakenStirAttestation')],
    ]),
  });
}

export function parseTexmlStatus(parameters: ParameterMap, callId: string): Webhook {
  const ended = callEnded(parameters, callId);
  if (ended !== null) return ended;
  const status = statusOf(text(parameters, 'CallStatus'));
  return { kind: 'progress', callId, status, details: callDetails(parameters) };
}

/** Null: it is not over. */
function callEnded(parameters: ParameterMap, callId: string): Webhook | null {
  const status = statusOf(text(parameters, 'CallStatus'));
  const reason = reasonOfStatus(status, text(parameters, 'HangupCause'));
  if (reason === null) return null;
  return {
    kind: 'call-ended',
    callId,
    status,
    details: callDetails(parameters),
    reason,
    endedAt:
      timeOf(parameters, 'EndTime') ?? timeOf(parameters, 'OccurredAt') ?? timeOf(parameters, 'Timestamp'),
    durationMs: reason === 'completed' ? durationMs(text(parameters, 'CallDuration')) : null,
  };
}

const timeOf = (parameters: ParameterMap, name: string): number | null => readTime(text(parameters, name));

/** In the documentation's example, 45 s from `AnsweredTime` to `EndTime` are a `CallDuration` of 45. */
const durationMs = (seconds: string | null): number | null =>
  seconds !== null && /^\d{1,7}$/.test(seconds) ? Number(seconds) * 1000 : null;

const callDetails = (parameters: ParameterMap) =>
  plainDetails({
    callDuration: text(parameters, 'CallDuration'),
    hangupCause: text(parameters, 'HangupCause'),
    hangupSource: text(parameters, 'HangupSource'),
    codec: text(parameters, 'Codec'),
    // callbacks may overtake one another; this number is their order
    sequenceNumber: text(parameters, 'SequenceNumber'),
    timestamp: text(parameters, 'Timestamp'),
  });

/** The documentation shows `stream-started`; the others are named as in TwiML, and in Call Control. */
const STREAM_OVER = new Set(['stream-stopped', 'stream-failed', 'stream-error']);

export function parseStreamStatus(parameters: ParameterMap, callId: string): Webhook {
  const status = statusOf(text(parameters, 'StreamEvent'));
  const details = plainDetails({
    streamSid: text(parameters, 'StreamSid'),
    error: text(parameters, 'StreamError'),
    timestamp: text(parameters, 'Timestamp'),
  });
  if (!STREAM_OVER.has(status)) return { kind: 'progress', callId, status, details };
  return { kind: 'stream-ended', callId, status, details, asksNext: false };
}

/** The stream has ended, and Telnyx asks what comes next; not if the caller has left. */
export function parseAfterStream(parameters: ParameterMap, callId: string): Webhook {
  const callStatus = statusOf(text(parameters, 'CallStatus'));
  const asksNext = reasonOfStatus(callStatus, null) === null;
  const details = plainDetails({ callStatus, streamSid: text(parameters, 'StreamSid') });
  return { kind: 'stream-ended', callId, status: 'connect-ended', details, asksNext };
}

/**
 * `codec` is what we hear, `bidirectionalCodec` what we say; the mode is `mp3` unless told otherwise. Telnyx makes PCMU
 * of PCMA, and of no other codec.
 *
 * `enableReconnect` is true unless told otherwise: a socket that broke would be opened again with the same URL, whose
 * token was used up by the first `start`. Each try would be refused, with the caller in silence; without them the
 * document goes on at once.
 *
 * `<Connect>` waits for its stream, and the verbs behind it follow then. Its `action` is documented for Conversation
 * Relay only, so a `<Redirect>` behind it asks the same URL where the `action` is not heeded for streams.
 */
export function connectStream({
  streamUrl,
  streamStatusUrl,
  afterStreamUrl,
  parameters,
}: AnswerContext): string {
  const nested = Object.entries(parameters).map(
    ([name, value]) => `<Parameter${attribute('name', name)}${attribute('value', value)}/>`,
  );
  const stream =
    `<Stream url="${escapeXml(streamUrl)}" track="inbound_track" codec="PCMU" bidirectionalMode="rtp" ` +
    `bidirectionalCodec="PCMU" enableReconnect="false"${attribute('statusCallback', streamStatusUrl)}>`;
  const connect = `<Connect${attribute('action', afterStreamUrl)}>${stream}${nested.join('')}</Stream></Connect>`;
  const then = afterStreamUrl === '' ? '<Hangup/>' : `<Redirect>${escapeXml(afterStreamUrl)}</Redirect>`;
  return texml(`<Response>${connect}${then}</Response>`);
}

/** Nothing follows the call to the person: when one of the two has hung up, or nobody has answered, the call ends. */
export function goOn({ next, transferTo }: AnswerContext): string {
  const dials = next === 'transfer' && transferTo !== null;
  const verb = dials ? `<Dial><Number>${escapeXml(transferTo)}</Number></Dial>` : '<Hangup/>';
  return texml(`<Response>${verb}</Response>`);
}

export const nothing = (): string => texml('<Response/>');

const attribute = (name: string, value: string): string =>
  value === '' ? '' : ` ${name}="${escapeXml(value)}"`;

const texml = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>${body}`;

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Control characters cannot be written in XML 1.0 at all, not even escaped. */
const escapeXml = (value: string): string =>
  plainText(value, value.length).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? '');
