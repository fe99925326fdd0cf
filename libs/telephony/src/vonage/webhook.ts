import { toAttributes } from '../attributes';
import { announce, readRequestCallId, refused } from '../call';
import { parseParameters, queryOf, requestParameters, text, type ParameterMap } from '../parameters';
import { toE164 } from '../phone-number';
import { plainText } from '../plain-text';
import type { Webhook, WebhookAccount, WebhookAdapter, WebhookAnswer, WebhookRequest } from '../port';
import { legEvent, streamEvent } from './events';
import { connectPerson, connectStream, type NccoContext } from './ncco';
import { verifyVonage } from './signature';

/* developer.vonage.com voice-api webhook-reference */

function announceCall(request: WebhookRequest, parameters: ParameterMap, account: WebhookAccount): Webhook {
  const call = readRequestCallId(request, parameters, 'uuid');
  if ('reason' in call) return refused(call.reason);
  const direction = directionOf(request, parameters);
  // `from_user` instead of `from`: called from an app
  const [from, to] = [text(parameters, 'from', 'from_user'), text(parameters, 'to')];
  const phone = phoneOf(direction === 'inbound' ? from : to, account.country);
  return announce({
    provider: 'vonage',
    account: account.name,
    callId: call.callId,
    direction,
    from: phoneOrText(from, account.country),
    to: phoneOrText(to, account.country),
    customer: phone === null ? null : { phone },
    attributes: toAttributes([
      ['endpointType', text(parameters, 'endpoint_type')],
      ['conversationUuid', text(parameters, 'conversation_uuid')],
    ]),
  });
}

/**
 * The answer webhook does not say who has called whom. Whoever places a call over the API names the answer URL of that
 * call, and can say so in its query: `answer?direction=outbound`.
 */
function directionOf(request: WebhookRequest, parameters: ParameterMap): 'inbound' | 'outbound' {
  const said = text(parameters, 'direction') ?? text(parseParameters(queryOf(request.url)), 'direction');
  return said?.startsWith('outbound') ? 'outbound' : 'inbound';
}

/** Vonage writes E.164 without its `+`, so what could be a national number is not one. */
function phoneOf(raw: string | null, country: string): string | null {
  const number = raw?.trim() ?? '';
  return toE164(/^\d+$/.test(number) ? `+${number}` : number, country);
}

const phoneOrText = (raw: string | null, country: string): string | null =>
  phoneOf(raw, country) ?? (plainText(raw ?? '', 64) || null);

/**
 * An answer without an NCCO changes nothing: the call goes on with the next action, and ends where there is none
 * (voice-api websockets, "fallback options"). An empty NCCO would be one, and could end a call whose stream has just
 * been answered, since every status of the stream's leg asks the same URL.
 */
const NOTHING: WebhookAnswer = { status: 200, contentType: 'text/plain', body: '' };

const json = (body: string): WebhookAnswer => ({ status: 200, contentType: 'application/json', body });

export const vonageWebhook: WebhookAdapter = {
  provider: 'vonage',
  operations: {
    answer: ['GET', 'POST'],
    event: ['POST', 'GET'],
    'after-stream': ['POST'],
  },
  signs: true,
  verify: verifyVonage,
  transfersTo: 'number',
  parse(operation, request, account): Webhook {
    const parameters = requestParameters(request);
    switch (operation) {
      case 'answer':
        return announceCall(request, parameters, account);
      case 'event':
        return legEvent(request, parameters);
      case 'after-stream':
        return streamEvent(request, parameters);
      default:
        return refused('operation: unknown');
    }
  },
  answer(operation, context: NccoContext): WebhookAnswer {
    if (operation === 'answer') return json(connectStream(context));
    const next = operation === 'after-stream' ? connectPerson(context) : null;
    return next === null ? NOTHING : json(next);
  },
};
