import type { IncomingMessage } from 'node:http';
import { Accounts, AccountSchema, basicHeader } from '@greenroom/platform';
import type { CallKey } from '@greenroom/contracts';
import { mintStreamToken, signTwilio } from '@greenroom/telephony';
import { admitUpgrade, type AdmissionPorts } from './admit-upgrade';

const accounts = new Accounts(
  [
    {
      name: 'default',
      provider: 'exotel',
      credentials: { basic: [{ username: 'key', password: 'token-one' }] },
    },
    { name: 'secret', provider: 'exotel', credentials: { pathSecrets: ['in-the-path'] } },
    { name: 'default', provider: 'twilio', credentials: { authTokens: ['auth-token'] } },
  ].map((account) => AccountSchema.parse(account)),
);

const SECRET = 'a secret of at least thirty-two characters';
const NOW = Date.UTC(2026, 0, 1);
const ports: AdmissionPorts = {
  accounts,
  demo: false,
  mediaUrl: 'wss://voice.example.com',
  remoteAddress: () => '203.0.113.9',
  full: () => null,
  tokenSecrets: [SECRET],
  now: () => NOW,
};

const token = (more: Partial<CallKey> = {}, secret = SECRET, expiresAt = NOW + 60_000) => {
  const key: CallKey = {
    provider: 'twilio',
    account: 'default',
    callId: 'CA00000000000000000000000000000001',
  };
  return mintStreamToken(secret, { ...key, ...more }, expiresAt, Buffer.alloc(12, 7));
};
const signed = (path: string) => ({
  'x-twilio-signature': signTwilio('auth-token', `wss://voice.example.com${path}`, {}),
});
const toTwilio = `/ws/twilio/default/${token()}`;

const basic = { authorization: basicHeader('key', 'token-one') };
const upgrade = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  ({ url, headers, rawHeaders: Object.entries(headers).flat(), method }) as unknown as IncomingMessage;

describe('an upgrade', () => {
  it.each([
    ['/ws/exotel/default', basic],
    ['/ws/exotel/default?sample-rate=8000', basic],
    ['/ws/exotel/secret/in-the-path', {}],
    ['/ws/call/56b1234567abcdef89abcdef12345678', basic],
    // Exotel's dynamic URL: what it holds stands for user name and password
    [`/ws/exotel/default/${token({ provider: 'exotel' })}?sample-rate=8000`, {}],
    [toTwilio, signed(toTwilio)],
  ])('to %s is admitted with the right credentials', (url, headers) => {
    expect(admitUpgrade(upgrade(url, headers as Record<string, string>), ports)).toMatchObject({
      admitted: true,
    });
  });

  it('to /ws/call/ID leads to the account default of Exotel, for that call only', () => {
    const admission = admitUpgrade(upgrade('/ws/call/56b1234567abcdef89abcdef12345678', basic), ports);
    expect(admission).toMatchObject({
      route: { account: { name: 'default', provider: 'exotel' }, callId: '56b1234567abcdef89abcdef12345678' },
    });
  });

  it.each([
    ['/', 404],
    ['/ws', 404],
    ['/ws/exotel', 404],
    ['/ws/exotel/', 404],
    ['/ws/exotel/nobody', 404],
    ['/ws/acme/default', 404],
    ['/ws/exotel/default/a/b', 404],
    ['/ws/exotel/%ZZ', 404],
    ['/ws/call/short', 404],
    ['/ws/call/56b1234567abcdef89abcdef12345678/x', 404],
    ['/ws/__proto__/default', 404],
    ['/ws/exotel/secret/in-the-pat', 403],
    ['/ws/exotel/secret', 403],
    ['/ws/twilio/default', 403],
  ])('to %s is refused with %i', (url, status) => {
    expect(admitUpgrade(upgrade(url, basic), ports)).toMatchObject({ admitted: false, status });
  });

  it('is refused without credentials, with a method of its own, from a browser, and when there is no room', () => {
    const url = '/ws/exotel/default';
    expect(admitUpgrade(upgrade(url), ports)).toMatchObject({ status: 401 });
    expect(admitUpgrade(upgrade(url, basic, 'POST'), ports)).toMatchObject({ status: 405 });
    expect(admitUpgrade(upgrade(url, { ...basic, origin: 'https://evil.example' }), ports)).toMatchObject({
      status: 403,
    });
    const full = { ...ports, full: () => 'Shutting down.' };
    expect(admitUpgrade(upgrade(url, basic), full)).toMatchObject({ status: 503, reason: 'Shutting down.' });
  });

  it.each<[string, string, Record<string, string>]>([
    ['without a token', '/ws/twilio/default', signed('/ws/twilio/default')],
    ['with a token, unsigned', toTwilio, {}],
    ['with a token, signed for another URL', toTwilio, signed('/ws/twilio/default')],
    ...(
      [
        ['of another provider', token({ provider: 'exotel' })],
        ['of another account', token({ account: 'other' })],
        ['of another secret', token({}, 'another secret of thirty-two characters or more')],
        ['that has expired', token({}, SECRET, NOW)],
        ['cut short', token().slice(0, -2)],
      ] as const
    ).map(([what, bad]): [string, string, Record<string, string>] => {
      const path = `/ws/twilio/default/${bad}`;
      return [`with a token ${what}`, path, signed(path)];
    }),
  ])('to a URL that our answers make is refused %s, in the same words', (_, url, headers) => {
    expect(admitUpgrade(upgrade(url, headers), ports)).toEqual({
      ...{ admitted: false, status: 403, reason: 'Not authorized.' },
    });
  });

  it('names the token, so that it can be used once', () => {
    const admission = admitUpgrade(upgrade(toTwilio, signed(toTwilio)), ports);
    expect(admission).toMatchObject({ admitted: true, route: { token: { expiresAt: NOW + 60_000 } } });
    expect(admitUpgrade(upgrade('/ws/exotel/default', basic), ports)).toMatchObject({
      route: { token: null },
    });
  });
});
