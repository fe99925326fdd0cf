import { createVerify, generateKeyPairSync } from 'node:crypto';
import { COMMAND_KEY, NOW } from '../adapter.contract';
import { vonageCallControl } from './call-control';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: spki,
  privateKeyEncoding: pem,
});
const application = '78d335fa-323d-0114-9c3d-d6f0d48968cf';

const hangUp = (apiSecret: string | null) =>
  vonageCallControl.request(
    { kind: 'hang-up', callId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab' },
    { apiKey: application, apiSecret },
    { idempotencyKey: COMMAND_KEY, now: NOW + 999 },
  );

const decoded = (segment = ''): unknown => JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));

describe('the token of a Vonage command', () => {
  it.each([
    ['as it was downloaded', rsa.privateKey],
    [
      'with its line breaks as \\n, as environment variables have them',
      rsa.privateKey.replaceAll('\n', '\\n'),
    ],
  ])('is signed with the application’s key: %s', (_, key) => {
    const token = hangUp(key).headers.authorization?.replace('Bearer ', '') ?? '';
    const [header, payload, signature = ''] = token.split('.');
    expect(decoded(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(decoded(payload)).toEqual({
      application_id: application,
      iat: NOW / 1000,
      exp: NOW / 1000 + 300,
      jti: COMMAND_KEY,
    });
    const verify = createVerify('sha256').update(`${header}.${payload}`);
    expect(verify.verify(rsa.publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  const elliptic = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: spki,
    privateKeyEncoding: pem,
  });

  it.each([
    ['nothing', null],
    ['an empty one', ''],
    ['a file name', '/run/secrets/private.key'],
    ['a public key', rsa.publicKey],
    ['a key of another kind', elliptic.privateKey],
    ['half a key', rsa.privateKey.slice(0, 400)],
  ])('is refused with %s, in words that help and do not tell', (_, secret) => {
    const message = (): string => {
      try {
        hangUp(secret);
        return '';
      } catch (error) {
        return String(error);
      }
    };
    expect(message()).toMatch(/RSA private key of the application in PEM/);
    if (secret) expect(message()).not.toContain(secret);
  });
});
