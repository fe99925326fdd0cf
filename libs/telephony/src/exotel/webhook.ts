import { toAttributes } from '../attributes';
import { announce, readRequestCallId, refused } from '../call';
import { anyStartsWith, requestParameters, text, type ParameterMap } from '../parameters';
import { toE164, toE164OrText } from '../phone-number';
import { plainText } from '../plain-text';
import type { AnswerContext, Webhook, WebhookAccount, WebhookAdapter, WebhookAnswer } from '../port';
import { readCustomField } from './custom-field';
import { connectEnded, statusCallback, streamEnded } from './events';

/** Where one Passthru URL is used at several places of a flow, only the parameters tell the places apart. */
function parsePassthru(parameters: ParameterMap, callId: string, account: WebhookAccount): Webhook {
  if (anyStartsWith(parameters, 'Stream')) return streamEnded(parameters, callId);
  if (anyStartsWith(parameters, 'DialCallStatus') || anyStartsWith(parameters, 'Legs')) {
    return connectEnded(parameters, callId);
  }
  return announceCall(parameters, callId, account);
}

function announceCall(parameters: ParameterMap, callId: string, account: WebhookAccount): Webhook {
  const { country } = account;
  const direction = /^\s*out/i.test(text(parameters, 'Direction') ?? '') ? 'outbound' : 'inbound';
  const custom = readCustomField(text(parameters, 'CustomField'));
  const phone =
    direction === 'inbound'
      ? firstPhone([text(parameters, 'CallFrom'), text(parameters, 'From')], country)
      : calledPhone(parameters, custom, country);
  return announce({
    provider: 'exotel',
    account: account.name,
    callId,
    direction,
    from: toE164OrText(text(parameters, 'CallFrom', 'From'), country),
    to: toE164OrText(text(parameters, 'CallTo', 'To'), country),
    customer: phone === null ? null : { phone, fullName: fullName(custom), language: language(custom) },
    attributes: toAttributes([['digits', digits(parameters)], ...custom]),
  });
}

/**
 * The person at the other end of a call that we placed. Article 48283 has `CallTo` as "the number being dialled out",
 * which holds for agent-to-customer calls; but a call that meets a flow, and so us, is placed with the person in
 * `From` (the API's first leg) and the ExoPhone as `CallerId`, and public request logs of such calls have the person in
 * `From` and `CallFrom`, the ExoPhone in `To` and `CallTo`. A number in `CustomField` was put there by the account
 * itself and goes first.
 */
function calledPhone(
  parameters: ParameterMap,
  custom: ReadonlyMap<string, string>,
  country: string,
): string | null {
  const named = [custom.get('phone'), custom.get('phone_number')];
  return firstPhone([...named, text(parameters, 'From'), text(parameters, 'CallFrom')], country);
}

function firstPhone(candidates: readonly (string | null | undefined)[], country: string): string | null {
  for (const candidate of candidates) {
    const phone = toE164(candidate ?? '', country);
    if (phone !== null) return phone;
  }
  return null;
}

function fullName(custom: ReadonlyMap<string, string>): string | null {
  const name = custom.get('name') ?? custom.get('full_name') ?? custom.get('customer_name') ?? '';
  return plainText(name, 200) || null;
}

/** A word that cannot be a BCP 47 tag is of no use to whoever chooses the assistant's language. */
function language(custom: ReadonlyMap<string, string>): string | null {
  const tag = (custom.get('language') ?? custom.get('lang') ?? '').trim();
  return tag.length <= 35 && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) ? tag : null;
}

/** After a Gather applet the digits come in double quotes: `"8"` (support.exotel.com 48283). */
const digits = (parameters: ParameterMap): string | null => {
  const given = text(parameters, 'digits') ?? '';
  const first = given.search(/[^\s"]/);
  // from the end, since a pattern for what stands there would be tried at each of its blanks
  let end = given.length;
  while (end > first && /[\s"]/.test(given.charAt(end - 1))) end -= 1;
  return first < 0 ? null : given.slice(first, end);
};

/** support.exotel.com 3000108630: up to 3 custom parameters, 256 characters in all. */
const MAX_PARAMETERS = 3;
const MAX_QUERY = 256;

/** Parameters beyond Exotel's limits are left out, since it is not documented what becomes of the call otherwise. */
function withParameters(url: string, parameters: AnswerContext['parameters']): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    // %20 and %2B: Exotel hands a bare + back as a blank
    const pair = `${encodeURIComponent(plainText(name, MAX_QUERY))}=${encodeURIComponent(plainText(value, MAX_QUERY))}`;
    const fits = [...pairs, pair].join('&').length <= MAX_QUERY;
    if (fits && pairs.length < MAX_PARAMETERS) pairs.push(pair);
  }
  return pairs.length === 0 ? url : `${url}?${pairs.join('&')}`;
}

/**
 * A Passthru applet reads the status alone: 200 goes on with its choice A, 302 with choice B (support.exotel.com 48283).
 * The 302 names no `Location`: nothing is to be found elsewhere, and a client that followed one would take the status
 * of that other answer for the choice.
 */
const choice = (status: 200 | 302): WebhookAnswer => ({ status, contentType: 'text/plain', body: 'OK' });

export const exotelWebhook: WebhookAdapter = {
  provider: 'exotel',
  operations: {
    // the support article says GET; developer.exotel.com describes a POST with a JSON body
    passthru: ['GET', 'POST'],
    'stream-url': ['GET', 'POST'],
    status: ['POST', 'GET'],
  },
  signs: false,
  verify: () => false,
  transfersTo: 'flow',
  parse(operation, request, account): Webhook {
    const parameters = requestParameters(request);
    const call = readRequestCallId(request, parameters, 'CallSid');
    if ('reason' in call) return refused(call.reason);
    switch (operation) {
      case 'passthru':
        return parsePassthru(parameters, call.callId, account);
      case 'stream-url':
        return announceCall(parameters, call.callId, account);
      case 'status':
        return statusCallback(parameters, call.callId);
      default:
        return refused('operation: unknown');
    }
  },
  answer(operation, context): WebhookAnswer {
    if (operation === 'passthru') return choice(context.next === 'transfer' ? 302 : 200);
    if (operation !== 'stream-url') return choice(200);
    const url = withParameters(context.streamUrl, context.parameters);
    return { status: 200, contentType: 'application/json', body: JSON.stringify({ url }) };
  },
};
