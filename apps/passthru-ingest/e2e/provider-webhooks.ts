import { randomUUID } from 'node:crypto';
import { PROVIDERS, type CallKey, type Provider } from '@greenroom/contracts';
import { Accounts, AccountSchema } from '@greenroom/platform';
import { signPlivo, signTelnyx, signTwilio, signVonage, telnyxPublicKey } from '@greenroom/telephony';
import type { IncomingWebhook } from '../src/receive-webhook';

/** Webhooks as the providers send them, signed with the secrets of these accounts. */

export const BASE = 'https://voice.example.com';
const SEGMENT = 'in-the-path';
const TOKEN = 'auth-token-1';
const SEED = Buffer.alloc(32, 7).toString('base64');
const SIGNATURE_SECRET = 'a signature secret of Vonage’s';

const SIGNING = {
  exotel: {},
  twilio: { authTokens: [TOKEN] },
  plivo: { authTokens: [TOKEN] },
  telnyx: { publicKeys: [telnyxPublicKey(SEED)] },
  vonage: { signatureSecrets: [SIGNATURE_SECRET] },
} satisfies Record<Provider, object>;

/** One account `default` a provider, one of Twilio's that transfers to nobody, and one of Telnyx's for TeXML only. */
export function accountsWith({ apiUrl }: { apiUrl?: string } = {}): Accounts {
  const of = (name: string, provider: Provider, more: object) =>
    AccountSchema.parse({
      ...{ name, provider, ...more },
      credentials: { ...SIGNING[provider], pathSecrets: [SEGMENT] },
    });
  const api = { key: 'KEY0123456789', url: apiUrl };
  const all = PROVIDERS.map((provider) => of('default', provider, { api, transferTo: '+18005550199' }));
  return new Accounts([...all, of('nobody', 'twilio', { api }), of('texml', 'telnyx', {})]);
}

export const keyOf = (more: Partial<CallKey> = {}): CallKey => ({
  ...{ provider: 'exotel', account: 'default', callId: randomUUID() },
  ...more,
});

export function incoming(key: CallKey, operation: string, request: Partial<IncomingWebhook['request']>) {
  const url = `${BASE}/webhooks/${key.provider}/${key.account}/${operation}/${SEGMENT}${request.url ?? ''}`;
  return {
    provider: key.provider,
    account: key.account,
    operation,
    pathToken: SEGMENT,
    remoteAddress: '203.0.113.9',
    request: { method: 'GET' as const, headers: {}, body: '', ...request, url },
  };
}

type Texts = Record<string, string>;

export const passthru = (key: CallKey, more: Texts = {}): IncomingWebhook =>
  incoming(key, 'passthru', {
    url: `?${new URLSearchParams({ CallSid: key.callId, CallFrom: '09000000001', ...more }).toString()}`,
  });

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function posted(
  key: CallKey,
  operation: string,
  { form, headers }: { form: Texts; headers: (url: string) => Texts },
): IncomingWebhook {
  const body = new URLSearchParams(form).toString();
  const webhook = incoming(key, operation, { method: 'POST', body });
  return {
    ...webhook,
    request: { ...webhook.request, headers: { ...FORM, ...headers(webhook.request.url) } },
  };
}

export function exotelStatus(key: CallKey, more: Texts = {}): IncomingWebhook {
  return posted(key, 'status', { form: { CallSid: key.callId, ...more }, headers: () => ({}) });
}

export function twilio(key: CallKey, operation: string, more: Texts = {}, token = TOKEN): IncomingWebhook {
  const form = { CallSid: key.callId, From: '+14155550100', CallStatus: 'in-progress', ...more };
  const headers = (url: string) => ({ 'x-twilio-signature': signTwilio(token, url, form) });
  return posted(key, operation, { form, headers });
}

export function plivo(key: CallKey, operation: string, more: Texts = {}): IncomingWebhook {
  const form = { CallUUID: key.callId, From: '14155550100', To: '18005551212', ...more };
  const nonce = '31627761595286130198';
  const headers = (url: string) => ({
    'x-plivo-signature-v3-nonce': nonce,
    'x-plivo-signature-v3': signPlivo(TOKEN, { method: 'POST', url, parameters: form }, nonce),
  });
  return posted(key, operation, { form, headers });
}

const json = (key: CallKey, operation: string, sent: { body: string; headers: Texts }): IncomingWebhook =>
  incoming(key, operation, {
    method: 'POST',
    body: sent.body,
    headers: { 'content-type': 'application/json', ...sent.headers },
  });

/** An event of Call Control. */
export function telnyx(key: CallKey, type: string, payload: object = {}): IncomingWebhook {
  const data = {
    record_type: 'event',
    event_type: type,
    id: randomUUID(),
    occurred_at: '2026-01-07T10:22:09.000000Z',
    payload: {
      ...{ call_control_id: key.callId, call_session_id: 'c-1', direction: 'incoming', client_state: null },
      ...{ from: '+14155550100', to: '+18005551212', start_time: '2026-01-07T10:21:06.000000Z' },
      ...payload,
    },
  };
  const body = JSON.stringify({ data, meta: { attempt: 1 } });
  return json(key, 'events', { body, headers: signTelnyx(SEED, body, Date.now()) });
}

/** A form of TeXML. */
export function texml(key: CallKey, operation: string, more: Texts = {}): IncomingWebhook {
  const form = { CallSid: key.callId, From: '+14155550100', To: '+18005551212', ...more };
  const body = new URLSearchParams(form).toString();
  const webhook = incoming(key, operation, { method: 'POST', body });
  return {
    ...webhook,
    request: { ...webhook.request, headers: { ...FORM, ...signTelnyx(SEED, body, Date.now()) } },
  };
}

/** An event of a leg. */
export function vonage(key: CallKey, operation: string, more: object = {}): IncomingWebhook {
  const parties = { from: '447700900000', to: '447700900001', conversation_uuid: 'CON-1' };
  const body = JSON.stringify({ ...parties, uuid: key.callId, ...more });
  const signed = signVonage(SIGNATURE_SECRET, body, { now: Date.now(), id: randomUUID() });
  return json(key, operation, { body, headers: { authorization: signed } });
}
