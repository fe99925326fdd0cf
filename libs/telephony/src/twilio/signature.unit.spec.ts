import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { WebhookRequest } from '../port';
import { signTwilio, verifyTwilio, verifyTwilioUpgrade } from './signature';

interface Vector {
  name: string;
  scheme: string;
  token?: string;
  url?: string;
  params?: Record<string, string | string[]>;
  body?: string;
  expected: string;
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/twilio/signature-vectors.json'), 'utf8'),
) as Vector[];
const signatures = vectors.filter(({ scheme }) => scheme === 'X-Twilio-Signature');
const hashes = vectors.filter(({ scheme }) => scheme === 'bodySHA256');

const bodies = new Map(hashes.map(({ body = '', expected }) => [expected, body]));

function requestOf({ url = '', params = {} }: Vector, signature: string): WebhookRequest {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) form.append(name, one);
  }
  const hash = new URL(url).searchParams.get('bodySHA256');
  return {
    method: 'POST',
    url,
    headers: {
      'x-twilio-signature': signature,
      'content-type': hash === null ? 'application/x-www-form-urlencoded' : 'application/json',
    },
    body: hash === null ? form.toString() : bodies.get(hash)!,
  };
}

describe('a Twilio signature', () => {
  it('has all its vectors here', () => {
    expect([signatures.length, hashes.length]).toEqual([14, 2]);
  });

  it.each(signatures)('is made as published: $name', ({ token = '', url = '', params = {}, expected }) => {
    expect(signTwilio(token, url, params)).toBe(expected);
  });

  it.each(signatures.filter(({ url }) => !url?.startsWith('wss:')))('is taken: $name', (vector) => {
    const request = requestOf(vector, vector.expected);
    expect(verifyTwilio(request, ['12345'])).toBe(true);
    expect(verifyTwilio(request, ['12346'])).toBe(false);
    expect(verifyTwilio({ ...request, body: `${request.body}&x=1` }, ['12345'])).toBe(false);
  });

  it.each(hashes)('covers a JSON body by its hash: $name', ({ body = '', expected }) => {
    expect(createHash('sha256').update(body).digest('hex')).toBe(expected);
    const url = `https://mycompany.com/voice?bodySHA256=${expected}`;
    const request = requestOf({ name: '', scheme: '', url, expected }, signTwilio('12345', url));
    expect(verifyTwilio(request, ['12345'])).toBe(true);
    expect(verifyTwilio({ ...request, body: `${body} ` }, ['12345'])).toBe(false);
    const twice = `${url}&bodySHA256=${expected}`;
    const headers = { ...request.headers, 'x-twilio-signature': signTwilio('12345', twice) };
    expect(verifyTwilio({ ...request, url: twice, headers }, ['12345'])).toBe(false);
  });

  it('does not cover a JSON body without its hash', () => {
    const url = 'https://mycompany.com/voice';
    const headers = { 'x-twilio-signature': signTwilio('12345', url), 'content-type': 'application/json' };
    for (const body of ['{"CallSid":"CA12345678"}', '{}', '[]']) {
      expect(verifyTwilio({ method: 'POST', url, headers, body }, ['12345'])).toBe(false);
    }
  });

  const plain = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const published = (name: RegExp): Vector => signatures.find((vector) => name.test(vector.name))!;

  it.each([
    ['with the port that the URL lacks', published(/:443 added/), plain],
    ['with the port of http', published(/:80 added/), plain.replace('https', 'http')],
    ['with port and credentials', published(/credentials and :443/), plain.replace('//', '//user:pass@')],
    ['with the query in another encoding', published(/legacy/), `${plain}&Body=It's+amazing`],
    [
      'of a JSON body, with the port',
      published(/JSON body {}/),
      published(/JSON body {}/).url!.replace(':443', ''),
    ],
  ])('is taken when it was made over the URL %s', (_, vector, url) => {
    const request = { ...requestOf(vector, vector.expected), url };
    expect(request.url).not.toBe(vector.url);
    expect(verifyTwilio(request, ['12345'])).toBe(true);
  });

  it.each([
    ["https://h.example/a?b=It's+so", 'https://h.example/a?b=It%27s+so'],
    ["https://h.example/a?b=It's+so", "https://h.example/a?b=It's%20so"],
    ["https://h.example/a?b=It's+so", "https://h.example:443/a?b=It's%20so"],
    ['https://h.example:8443/a', 'https://h.example/a'],
    ['https://h.example/a', 'https://h.example:443/a'],
  ])('for %s may be made over %s', (url, signed) => {
    const headers = { 'x-twilio-signature': signTwilio('12345', signed) };
    expect(verifyTwilio({ method: 'GET', url, headers, body: '' }, ['12345'])).toBe(true);
  });

  it('is checked even where the URL is none', () => {
    const headers = { 'x-twilio-signature': signTwilio('12345', 'no url') };
    expect(verifyTwilio({ method: 'GET', url: 'no url', headers, body: '' }, ['12345'])).toBe(true);
    expect(verifyTwilio({ method: 'GET', url: 'no url ', headers, body: '' }, ['12345'])).toBe(false);
  });

  it('is accepted if it is exact, and only then', () => {
    const parameters = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ maxLength: 5 }), {
      maxKeys: 4,
    });
    const change = fc.tuple(fc.nat(26), fc.constantFrom('A', 'B', '='));
    fc.assert(
      fc.property(parameters, change, (params, [at, letter]) => {
        const url = 'https://mycompany.com/voice?a=1';
        const exact = signTwilio('12345', url, params);
        const changed = exact.slice(0, at) + letter + exact.slice(at + 1);
        const request = requestOf({ name: '', scheme: '', url, params, expected: '' }, exact);
        const headers = { ...request.headers, 'x-twilio-signature': changed };
        expect(verifyTwilio(request, ['12345'])).toBe(true);
        expect(verifyTwilio({ ...request, headers }, ['12345'])).toBe(changed === exact);
      }),
      { numRuns: 60 },
    );
  });
});

it('is made over names in their order, and the values of each in theirs, once', () => {
  const name = fc.oneof(fc.constantFrom('b', 'B', 'a', '10', '9', '__proto__', 'constructor'), fc.string());
  const pairs = fc.array(fc.tuple(name, fc.constantFrom('', '1', '2', 'b', 'ß')), { maxLength: 8 });
  fc.assert(
    fc.property(pairs, (given) => {
      const body = new URLSearchParams(given).toString();
      const sent = [...new URLSearchParams(body)].map(([key, value]) => ({ key, value }));
      const names = [...new Set(sent.map(({ key }) => key))].sort();
      const valuesOf = (wanted: string): string[] =>
        sent.filter(({ key }) => key === wanted).map(({ value }) => value);
      const data = names
        .map((each) => [...new Set(valuesOf(each))].sort().map((value) => each + value))
        .flat()
        .join('');
      const url = 'https://mycompany.com/voice';
      const signature = createHmac('sha1', '12345')
        .update(url + data)
        .digest('base64');
      const headers = {
        'x-twilio-signature': signature,
        'content-type': 'application/x-www-form-urlencoded',
      };
      expect(verifyTwilio({ method: 'POST', url, headers, body }, ['12345'])).toBe(true);
      expect(verifyTwilio({ method: 'POST', url, headers, body: `${body}&z=9` }, ['12345'])).toBe(false);
    }),
    { numRuns: 100 },
  );
});

describe('the signature of an upgrade', () => {
  const vector = signatures.find(({ url }) => url?.startsWith('wss:'))!;
  const url = vector.url!;
  const headers = { 'x-twilio-signature': vector.expected };

  it('is made over the wss URL', () => {
    expect(verifyTwilioUpgrade(url, headers, ['12345'])).toBe(true);
    expect(verifyTwilioUpgrade(url.replace('wss:', 'https:'), headers, ['12345'])).toBe(false);
    expect(verifyTwilioUpgrade(`${url}/other`, headers, ['12345'])).toBe(false);
    expect(verifyTwilioUpgrade(url, { 'x-twilio-signature': [vector.expected] }, ['12345'])).toBe(false);
  });

  it.each([
    [`${url}/`, url],
    [url, `${url}/`],
    [url, 'wss://voice.example.com:443/media/twilio/'],
    ['wss://voice.example.com', 'wss://voice.example.com/'],
    [`${url}/?a=1`, `${url}?a=1`],
  ])('for %s may be made over %s', (asked, signed) => {
    const signature = { 'x-twilio-signature': signTwilio('12345', signed) };
    expect(verifyTwilioUpgrade(asked, signature, ['12345'])).toBe(true);
  });
});
