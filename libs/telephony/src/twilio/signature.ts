import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  isJson,
  parseParameters,
  queryOf,
  requestParameters,
  single,
  type ParameterMap,
} from '../parameters';
import type { WebhookRequest } from '../port';

/*
 * X-Twilio-Signature (twilio.com/docs/usage/security): base64 of HMAC-SHA1 over the URL as Twilio was given it,
 * followed by name and value of each form parameter, sorted by name. There is no timestamp and no nonce in it, so a
 * request that was seen once can be sent again by whoever saw it.
 */

type SignedParameters = Readonly<Record<string, string | readonly string[]>>;

/** Signs as Twilio does. The values of a repeated name count once each, sorted. */
export function signTwilio(secret: string, url: string, parameters: SignedParameters = {}): string {
  const values = Object.entries(parameters).map(([name, value]) => [name, [value].flat()] as const);
  return sign(secret, url + canonical(new Map(values)));
}

const sign = (secret: string, data: string): string =>
  createHmac('sha1', secret).update(data, 'utf8').digest('base64');

function canonical(parameters: ParameterMap): string {
  let data = '';
  for (const name of [...parameters.keys()].sort()) {
    for (const value of sortedOnce(parameters.get(name) ?? [])) data += name + value;
  }
  return data;
}

const sortedOnce = (values: readonly string[]): readonly string[] =>
  values.length < 2 ? values : [...new Set(values)].sort();

/** Is the request signed with one of these secrets? Several, so that a secret can be changed without a gap. */
export function verifyTwilio(request: WebhookRequest, secrets: readonly string[]): boolean {
  const parameters = signedParameters(request);
  if (parameters === null) return false;
  return matches(request.headers, secrets, { forms: urlForms(request.url), data: canonical(parameters) });
}

/**
 * The upgrade request of a media stream: a GET over the `wss://` URL of the TwiML, without parameters.
 * Users of twilio-aspnet and twilio-agent-connect-python report both that it is the `wss://` URL and not the `https://`
 * one, and that the trailing slash may be there or not.
 */
export function verifyTwilioUpgrade(
  url: string,
  headers: WebhookRequest['headers'],
  secrets: readonly string[],
): boolean {
  const path = url.replace(/[?#].*$/s, '');
  const rest = url.slice(path.length);
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return matches(headers, secrets, { forms: formsOf([url, other + rest]), data: '' });
}

function* formsOf(urls: readonly string[]): Iterable<string> {
  for (const url of urls) yield* urlForms(url);
}

/** A body that is not a form is signed by its hash, which is then part of the signed URL. Null: not signed at all. */
function signedParameters(request: WebhookRequest): ParameterMap | null {
  if (request.method === 'GET') return NONE;
  const query = parseParameters(queryOf(request.url));
  if (query.has('bodySHA256')) {
    const expected = single(query, 'bodySHA256');
    const actual = createHash('sha256').update(request.body, 'utf8').digest('hex');
    return 'value' in expected && isEqual(expected.value, actual) ? NONE : null;
  }
  // read as JSON later on, and covered by nothing: only the URL would be signed
  if (isJson(request)) return null;
  return requestParameters(request);
}

const NONE: ParameterMap = new Map();

function matches(
  headers: WebhookRequest['headers'],
  secrets: readonly string[],
  signed: { forms: Iterable<string>; data: string },
): boolean {
  const signature = headers['x-twilio-signature'];
  if (typeof signature !== 'string' || signature === '') return false;
  // an empty secret is a mistake in the configuration, and anybody could sign with it
  const keys = secrets.filter((secret) => secret !== '');
  for (const form of signed.forms)
    if (keys.some((secret) => isEqual(signature, sign(secret, form + signed.data)))) return true;
  return false;
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The spellings of one URL that Twilio is known to sign: without the port and with it, each also with the query as the
 * older encoder of its SDK wrote it (twilio-node `src/webhooks`); first of all as it came, which is nearly always the one.
 */
function* urlForms(url: string): Iterable<string> {
  yield url;
  const parsed = parseUrl(url);
  if (parsed === null) return;
  const { protocol, username, password, hostname, pathname, search } = parsed;
  const user = username + (password && `:${password}`);
  const port = parsed.port || (/^(https|wss):$/.test(protocol) ? '443' : '80');
  const origin = `${protocol}//${user && `${user}@`}${hostname}`;
  const queries = [search, search && `?${legacyQuery(search)}`];
  const forms = queries.flatMap((query) => [origin, `${origin}:${port}`].map((at) => at + pathname + query));
  for (const form of new Set(forms)) if (form !== url) yield form;
}

const legacyQuery = (search: string): string =>
  [...new URLSearchParams(search)]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

function parseUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
