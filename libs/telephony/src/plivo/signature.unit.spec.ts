import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postJson, postWith } from '../adapter.contract';
import type { WebhookRequest } from '../port';
import { signPlivo, verifyPlivo, verifyPlivoUpgrade } from './signature';

interface Vector {
  scheme: string;
  name: string;
  token: string;
  method?: 'GET' | 'POST';
  url: string;
  nonce?: string;
  params?: Record<string, string>;
  expected: string;
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/plivo/signature-vectors.json'), 'utf8'),
) as Vector[];
const v3 = vectors.filter(({ scheme }) => scheme === 'X-Plivo-Signature-V3');
const older = vectors.filter(({ scheme }) => !v3.some((vector) => vector.scheme === scheme));

const headersOf = (signature: string | string[], nonce: string | string[]): WebhookRequest['headers'] => ({
  'x-plivo-signature-v3': signature,
  'x-plivo-signature-v3-nonce': nonce,
});

/** As it would come over the wire: a GET has all of its parameters in the URL. */
function requestOf({ method = 'POST', url, params = {}, nonce = '', expected }: Vector): WebhookRequest {
  const headers = headersOf(expected, nonce);
  const encoded = new URLSearchParams(params).toString();
  if (method === 'POST') return { ...postWith(url, params), headers };
  const separator = url.includes('?') ? '&' : '?';
  return { method, url: encoded === '' ? url : url + separator + encoded, headers, body: '' };
}

describe('a Plivo signature', () => {
  it('has all its vectors here', () => {
    expect([v3.length, older.length]).toEqual([5, 3]);
  });

  it.each(v3)(
    'is made as published: $name',
    ({ token, method = 'POST', url, params, nonce = '', expected }) => {
      expect(signPlivo(token, { method, url, parameters: params }, nonce)).toBe(expected);
    },
  );

  it.each(v3)('is taken: $name', (vector) => {
    const request = requestOf(vector);
    expect(verifyPlivo(request, [vector.token])).toBe(true);
    expect(verifyPlivo(request, ['another', vector.token])).toBe(true);
    expect(verifyPlivo(request, [`${vector.token}x`])).toBe(false);
    expect(verifyPlivo({ ...request, url: `${request.url}x` }, [vector.token])).toBe(false);
    expect(verifyPlivo({ ...request, headers: headersOf(vector.expected, '1') }, [vector.token])).toBe(false);
  });

  it.each(older)('is not taken in an older scheme, however right: $name', (vector) => {
    const { token, url, params = {}, nonce = '', expected, scheme } = vector;
    const pairs = Object.entries(params).map(([name, value]) => name + value);
    const [hash, data] = scheme.endsWith('V2') ? ['sha256', url + nonce] : ['sha1', url + pairs.join('')];
    expect(createHmac(hash, token).update(data).digest('base64')).toBe(expected);
    const name = scheme.split(' ')[0]!.toLowerCase();
    const request = requestOf(vector);
    const headers = { [name]: expected, [`${name}-nonce`]: nonce };
    expect(verifyPlivo({ ...request, headers }, [token])).toBe(false);
    expect(verifyPlivo({ ...request, headers: { ...headers, ...headersOf('', nonce) } }, [token])).toBe(
      false,
    );
  });

  const URL = 'https://voice.example.com/webhooks/plivo/main/answer';
  const signed = (data: string) => createHmac('sha256', 'token').update(`${data}.12345`).digest('base64');
  const sent = (method: 'GET' | 'POST', url: string, body = ''): WebhookRequest => ({
    method,
    url,
    headers: {},
    body,
  });

  it.each([
    ['GET without parameters', sent('GET', URL), URL],
    ['GET with parameters', sent('GET', `${URL}?b=2&a=1+%2B`), `${URL}?a=1 +&b=2`],
    ['POST without anything', sent('POST', URL), URL],
    ['POST with a form', sent('POST', URL, 'b=2&a=%C3%BC'), `${URL}?aüb2`],
    ['POST with query and form', sent('POST', `${URL}?d=4&c=3`, 'b=2&a=1'), `${URL}?c=3&d=4.a1b2`],
    ['POST with a query', sent('POST', `${URL}?d=4&c=3`), `${URL}?c=3&d=4`],
    ['a name that comes twice', sent('POST', URL, 'a=2&b=0&a=1'), `${URL}?a1a2b0`],
    ['a name in query and form', sent('POST', `${URL}?a=2`, 'a=1'), `${URL}?a=2.a1`],
    ['a port', sent('GET', 'https://h.example:8443/a'), 'https://h.example:8443/a'],
    ['no path', sent('GET', 'https://h.example?a=1'), 'https://h.example?a=1'],
    ['credentials', sent('GET', 'https://user:pass@h.example/a'), 'https://h.example/a'],
    ['an address with @ in its path', sent('GET', 'https://h.example/a@b'), 'https://h.example/a@b'],
    ['a fragment', sent('GET', 'https://h.example/a?b=1#ct=2000'), 'https://h.example/a?b=1'],
  ])('covers %s', (_, request, data) => {
    const headers = headersOf(signed(data), '12345');
    expect(verifyPlivo({ ...request, headers }, ['token'])).toBe(true);
    expect(verifyPlivo({ ...request, headers: headersOf(signed(`${data}x`), '12345') }, ['token'])).toBe(
      false,
    );
  });

  const request = sent('POST', URL, 'a=1.5&b=2');
  const good = signed(`${URL}?a1.5b2`);

  it.each([
    [`${good},x`, true],
    [`x,${good}`, true],
    [`x, ${good}`, true],
    [`x,y`, false],
    [`${good}x`, false],
    [`${good} `, false],
    [',', false],
    ['', false],
  ])('may stand among several: %#', (list, taken) => {
    expect(verifyPlivo({ ...request, headers: headersOf(list, '12345') }, ['token'])).toBe(taken);
  });

  it('does not lend its end to the nonce', () => {
    expect(verifyPlivo({ ...request, headers: headersOf(good, '12345') }, ['token'])).toBe(true);
    // the same bytes, with everything behind the dot in 1.5 taken for nonce
    const cut = { ...request, body: 'a=1', headers: headersOf(good, '5b2.12345') };
    expect(verifyPlivo(cut, ['token'])).toBe(false);
  });

  it.each(['', 'a b', 'ü', '1'.repeat(129)])('is not taken with the nonce %j', (nonce) => {
    const data = `${URL}?a1.5b2`;
    const signature = createHmac('sha256', 'token').update(`${data}.${nonce}`).digest('base64');
    expect(verifyPlivo({ ...request, headers: headersOf(signature, nonce) }, ['token'])).toBe(false);
  });

  it('is soon found wrong, however many parameters there are', () => {
    const body = Array.from({ length: 20_000 }, (_, i) => `${i.toString(36)}=`).join('&');
    const many = { ...request, body, headers: headersOf(good, '12345') };
    // of the processor's time, which does not grow with what else the machine has to do
    const before = process.cpuUsage();
    expect(verifyPlivo(many, ['token'])).toBe(false);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(500);
  });

  it('does not cover JSON, which Plivo does not send', () => {
    const body = postJson(URL, { a: '1.5', b: '2' });
    const headers = { ...body.headers, ...headersOf(good, '12345') };
    expect(verifyPlivo({ ...body, headers }, ['token'])).toBe(false);
    const form = { ...request, headers: { ...headers, 'content-type': 'text/plain' } };
    expect(verifyPlivo(form, ['token'])).toBe(true);
  });
});

describe('the signature of a Plivo upgrade', () => {
  const rest = '://voice.example.com/ws/plivo/main/TOKEN';
  const signed = (url: string) => headersOf(signPlivo('token', { method: 'GET', url }, '12345'), '12345');

  // http is what a live call had
  it.each(['http', 'https', 'wss', 'ws'])('may be made over the %s URL', (scheme) => {
    expect(verifyPlivoUpgrade(`wss${rest}`, signed(scheme + rest), ['token'])).toBe(true);
    expect(verifyPlivoUpgrade(`wss${rest}`, signed(scheme + rest), ['other'])).toBe(false);
    expect(verifyPlivoUpgrade(`wss${rest}x`, signed(scheme + rest), ['token'])).toBe(false);
  });

  it('is as published', () => {
    const vector = v3.find(({ params = {} }) => Object.keys(params).length === 0)!;
    const headers = headersOf(vector.expected, vector.nonce!);
    expect(verifyPlivoUpgrade(vector.url.replace('https', 'wss'), headers, [vector.token])).toBe(true);
  });
});
