import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebhookRequest } from '../port';
import { signTelnyx, telnyxPublicKey, verifyTelnyx } from './signature';

const file = (name: string): string => readFileSync(join(__dirname, '../../fixtures/telnyx', name), 'utf8');

interface Vector {
  name: string;
  seed_hex: string;
  public_key_b64: string;
  timestamp: string;
  body_file: string;
  body_sha256: string;
  expected: string;
}

const vectors = JSON.parse(file('signature-vectors.json')) as Vector[];
const now = 1_700_000_000_000;

const signed = ({ timestamp, body_file, expected }: Vector): WebhookRequest => ({
  method: 'POST',
  url: 'https://voice.example.com/webhooks/telnyx/us/events',
  headers: { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': expected },
  body: file(body_file),
});

describe('a Telnyx signature', () => {
  it('has its vector here', () => {
    expect(vectors).toHaveLength(1);
    for (const { body_file, body_sha256 } of vectors) {
      expect(createHash('sha256').update(file(body_file)).digest('hex')).toBe(body_sha256);
    }
  });

  it.each(vectors)('is taken as it stands there: $name', (vector) => {
    const keys = [vector.public_key_b64];
    const request = signed(vector);
    expect(verifyTelnyx(request, keys, now)).toBe(true);
    expect(verifyTelnyx({ ...request, body: `${request.body}\n` }, keys, now)).toBe(false);
  });

  it.each(vectors)('is made as it stands there: $name', (vector) => {
    const seed = Buffer.from(vector.seed_hex, 'hex').toString('base64');
    expect(telnyxPublicKey(seed)).toBe(vector.public_key_b64);
    expect(signTelnyx(seed, file(vector.body_file), now + 999)).toEqual({
      'telnyx-timestamp': vector.timestamp,
      'telnyx-signature-ed25519': vector.expected,
    });
  });

  const [vector] = vectors as [Vector];

  it.each([
    [300_000, true],
    [300_001, false],
    [-300_000, true],
    [-300_001, false],
  ])('%d ms after its time is taken: %s', (age, taken) => {
    expect(verifyTelnyx(signed(vector), [vector.public_key_b64], now + age)).toBe(taken);
  });

  it('is not taken at a time that is none', () => {
    for (const time of [NaN, Infinity, -Infinity]) {
      expect(verifyTelnyx(signed(vector), [vector.public_key_b64], time)).toBe(false);
    }
  });

  it.each([
    ['empty', ''],
    ['31 bytes', Buffer.alloc(31, 1).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 1).toString('base64')],
    ['base64url', vector.public_key_b64.replaceAll('/', '_')],
    ['hex', Buffer.from(vector.public_key_b64, 'base64').toString('hex')],
    ['PEM', `-----BEGIN PUBLIC KEY-----\n${vector.public_key_b64}\n-----END PUBLIC KEY-----`],
    ['no point of the curve', Buffer.alloc(32, 0xff).toString('base64')],
    ['a prototype', '__proto__'],
  ])('is taken with no such key, nor kept from the right one: %s', (_, key) => {
    for (let again = 0; again < 2; again++) {
      expect(verifyTelnyx(signed(vector), [key], now)).toBe(false);
      expect(verifyTelnyx(signed(vector), [key, vector.public_key_b64], now)).toBe(true);
    }
  });

  it('is checked with any number of keys, whatever was checked before', () => {
    const keys = Array.from({ length: 400 }, (_, i) => `none ${i}`);
    expect(verifyTelnyx(signed(vector), keys, now)).toBe(false);
    expect(verifyTelnyx(signed(vector), [...keys, vector.public_key_b64], now)).toBe(true);
    expect(verifyTelnyx(signed(vector), [vector.public_key_b64, ...keys], now)).toBe(true);
  });
});
