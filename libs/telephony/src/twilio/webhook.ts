import type { EndReason } from '@greenroom/contracts';
import { toAttributes } from '../attributes';
import { announce, readRequestCallId, refused, secondsAsMs, unixMs } from '../call';
import { requestParameters, text, type ParameterMap } from '../parameters';
import { toE164, toE164OrText } from '../phone-number';
import { plainDetails, plainText } from '../plain-text';
import type { AnswerContext, Webhook, WebhookAccount, WebhookAdapter, WebhookAnswer } from '../port';
import { verifyTwilio } from './signature';

/** `CallStatus` of a call that is over (twilio.com/docs/voice/api/call-resource), in the words that are ours too. */
const REASONS: ReadonlyMap<string, EndReason> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['failed', 'failed'],
  ['no-answer', 'no-answer'],
  ['canceled', 'canceled'],
]);

const statusOf = (status: string | null): string => plainText(status ?? '', 64) || 'unknown';

function parseVoice(parameters: ParameterMap, callId: string, account: WebhookAccount): Webhook {
  // inbound, outbound-api, outbound-dial
  const direction = text(parameters, 'Direction')?.startsWith('outbound') ? 'outbound' : 'inbound';
  const side = direction === 'inbound' ? 'From' : 'To';
  // sip: and client: addresses are not phone numbers, and so nobody's phone
  const phone = toE164(text(parameters, side) ?? '', account.country);
  const fullName = direction === 'inbound' ? plainText(text(parameters, 'CallerName') ?? '', 200) : '';
  return announce({
    provider: 'twilio',
    account: account.name,
    callId,
    direction,
    from: toE164OrText(text(parameters, 'From'), account.country),
    to: toE164OrText(text(parameters, 'To'), account.country),
    customer: phone === null ? null : { phone, fullName: fullName || null },
    attributes: toAttributes([
      ['city', text(parameters, `${side}City`)],
      ['state', text(parameters, `${side}State`)],
      ['country', text(parameters, `${side}Country`)],
      ['forwardedFrom', text(parameters, 'ForwardedFrom')],
      ['parentCallSid', text(parameters, 'ParentCallSid')],
      ['stirVerstat', text(parameters, 'StirVerstat')],
    ]),
  });
}

function parseStatus(parameters: ParameterMap, callId: string): Webhook {
  const status = statusOf(text(parameters, 'CallStatus'));
  const details = plainDetails({
    callDuration: text(parameters, 'CallDuration'),
    // callbacks may overtake one another; this number is their order
    sequenceNumber: text(parameters, 'SequenceNumber'),
    timestamp: text(parameters, 'Timestamp'),
    sipResponseCode: text(parameters, 'SipResponseCode'),
  });
  const reason = REASONS.get(status);
  if (reason === undefined) return { kind: 'progress', callId, status, details };
  const durationMs = secondsAsMs(text(parameters, 'CallDuration'));
  const endedAt = rfc2822(text(parameters, 'Timestamp'));
  return { kind: 'call-ended', callId, status, details, reason, endedAt, durationMs };
}

/** `Tue, 07 Jan 2025 10:22:09 +0000` as unix ms: the time of the event. */
function rfc2822(time: string | null): number | null {
  const given = time?.trim() ?? '';
  const date = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;
  return date.test(given) ? unixMs(given) : null;
}

function parseStreamStatus(parameters: ParameterMap, callId: string): Webhook {
  const status = statusOf(text(parameters, 'StreamEvent'));
  const over = status === 'stream-stopped' || status === 'stream-error';
  const details = plainDetails({
    streamSid: text(parameters, 'StreamSid'),
    streamName: text(parameters, 'StreamName'),
    error: text(parameters, 'StreamError'),
    timestamp: text(parameters, 'Timestamp'),
  });
  if (!over) return { kind: 'progress', callId, status, details };
  return { kind: 'stream-ended', callId, status, details, asksNext: false };
}

/**
 * `<Connect>` has ended and its `action` is asked what comes next (twilio.com/docs/voice/twiml/connect): the parameters
 * of every voice webhook, `CallStatus` among them, which is final if the caller has left. What `<Stream>` adds is not
 * documented.
 */
function parseAfterStream(parameters: ParameterMap, callId: string): Webhook {
  const callStatus = statusOf(text(parameters, 'CallStatus'));
  const details = plainDetails({
    callStatus,
    streamSid: text(parameters, 'StreamSid'),
    error: text(parameters, 'StreamError'),
  });
  const asksNext = !REASONS.has(callStatus);
  return { kind: 'stream-ended', callId, status: 'connect-ended', details, asksNext };
}

/** Name and value of a Parameter together (twilio.com/docs/voice/twiml/stream). */
const MAX_PARAMETER = 500;

/** Twilio cuts the query off a stream's URL; what has to reach the stream's `start` goes into Parameters. */
function connectStream(context: AnswerContext): string {
  const parameters = Object.entries(context.parameters)
    .filter(([name, value]) => name.length + value.length < MAX_PARAMETER)
    .map(([name, value]) => `<Parameter name="${escapeXml(name)}" value="${escapeXml(value)}"/>`);
  const { streamUrl, streamStatusUrl, afterStreamUrl } = context;
  const callback = attribute('statusCallback', streamStatusUrl);
  const stream = `<Stream url="${escapeXml(streamUrl)}"${callback}>${parameters.join('')}</Stream>`;
  return twiml(`<Response><Connect${attribute('action', afterStreamUrl)}>${stream}</Connect></Response>`);
}

/**
 * The person is dialled with the caller's own number as caller id, Twilio's default. Nothing follows: when one of the
 * two has hung up, the call ends.
 */
function goOn({ next, transferTo }: AnswerContext): string {
  const dials = next === 'transfer' && transferTo !== null;
  const verb = dials ? `<Dial>${escapeXml(transferTo)}</Dial>` : '<Hangup/>';
  return twiml(`<Response>${verb}</Response>`);
}

const attribute = (name: string, value: string): string =>
  value === '' ? '' : ` ${name}="${escapeXml(value)}"`;

const twiml = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>${body}`;

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

const ANSWERS = new Map([
  ['voice', connectStream],
  ['after-stream', goOn],
]);

export const twilioWebhook: WebhookAdapter = {
  provider: 'twilio',
  operations: {
    voice: ['POST', 'GET'],
    status: ['POST', 'GET'],
    'stream-status': ['POST', 'GET'],
    'after-stream': ['POST', 'GET'],
  },
  signs: true,
  // there is no time in the signature that `now` could be held against
  verify: (request, secrets) => verifyTwilio(request, secrets),
  transfersTo: 'number',
  parse(operation, request, account): Webhook {
    const parameters = requestParameters(request);
    const call = readRequestCallId(request, parameters, 'CallSid');
    if ('reason' in call) return refused(call.reason);
    switch (operation) {
      case 'voice':
        return parseVoice(parameters, call.callId, account);
      case 'status':
        return parseStatus(parameters, call.callId);
      case 'stream-status':
        return parseStreamStatus(parameters, call.callId);
      case 'after-stream':
        return parseAfterStream(parameters, call.callId);
      default:
        return refused('operation: unknown');
    }
  },
  answer(operation, context): WebhookAnswer {
    const say = ANSWERS.get(operation);
    return { status: 200, contentType: 'text/xml', body: say ? say(context) : twiml('<Response/>') };
  },
};
