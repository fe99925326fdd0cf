import { toAttributes } from '../attributes';
import { announce, readRequestCallId, refused } from '../call';
import { requestParameters, text, type ParameterMap } from '../parameters';
import { plainDetails, plainText } from '../plain-text';
import type { AnswerContext, Webhook, WebhookAccount, WebhookAdapter, WebhookAnswer } from '../port';
import { isFinal, readHangUp } from './hang-up';
import { plivoNumber, plivoParty } from './phone-number';
import { verifyPlivo } from './signature';
import { element, escaped, response } from './xml';

/* plivo.com/docs/voice/xml/request and /redirect */

const wordOf = (value: string | null): string => plainText(value ?? '', 64) || 'unknown';

/** Headers of a SIP call that begin like this are its caller's own, and Plivo hands them on. */
const OWN_HEADER = /^X-PH-/i;

function parseAnswer(parameters: ParameterMap, callId: string, account: WebhookAccount): Webhook {
  const direction = text(parameters, 'Direction') === 'outbound' ? 'outbound' : 'inbound';
  const side = direction === 'inbound' ? 'From' : 'To';
  const phone = plivoNumber(text(parameters, side) ?? '', account.country);
  const stir = text(parameters, 'STIRVerification');
  const ownHeaders = [...parameters.keys()].filter((name) => OWN_HEADER.test(name));
  return announce({
    provider: 'plivo',
    account: account.name,
    callId,
    direction,
    from: plivoParty(text(parameters, 'From'), account.country),
    to: plivoParty(text(parameters, 'To'), account.country),
    customer: phone === null ? null : { phone, fullName: callerName(parameters, direction) },
    attributes: toAttributes([
      ['forwardedFrom', text(parameters, 'ForwardedFrom')],
      ['stirVerification', stir === 'Not Applicable' ? null : stir],
      ...ownHeaders.map((name) => [name, text(parameters, name)] as const),
    ]),
  });
}

/** A name for SIP calls; for telephone calls it is the number once more. */
function callerName(parameters: ParameterMap, direction: 'inbound' | 'outbound'): string | null {
  const name = direction === 'inbound' ? plainText(text(parameters, 'CallerName') ?? '', 200) : '';
  return /\p{L}/u.test(name) ? name : null;
}

/** The same parameters as at the answer, and more. Whatever else has been given this URL is not an end. */
function parseHangUp(parameters: ParameterMap, callId: string): Webhook {
  const status = wordOf(text(parameters, 'CallStatus'));
  const details = plainDetails({
    hangupCause: text(parameters, 'HangupCause'),
    hangupCauseCode: text(parameters, 'HangupCauseCode'),
    hangupCauseName: text(parameters, 'HangupCauseName'),
    // Caller, Callee, Plivo, Carrier, API Request, Answer XML, Error, Unknown
    hangupSource: text(parameters, 'HangupSource'),
    duration: text(parameters, 'Duration'),
    answerTime: text(parameters, 'AnswerTime'),
    endTime: text(parameters, 'EndTime'),
  });
  const isEnd = text(parameters, 'Event') === 'Hangup' || isFinal(status);
  if (!isEnd) return { kind: 'progress', callId, status, details };
  return { kind: 'call-ended', callId, status, details, ...readHangUp(parameters) };
}

/**
 * The names of the streaming guide, and those of the Stream element's reference, which debug logs have too; which of them
 * come is not known. Whatever else comes (DegradedStream, PlayedStream, ClearedAudio) leaves the stream as it is.
 */
const STREAM_OVER = new Set(['stopped', 'failed', 'StopStream', 'DroppedStream']);

function parseStreamStatus(parameters: ParameterMap, callId: string): Webhook {
  const status = wordOf(text(parameters, 'Event'));
  const details = plainDetails({
    streamId: text(parameters, 'StreamID'),
    name: text(parameters, 'Name'),
    reason: text(parameters, 'StatusReason'),
    error: text(parameters, 'Error'),
    duration: text(parameters, 'Duration'),
    timestamp: text(parameters, 'Timestamp'),
  });
  if (!STREAM_OVER.has(status)) return { kind: 'progress', callId, status, details };
  return { kind: 'stream-ended', callId, status, details, asksNext: false };
}

/** The stream is over and `<Redirect>` asks what comes next: the parameters of the answer URL, `Event` is `Redirect`. */
function parseAfterStream(parameters: ParameterMap, callId: string): Webhook {
  const callStatus = wordOf(text(parameters, 'CallStatus'));
  const details = plainDetails({ callStatus });
  return {
    kind: 'stream-ended',
    callId,
    status: 'redirected',
    details,
    asksNext: !isFinal(callStatus),
  };
}

/** All pairs together, in bytes (plivo.com/docs/voice/xml/audiostream). */
const MAX_EXTRA_HEADERS = 512;

/**
 * Letters and digits only, says the same page; its example has nothing else. Others are left out: nobody needs these
 * parameters, since `start` has the call's id, and an attribute that Plivo refuses would cost the call.
 */
function extraHeaders(parameters: AnswerContext['parameters']): string {
  const plain = /^[A-Za-z0-9]+$/;
  return Object.entries(parameters)
    .filter(([name, value]) => plain.test(name) && plain.test(value))
    .map(([name, value]) => `${name}=${value}`)
    .reduce((list, pair) => {
      const longer = list === '' ? pair : `${list},${pair}`;
      return longer.length <= MAX_EXTRA_HEADERS ? longer : list;
    }, '');
}

/**
 * `keepCallAlive`: what follows waits until the stream is over; without it the next element, or the end of the call,
 * comes at once. When either side closes the socket, `<Redirect>` asks for what comes next. Both are so documented
 * (plivo.com/docs/voice/xml/audiostream; plivo-cli audio-streaming-skill). The content type is always named,
 * since two pages of Plivo's differ on its default; `playAudio` has to have the same.
 */
function connectStream(context: AnswerContext): string {
  const { streamUrl, streamStatusUrl, afterStreamUrl, parameters } = context;
  const stream = element('Stream', escaped(streamUrl), {
    bidirectional: 'true',
    keepCallAlive: 'true',
    contentType: 'audio/x-mulaw;rate=8000',
    extraHeaders: extraHeaders(parameters),
    statusCallbackUrl: streamStatusUrl,
  });
  return response(stream + (afterStreamUrl === '' ? '' : element('Redirect', escaped(afterStreamUrl))));
}

/**
 * The caller's own number is shown to the person, Plivo's default for `<Dial>`. Nothing follows: when one of the two has
 * hung up, or nobody has answered, the call ends. With or without `+` is the same to Plivo
 * (plivo.com/docs/voice/troubleshooting/hangup-causes, 2000).
 */
function goOn({ next, transferTo }: AnswerContext): string {
  const dials = next === 'transfer' && transferTo !== null;
  return response(dials ? element('Dial', element('Number', escaped(transferTo))) : element('Hangup', ''));
}

const ANSWERS = new Map([
  ['answer', connectStream],
  ['after-stream', goOn],
]);

export const plivoWebhook: WebhookAdapter = {
  provider: 'plivo',
  operations: {
    answer: ['POST', 'GET'],
    hangup: ['POST', 'GET'],
    'stream-status': ['POST', 'GET'],
    'after-stream': ['POST', 'GET'],
  },
  signs: true,
  // there is no time in the signature that `now` could be held against
  verify: (request, secrets) => verifyPlivo(request, secrets),
  transfersTo: 'number',
  parse(operation, request, account): Webhook {
    const parameters = requestParameters(request);
    const call = readRequestCallId(request, parameters, 'CallUUID');
    if ('reason' in call) return refused(call.reason);
    switch (operation) {
      case 'answer':
        // an application without a hang-up URL of its own sends its hang-ups to the answer URL
        return text(parameters, 'Event') === 'Hangup'
          ? parseHangUp(parameters, call.callId)
          : parseAnswer(parameters, call.callId, account);
      case 'hangup':
        return parseHangUp(parameters, call.callId);
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
    return { status: 200, contentType: 'text/xml', body: say ? say(context) : response('') };
  },
};
