import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { getWith, NOW } from '../adapter.contract';
import type { WebhookRequest } from '../port';
import { openHs256, signHs256 } from './jwt';
import { signVonage, verifyVonage, verifyVonageUpgrade } from './signature';

interface Vector {
  name: string;
  secret: string;
  token?: string;
  body?: string;
  claims?: Record<string, unknown> & { iat: number };
  expected: boolean | string;
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/vonage/signature-vectors.json'), 'utf8'),
) as Vector[];
const published = vectors.filter(({ token }) => token !== undefined);
const generated = vectors.filter(({ body }) => body !== undefined);

const get = (authorization: string): WebhookRequest => ({
  ...getWith('https://voice.example.com/webhooks/vonage/default/answer', {}),
  headers: { authorization },
});
const post = (authorization: string, body: string): WebhookRequest => ({
  ...get(authorization),
  headers: { authorization, 'content-type': 'application/json' },
  method: 'POST',
  body,
});

/** `iat` of the published token, in ms. */
const THEN = 1_697_634_680_000;

describe('a Vonage signature', () => {
  it('has all its vectors here', () => {
    expect([published.length, generated.length]).toEqual([2, 1]);
  });

  it.each(published)('is as published: $name', ({ token = '', secret, expected }) => {
    expect(verifyVonage(get(`Bearer ${token}`), [secret], THEN)).toBe(expected);
    expect(verifyVonageUpgrade('wss://any', { authorization: `Bearer ${token}` }, [secret], THEN)).toBe(
      expected,
    );
    expect(verifyVonage(get(`Bearer ${token}`), [secret], NOW)).toBe(false);
    // it has no hash of a body
    expect(verifyVonage(post(`Bearer ${token}`, '{}'), [secret], THEN)).toBe(false);
  });

  it.each(generated)('is made as documented: $name', ({ secret, body = '', claims, expected }) => {
    expect(signHs256(secret, claims ?? {})).toBe(expected);
    const now = (claims?.iat ?? 0) * 1000;
    expect(verifyVonage(post(`Bearer ${String(expected)}`, body), [secret], now)).toBe(true);
    expect(verifyVonage(post(`Bearer ${String(expected)}`, `${body}x`), [secret], now)).toBe(false);
  });

  const body = '{"uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","from":"447700900000","to":"ü"}';
  const sha256 = createHash('sha256').update(body).digest('hex');
  const taken = (claims: object, request = post): boolean => {
    const token = signHs256('secret', { iat: NOW / 1000, ...claims });
    return verifyVonage(request(`Bearer ${token}`, body), ['secret'], NOW);
  };

  it.each<[string, unknown, boolean]>([
    ['of the body', sha256, true],
    ['of another body', createHash('sha256').update('{}').digest('hex'), false],
    ['missing', undefined, false],
    ['empty', '', false],
    ['null', null, false],
    ['a list', [sha256], false],
    ['cut short', sha256.slice(1), false],
  ])('covers a body by its hash: %s', (_, payload_hash, expected) => {
    expect(taken({ payload_hash })).toBe(expected);
  });

  it('covers a body as it was sent, or its JSON without whitespace, and nothing else', () => {
    const pretty = JSON.stringify(JSON.parse(body), null, 2);
    const covers = (sent: string, hashed: string): boolean => {
      const token = signVonage('secret', hashed, { now: NOW, id: 'x' });
      return verifyVonage(post(token, sent), ['secret'], NOW);
    };
    expect([covers(pretty, pretty), covers(pretty, body), covers(body, pretty)]).toEqual([true, true, false]);
    expect(covers(pretty.replace('447700900000', '447700900002'), body)).toBe(false);
    // the last one counts, for the hash as for whoever reads it
    expect(covers('{"uuid":"a","uuid":"b"}', '{"uuid":"b"}')).toBe(true);
    expect(covers('{"uuid":"b","uuid":"a"}', '{"uuid":"b"}')).toBe(false);
    expect(covers('[]', '[] ')).toBe(false);
  });

  it('covers no body that would be read as something else than JSON', () => {
    const token = signVonage('secret', '{"uuid":"a","to":"b"}', { now: NOW, id: 'x' });
    // the same JSON, and a form that names another call
    const forged = '{"uuid":"&uuid=c&","uuid":"a","to":"b"}';
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', undefined, ['application/json']]) {
      const headers = { authorization: token, 'content-type': type };
      expect(verifyVonage({ ...post(token, forged), headers }, ['secret'], NOW)).toBe(false);
    }
    expect(verifyVonage(post(token, forged), ['secret'], NOW)).toBe(true);
  });

  it('covers no body that is nested too deeply to be written again', () => {
    const deep = `{"uuid":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const token = signVonage('secret', '{}', { now: NOW, id: 'x' });
    expect(verifyVonage(post(token, deep), ['secret'], NOW)).toBe(false);
  });

  it('has no hash to look at where there is no body', () => {
    for (const payload_hash of [undefined, 'whatever', sha256]) {
      expect(taken({ payload_hash }, (authorization) => get(authorization))).toBe(true);
    }
  });

  it('of a GET is worth nothing to a POST, with a body or without', () => {
    const token = signVonage('secret', '', { now: NOW, id: 'x' });
    expect(verifyVonage(get(token), ['secret'], NOW)).toBe(true);
    expect(verifyVonage(post(token, body), ['secret'], NOW)).toBe(false);
    expect(verifyVonage(post(token, ''), ['secret'], NOW)).toBe(false);
    expect(verifyVonage({ ...get(token), body }, ['secret'], NOW)).toBe(false);
  });

  it.each<[object, boolean]>([
    [{ exp: NOW / 1000 + 1 }, true],
    [{ exp: NOW / 1000 - 59 }, true],
    [{ exp: NOW / 1000 - 61 }, false],
    [{ nbf: NOW / 1000 - 1 }, true],
    [{ nbf: NOW / 1000 + 59 }, true],
    [{ nbf: NOW / 1000 + 61 }, false],
    [{ exp: null }, false],
    [{ nbf: '1' }, false],
    [{ iat: NOW / 1000 + 0.5 }, true],
  ])('of %j, with a clock that may be off by a minute: %s', (claims, expected) => {
    expect(taken({ payload_hash: sha256, ...claims })).toBe(expected);
  });

  it('may say bearer in any case', () => {
    const token = signVonage('secret', '', { now: NOW, id: 'x' }).slice('Bearer '.length);
    expect(verifyVonage(get(`bearer ${token}`), ['secret'], NOW)).toBe(true);
    expect(verifyVonage(get(token), ['secret'], NOW)).toBe(false);
    expect(verifyVonage(get(`Bearer  ${token}`), ['secret'], NOW)).toBe(false);
  });
});

describe('an HS256 token', () => {
  const claims = { iat: 1 };
  const token = signHs256('secret', claims);

  it('is opened with its secret', () => {
    expect(openHs256(token, ['other', 'secret'])).toEqual(claims);
    expect(openHs256(token, ['other'])).toBeNull();
  });

  const signedAs = (header: string, payload = Buffer.from('{"iat":1}').toString('base64url')): string => {
    const signed = `${Buffer.from(header).toString('base64url')}.${payload}`;
    return `${signed}.${createHmac('sha256', 'secret').update(signed).digest('base64url')}`;
  };

  it.each(['{"alg":"none"}', '{"alg":"HS512"}', '{"alg":["HS256"]}', '{"typ":"JWT"}', '[]', 'null', '', '{'])(
    'is none with the header %s, even if it is signed',
    (header) => {
      expect(openHs256(signedAs(header), ['secret'])).toBeNull();
    },
  );

  it('is none with something critical that nobody understands', () => {
    expect(openHs256(signedAs('{"alg":"HS256"}'), ['secret'])).toEqual(claims);
    expect(openHs256(signedAs('{"alg":"HS256","crit":["exp"]}'), ['secret'])).toBeNull();
  });

  it('is none without claims', () => {
    for (const payload of ['', 'W10', 'bnVsbA', '!!!!']) {
      expect(openHs256(signedAs('{"alg":"HS256"}', payload), ['secret'])).toBeNull();
    }
  });

  it('is none once a letter was changed, added or taken away', () => {
    const letter = fc.constantFrom('A', 'B', 'x', '_', '-', '.', '=', '');
    fc.assert(
      fc.property(fc.nat(token.length - 1), letter, (at, other) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        expect(openHs256(changed, ['secret']) !== null).toBe(changed === token);
      }),
      { numRuns: 200 },
    );
    for (const more of ['=', 'A', '.', '.A']) expect(openHs256(token + more, ['secret'])).toBeNull();
  });
});
