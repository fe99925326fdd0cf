import { readCallId, refused } from '../call';
import { requestParameters, type ParameterMap } from '../parameters';
import type {
  AnswerContext,
  CallCommand,
  Webhook,
  WebhookAccount,
  WebhookAdapter,
  WebhookAnswer,
} from '../port';
import { CALL_CONTROL, parseEvent, STREAM_FAILED, TRANSFER_FAILED } from './events';
import { verifyTelnyx } from './signature';
import {
  connectStream,
  goOn,
  nothing,
  parseAfterStream,
  parseStreamStatus,
  parseTexml,
  parseTexmlStatus,
} from './texml';

interface TexmlOperation {
  parse: (parameters: ParameterMap, callId: string, account: WebhookAccount) => Webhook;
  say: (context: AnswerContext) => string;
}

const TEXML: ReadonlyMap<string, TexmlOperation> = new Map<string, TexmlOperation>([
  ['texml', { parse: parseTexml, say: connectStream }],
  ['texml-status', { parse: parseTexmlStatus, say: nothing }],
  ['stream-status', { parse: parseStreamStatus, say: nothing }],
  ['after-stream', { parse: parseAfterStream, say: goOn }],
]);

/**
 * Call Control reads nothing of an answer but its status, so an incoming call has to be taken by a command. A caller
 * whose stream has failed, or whose transfer has come to nothing, is still there and hears nothing: the call ends, as
 * after a `<Dial>` that nobody answers.
 */
function commands(webhook: Webhook, context: AnswerContext): CallCommand[] {
  if (webhook.kind === 'refused') return [];
  if (isLeftInSilence(webhook)) return [{ kind: 'hang-up', callId: webhook.callId }];
  if (webhook.kind !== 'announcement') return [];
  const { direction, attributes } = webhook.announcement;
  if (direction !== 'inbound' || attributes.api !== CALL_CONTROL) return [];
  const { streamUrl, parameters } = context;
  return [{ kind: 'answer', callId: webhook.callId, streamUrl, parameters }];
}

/** A document goes on by itself when its stream has failed, and TeXML has other words for that. */
function isLeftInSilence(webhook: Webhook): boolean {
  if (webhook.kind === 'stream-ended') return webhook.status === STREAM_FAILED;
  return webhook.kind === 'progress' && webhook.status === TRANSFER_FAILED;
}

export const telnyxWebhook: WebhookAdapter = {
  provider: 'telnyx',
  operations: {
    events: ['POST'],
    // the application's method may be set to GET; a GET is never taken for signed
    texml: ['POST', 'GET'],
    'texml-status': ['POST', 'GET'],
    'stream-status': ['POST', 'GET'],
    'after-stream': ['POST', 'GET'],
  },
  signs: true,
  verify: verifyTelnyx,
  transfersTo: 'number',
  parse(operation, request, account): Webhook {
    if (operation === 'events') return parseEvent(request.body, account);
    const texml = TEXML.get(operation);
    if (!texml) return refused('operation: unknown');
    const parameters = requestParameters(request);
    const call = readCallId(parameters, 'CallSid');
    return 'reason' in call ? refused(call.reason) : texml.parse(parameters, call.callId, account);
  },
  commands,
  answer(operation, context): WebhookAnswer {
    const texml = TEXML.get(operation);
    return texml
      ? { status: 200, contentType: 'text/xml', body: texml.say(context) }
      : { status: 200, contentType: 'application/json', body: '{}' };
  },
};
