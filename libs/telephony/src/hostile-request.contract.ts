import * as fc from 'fast-check';
import type { WebhookRequest } from './port';

/* Requests that look right from far away, made from right ones. */

/** Any UTF-16 at all, halves of surrogate pairs among it. */
const anyText = fc.uint16Array({ maxLength: 20 }).map((units) => String.fromCharCode(...units));

/** Strange in place of one value of a JSON text. */
export const STRANGE = [
  'null',
  '1e400',
  '-1',
  '""',
  '[]',
  '{}',
  '"\\u0000"',
  '"\\ud800"',
  '{"__proto__":[]}',
  'true',
  '0.1',
];

const STRANGE_TEXT = [
  '',
  ' ',
  '-1',
  '1e400',
  '0.1',
  '9'.repeat(30),
  'NaN',
  'null',
  '[]',
  '{"__proto__":[]}',
  '\u0000',
  '\ud800',
  '1970-01-01 05:30:00',
];

/** What stands in a JSON text where a string or a number stands as a value. */
const VALUES = /(?<=: ?)("[^"]*"|[\d.]+)/g;

/** Replaces the n-th string or number of a JSON text that stands where a value stands. */
export function replaceValue(text: string, at: number, value: string): string {
  const values = [...text.matchAll(VALUES)];
  const found = values[at % values.length];
  if (!found) return text;
  return text.slice(0, found.index) + value + text.slice(found.index + found[0].length);
}

const isJson = ({ body }: WebhookRequest): boolean => body.startsWith('{');

const parametersOf = ({ body, url }: WebhookRequest): string => body || (url.split('?', 2)[1] ?? '');

const nameOf = (pair: string): string => decodeURIComponent(pair.split('=', 1)[0]!.replaceAll('+', ' '));

function namesIn(requests: readonly WebhookRequest[]): string[] {
  const parameters = requests.filter((request) => !isJson(request)).map(parametersOf);
  const names = parameters.flatMap((encoded) => encoded.split('&').map(nameOf));
  const keys = requests.filter(isJson).flatMap(({ body }) => Object.keys(JSON.parse(body) as object));
  return [...new Set([...names, ...keys, 'x', '__proto__', 'Stream', 'CustomField', 'CallSid'])];
}

/** The names of these requests with any values, as query, form, JSON, or nothing of the kind. */
export function anyRequestLike(requests: readonly WebhookRequest[]): fc.Arbitrary<WebhookRequest> {
  const pair = fc.tuple(
    fc.constantFrom(...namesIn(requests)),
    fc.oneof(fc.constant('56b1234567abcdef'), anyText, fc.json()),
  );
  return fc
    .record({
      method: fc.constantFrom('GET' as const, 'POST' as const),
      type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', undefined),
      pairs: fc.array(pair, { maxLength: 8 }),
      raw: fc.option(fc.oneof(anyText, fc.json({ maxDepth: 5 }))),
    })
    .map(({ method, type, pairs, raw }) => {
      const encoded =
        raw ??
        (type === 'application/json'
          ? JSON.stringify(Object.fromEntries(pairs))
          : new URLSearchParams(pairs).toString());
      return {
        method,
        url: `https://voice.example.com/webhooks/x?${method === 'GET' ? encoded : ''}`,
        headers: { 'content-type': type },
        body: method === 'POST' ? encoded : '',
      };
    });
}

/** The request many times over, each of its values in turn replaced by what does not belong there. */
export function withEachValueReplaced(request: WebhookRequest): WebhookRequest[] {
  if (isJson(request)) {
    return [...request.body.matchAll(VALUES)].flatMap((_, at) =>
      STRANGE.map((strange) => ({ ...request, body: replaceValue(request.body, at, strange) })),
    );
  }
  const pairs = [...new URLSearchParams(parametersOf(request))];
  return pairs.flatMap(([name], at) =>
    STRANGE_TEXT.map((strange) => {
      const replaced = new URLSearchParams(pairs.with(at, [name, strange])).toString();
      if (request.body !== '') return { ...request, body: replaced };
      return { ...request, url: `${request.url.split('?', 1)[0]}?${replaced}` };
    }),
  );
}
