import type { Provider } from '@greenroom/contracts';
import { basicHeader, signingSecretsOf, type Account } from '@greenroom/platform';
import {
  signPlivo,
  signTwilio,
  signVonage,
  webhookAdapters,
  type WebhookRequest,
} from '@greenroom/telephony';

/** Too short for a call id (8 characters): refused after who sent it was looked at, and before anything is done. */
const NO_CALL_ID = 'doctor';
/** With characters that a proxy may write in another way. */
const QUERY = 'doctor=a%20b%2Bc%2Fd';
const MARKER = { Doctor: 'ä b+c/d%e&f' };

interface Kind {
  operation: string;
  /** the parameter that names the call */
  callId: string;
  methods: readonly WebhookRequest['method'][];
  json: boolean;
}

/** Of each provider the webhook that announces a call. */
function kindOf({ provider, api }: Account): Kind {
  const form = { methods: ['POST'], json: false } as const;
  const kinds: Record<Provider, Kind> = {
    // the applet sends a GET; its parameters are all in the query
    exotel: { operation: 'passthru', callId: 'CallSid', methods: ['GET', 'POST'], json: false },
    twilio: { operation: 'voice', callId: 'CallSid', ...form },
    plivo: { operation: 'answer', callId: 'CallUUID', ...form },
    telnyx: api
      ? { operation: 'events', callId: 'call_control_id', methods: ['POST'], json: true }
      : { operation: 'texml', callId: 'CallSid', ...form },
    vonage: { operation: 'answer', callId: 'uuid', methods: ['POST'], json: true },
  };
  return kinds[provider];
}

export const methodsOf = (account: Account) => kindOf(account).methods;

/** Telnyx signs with a private key that it alone has. */
export const canSign = (account: Account): boolean =>
  account.provider !== 'telnyx' || account.credentials.publicKeys.length === 0;

export interface ProbeOptions {
  method: WebhookRequest['method'];
  /** where it is sent */
  publicBaseUrl: string;
  /** what the signature is made over, if it is another one */
  signedBaseUrl?: string;
  /** false: the URL of a POST has no query */
  query?: boolean;
  /** false: shows nothing of who sent it */
  authenticated: boolean;
  /** unix ms */
  now: number;
  /** another one for each probe: letters, digits and - */
  nonce: string;
}

export interface WebhookProbe {
  request: WebhookRequest & { headers: Record<string, string> };
  /** what an ingest answers that has got it as it was sent */
  expected: string;
}

/**
 * A webhook that its account may send, and that names no call: an ingest that has checked its credentials refuses it with
 * a 400 that says so, and nothing else happens.
 * @throws {Error} if it were understood as a webhook of a call after all
 */
export function webhookProbe(account: Account, options: ProbeOptions): WebhookProbe {
  const { publicBaseUrl, signedBaseUrl = publicBaseUrl, authenticated } = options;
  const { path, ...bare } = bareRequest(account, options);
  const request = { ...bare, url: publicBaseUrl + path };
  const { operation } = kindOf(account);
  const parsed = webhookAdapters[account.provider].parse(operation, request, account);
  if (parsed.kind !== 'refused')
    throw new Error('this webhook would be taken for a call, so it was not sent');
  const signed = { ...bare, url: signedBaseUrl + path };
  const credentials = authenticated ? credentialsOf(account, signed, options) : {};
  return { request: { ...request, headers: { ...bare.headers, ...credentials } }, expected: parsed.reason };
}

/** `path` with its query, from the slash on. */
function bareRequest(account: Account, { method, authenticated, query = true }: ProbeOptions) {
  const kind = kindOf(account);
  const { provider, name, credentials } = account;
  const form = new URLSearchParams({ [kind.callId]: NO_CALL_ID, ...MARKER }).toString();
  const pathSecrets = authenticated ? credentials.pathSecrets.slice(0, 1) : [];
  const path = ['', 'webhooks', provider, name, kind.operation, ...pathSecrets].join('/');
  const headers: Record<string, string> = {};
  if (method === 'GET') return { method, path: `${path}?${form}&${QUERY}`, headers, body: '' };
  headers['content-type'] = kind.json ? 'application/json' : 'application/x-www-form-urlencoded';
  const body = kind.json ? jsonBody(account, kind) : form;
  return { method, path: query ? `${path}?${QUERY}` : path, headers, body };
}

const jsonBody = ({ provider }: Account, { callId }: Kind): string =>
  JSON.stringify(
    provider === 'telnyx'
      ? { data: { payload: { [callId]: NO_CALL_ID } } }
      : { [callId]: NO_CALL_ID, ...MARKER },
  );

function credentialsOf(
  account: Account,
  { method, url, body }: WebhookRequest,
  { now, nonce }: { now: number; nonce: string },
): Record<string, string> {
  const [basic] = account.credentials.basic;
  const own: Record<string, string> = basic
    ? { authorization: basicHeader(basic.username, basic.password) }
    : {};
  const [secret] = signingSecretsOf(account);
  if (secret === undefined) return own;
  const parameters = Object.fromEntries(new URLSearchParams(body));
  switch (account.provider) {
    case 'twilio':
      return { ...own, 'x-twilio-signature': signTwilio(secret, url, parameters) };
    case 'plivo':
      return { ...own, ...plivoHeaders(signPlivo(secret, { method, url, parameters }, nonce), nonce) };
    case 'vonage':
      return { authorization: signVonage(secret, body, { now, id: nonce }) };
    default:
      return own;
  }
}

export const plivoHeaders = (signature: string, nonce: string): Record<string, string> => ({
  'x-plivo-signature-v3': signature,
  'x-plivo-signature-v3-nonce': nonce,
});
