import { randomUUID } from 'node:crypto';
import { signTwilio } from '@greenroom/telephony';
import type { ProviderCall, StreamEnded, WebhookCall } from '../provider-side';
import { toldUrl } from '../told-url';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
const CALLER_LIVES_IN = { city: 'SAN FRANCISCO', state: 'CA', zip: '94105' };

/** @param whose `Called`, `Caller`, `From` or `To` */
function whereabouts(
  whose: string,
  { city = '', state = '', zip = '' }: { city?: string; state?: string; zip?: string },
): Record<string, string> {
  return {
    [`${whose}City`]: city,
    [`${whose}Country`]: 'US',
    [`${whose}State`]: state,
    [`${whose}Zip`]: zip,
  };
}

/** Nobody may count on these. */
const EXTRAS = {
  CallToken: '%7B%22parentCallInfoToken%22%3A%22example%22%7D',
  ...whereabouts('Called', {}),
  ...whereabouts('Caller', CALLER_LIVES_IN),
  ...whereabouts('From', CALLER_LIVES_IN),
  ...whereabouts('To', {}),
  StirVerstat: 'TN-Validation-Passed-A',
};

/** The call comes in: the answer's TwiML says where its stream goes. */
export function voiceWebhook(call: ProviderCall): WebhookCall {
  const send = call.method === 'GET' ? get : post;
  return send(call, `/webhooks/twilio/${call.account}/voice`, {
    ...callParameters(call, 'ringing'),
    ...(call.name !== undefined && { CallerName: call.name }),
    ...(!call.bare && EXTRAS),
  });
}

export function streamStopped(call: ProviderCall, ended: StreamEnded): WebhookCall {
  const usual = `/webhooks/twilio/${call.account}/stream-status`;
  return post(call, ended.place.statusUrl ?? usual, {
    AccountSid: ACCOUNT_SID,
    CallSid: call.callId,
    StreamSid: call.streamId,
    StreamName: call.streamId,
    StreamEvent: 'stream-stopped',
    StreamError: '',
    Timestamp: ended.endedAt.toISOString(),
  });
}

/**
 * The verb has ended that the stream was in, and Twilio asks what comes next. Twilio documents its standard parameters and
 * "some specific to the nested noun", without a list for streams (twilio.com/docs/voice/twiml/connect): these are the
 * ones of its status callback.
 */
export function actionRequest(call: ProviderCall, ended: StreamEnded, url: string): WebhookCall {
  return post(call, url, {
    ...callParameters(call, ended.hungUpBy === 'caller' ? 'completed' : 'in-progress'),
    StreamSid: call.streamId,
    StreamName: call.streamId,
  });
}

export function statusCompleted(call: ProviderCall, ended: StreamEnded): WebhookCall {
  return post(call, `/webhooks/twilio/${call.account}/status`, {
    ...callParameters(call, 'completed'),
    CallDuration: String(ended.streamSeconds),
    // billed minutes, begun ones counted whole
    Duration: String(Math.ceil(ended.streamSeconds / 60)),
    Timestamp: ended.endedAt.toUTCString().replace('GMT', '+0000'),
    CallbackSource: 'call-progress-events',
    SequenceNumber: '3',
  });
}

/** Over the URL as Twilio was given it, and the decoded parameters; nothing where no token is known. */
export function signature(
  { credentials }: ProviderCall,
  url: string,
  parameters: Record<string, string>,
): Record<string, string> {
  if (credentials.authToken === undefined) return {};
  return { 'X-Twilio-Signature': signTwilio(credentials.authToken, url, parameters) };
}

function post(call: ProviderCall, where: string, parameters: Record<string, string>): WebhookCall {
  const { url, path } = toldUrl(call, where);
  return {
    method: 'POST',
    path,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...ownHeaders(),
      ...signature(call, url, parameters),
    },
    body: new URLSearchParams(parameters).toString(),
  };
}

/** All of it is in the URL, and the signature covers that alone. */
function get(call: ProviderCall, where: string, parameters: Record<string, string>): WebhookCall {
  const { url, path } = toldUrl(call, `${where}?${new URLSearchParams(parameters).toString()}`);
  return { method: 'GET', path, headers: { ...ownHeaders(), ...signature(call, url, {}) }, body: '' };
}

const ownHeaders = () => ({
  'I-Twilio-Idempotency-Token': randomUUID(),
  'User-Agent': 'TwilioProxy/1.1',
});

function callParameters(call: ProviderCall, status: string): Record<string, string> {
  return {
    AccountSid: ACCOUNT_SID,
    ApiVersion: '2010-04-01',
    CallSid: call.callId,
    CallStatus: status,
    Called: call.to,
    Caller: call.from,
    Direction: 'inbound',
    From: call.from,
    To: call.to,
  };
}
