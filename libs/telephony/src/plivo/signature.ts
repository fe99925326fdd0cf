import { createHmac, timingSafeEqual } from 'node:crypto';
import { isJson, parseParameters, queryOf, requestParameters, type ParameterMap } from '../parameters';
import type { WebhookRequest } from '../port';

/*
 * X-Plivo-Signature-V3 (plivo.com/docs/voice/concepts/signature-validation; where its prose and Plivo's SDKs differ, the
 * SDKs are followed: plivo-node lib/utils/v3Security.js, plivo-go utils.go): base64 of HMAC-SHA256, keyed with an auth
 * token, over the URL as Plivo was given it, the decoded parameters sorted by name, a dot and a nonce.
 *
 * Two headers hold such signatures: V3 by the account or subaccount that the number belongs to, Ma-V3 always by the main
 * account. Each holds several, separated by commas, while the account has several tokens. One that is right is enough.
 *
 * V1 and V2, which Plivo sends as well, are not looked at: V2 covers no parameter at all, and to take it where V3 is
 * missing would be to let anybody leave V3 out. The nonce has no time in it, so a request that was seen once can be
 * sent again by whoever saw it.
 */

const NONCE = 'x-plivo-signature-v3-nonce';
const SIGNATURES = ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'];

export interface PlivoRequest {
  method: 'GET' | 'POST';
  url: string;
  /** of the form; a GET has all of its parameters in the URL */
  parameters?: Readonly<Record<string, string | readonly string[]>>;
}

/** Signs as Plivo does: what goes into `X-Plivo-Signature-V3`. */
export function signPlivo(secret: string, request: PlivoRequest, nonce: string): string {
  const parameters = new Map(
    Object.entries(request.parameters ?? {}).map(([name, values]) => [name, [values].flat()]),
  );
  return sign(secret, canonical(request.method, request.url, parameters), nonce);
}

const sign = (secret: string, data: string, nonce: string): string =>
  createHmac('sha256', secret).update(`${data}.${nonce}`, 'utf8').digest('base64');

/**
 * The URL without credentials, query and fragment; then its query as `name=value` with `&` between, and the form as
 * `namevalue` with nothing between. A GET has one list of both.
 */
function canonical(method: 'GET' | 'POST', url: string, form: ParameterMap): string {
  const base = url.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
  const query = parseParameters(queryOf(url));
  const isGet = method === 'GET';
  const inQuery = pairs(isGet ? [query, form] : [query], '=').join('&');
  const inBody = isGet ? '' : pairs([form], '').join('');
  const both = inQuery !== '' && inBody !== '' ? '.' : '';
  const signed = inQuery + both + inBody;
  return signed === '' ? base : `${base}?${signed}`;
}

/** The values of a repeated name count each, sorted, as plivo-node has it; plivo-go takes the first and drops the others. */
function pairs(lists: readonly ParameterMap[], separator: string): string[] {
  const all = new Map<string, readonly string[]>();
  for (const [name, values] of lists.flatMap((list) => [...list])) {
    all.set(name, [...(all.get(name) ?? []), ...values]);
  }
  return [...all.keys()]
    .sort()
    .flatMap((name) => [...(all.get(name) ?? [])].sort().map((value) => name + separator + value));
}

/** Is the request signed with one of these secrets? Several, so that a secret can be changed without a gap. */
export function verifyPlivo(request: WebhookRequest, secrets: readonly string[]): boolean {
  // Plivo sends forms. JSON would be read as something else than what was signed
  if (isJson(request)) return false;
  const form = request.method === 'GET' ? new Map<string, string[]>() : requestParameters(request);
  return matches(request.headers, secrets, [canonical(request.method, request.url, form)]);
}

/**
 * The upgrade request of a media stream: a GET without parameters, with the same headers. On a live call the signature
 * was over the stream's URL with `http://` for `wss://` (github.com/plivo/plivo-cli, audio-streaming-skill);
 * plivo-stream-sdk-node reckons with `https://` where it sees TLS. Any scheme is taken: it is host and path that count.
 */
export function verifyPlivoUpgrade(
  url: string,
  headers: WebhookRequest['headers'],
  secrets: readonly string[],
): boolean {
  const rest = url.replace(/^[a-z]+:/i, '');
  const forms = ['http', 'https', 'wss', 'ws'].map((scheme) => `${scheme}:${rest}`);
  return matches(
    headers,
    secrets,
    forms.map((form) => canonical('GET', form, new Map())),
  );
}

function matches(
  headers: WebhookRequest['headers'],
  secrets: readonly string[],
  signed: readonly string[],
): boolean {
  const nonce = headers[NONCE];
  const given = SIGNATURES.map((name) => headers[name]);
  // a dot in the nonce would let the end of what was signed be passed off as the beginning of the nonce
  if (typeof nonce !== 'string' || !/^[\w-]{1,128}$/.test(nonce)) return false;
  // given twice: nobody knows which of the two the provider has sent
  if (given.some((value) => Array.isArray(value))) return false;
  const signatures = given.flatMap((value) => (typeof value === 'string' ? value.split(/, */) : []));
  // an empty secret is a mistake in the configuration, and anybody could sign with it
  return secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => signed.map((data) => sign(secret, data, nonce)))
    .some((expected) => signatures.some((signature) => isEqual(signature, expected)));
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}
