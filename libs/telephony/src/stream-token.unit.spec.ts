import { randomBytes } from 'node:crypto';
import type { CallKey } from '@greenroom/contracts';
import * as fc from 'fast-check';
import { isTokenOf, mintStreamToken, openStreamToken, STREAM_TOKEN_NONCE_BYTES } from './stream-token';

const SECRET = 'a secret of at least thirty-two characters';
const OTHER = 'another secret of thirty-two characters or more';
const NOW = Date.UTC(2026, 0, 1);
const key: CallKey = { provider: 'twilio', account: 'default', callId: 'CA00000000000000000000000000000001' };

const mint = (of: CallKey = key, secret = SECRET, expiresAt = NOW + 60_000) =>
  mintStreamToken(secret, of, expiresAt, randomBytes(STREAM_TOKEN_NONCE_BYTES));
const open = (token: string, route: Pick<CallKey, 'provider' | 'account'> = key, now = NOW) =>
  openStreamToken([SECRET], token, route, now);

describe('a stream token', () => {
  it('opens for its provider and account, and names its call', () => {
    const token = open(mint());
    expect(token).toMatchObject({ expiresAt: NOW + 60_000 });
    expect(isTokenOf(token!, key)).toBe(true);
    expect(isTokenOf(token!, { ...key, callId: 'CA00000000000000000000000000000002' })).toBe(false);
  });

  it('is a path segment as it is, and says nothing of the call', () => {
    const token = mint();
    expect(token).toMatch(/^[A-Za-z0-9_-]{67}$/);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('CA0000');
    expect(mint()).not.toBe(token);
  });

  it.each<[string, string | undefined]>([
    ['of another secret', mint(key, OTHER)],
    ['of another provider', mint({ ...key, provider: 'plivo' })],
    ['of another account', mint({ ...key, account: 'other' })],
    ['that has expired', mint(key, SECRET, NOW)],
    ['cut short', mint().slice(0, -1)],
    ['with more behind it', `${mint()}A`],
    ['that is empty', ''],
    ['that is no base64url', '!'.repeat(67)],
    ['with padding', `${mint()}=`],
  ])('%s does not open', (_, token) => expect(open(token ?? '')).toBeNull());

  it('does not open with any of its bits changed', () => {
    fc.assert(
      fc.property(fc.nat(399), (bit) => {
        const bytes = Buffer.from(mint(), 'base64url');
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(open(bytes.toString('base64url'))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('opens with either of two secrets while they are rotated', () => {
    const token = mint(key, OTHER);
    expect(openStreamToken([SECRET, OTHER], token, key, NOW)).not.toBeNull();
    expect(openStreamToken([OTHER, SECRET], token, key, NOW)).not.toBeNull();
  });
});
