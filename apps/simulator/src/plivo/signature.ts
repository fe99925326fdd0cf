import { createHmac, randomInt } from 'node:crypto';

/**
 * X-Plivo-Signature-V3, as Plivo's SDKs compute it (plivo-node lib/utils/v3Security.js, plivo-go utils.go): base64 of
 * HMAC-SHA256 over the URL, its query sorted, the form's pairs sorted and without separators, a dot and the nonce.
 * @param form of a POST; a GET has all of it in its URL
 */
export function plivoSignature(
  token: string,
  request: { method: 'GET' | 'POST'; url: string; form?: Readonly<Record<string, string>> },
  nonce: string,
): string {
  const signed = signedText(request.method, request.url, request.form ?? {});
  return createHmac('sha256', token).update(`${signed}.${nonce}`).digest('base64');
}

function signedText(method: 'GET' | 'POST', url: string, form: Readonly<Record<string, string>>): string {
  const [base = '', search = ''] = url.split('#', 1)[0]?.split('?') ?? [];
  const query = Object.fromEntries(new URLSearchParams(search));
  const parts =
    method === 'GET'
      ? [sorted({ ...query, ...form }, '=', '&')]
      : [sorted(query, '=', '&'), sorted(form, '', '')];
  const told = parts.filter((part) => part !== '').join('.');
  return told === '' ? base : `${base}?${told}`;
}

const sorted = (pairs: Readonly<Record<string, string>>, equals: string, between: string): string =>
  Object.keys(pairs)
    .sort()
    .map((name) => `${name}${equals}${pairs[name] ?? ''}`)
    .join(between);

/** Digits, as Plivo's are. */
export const plivoNonce = (): string =>
  Array.from({ length: 20 }, (_, at) => randomInt(at === 0 ? 1 : 0, 10)).join('');
