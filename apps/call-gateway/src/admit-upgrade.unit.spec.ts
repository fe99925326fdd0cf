import type { IncomingMessage } from 'node:http';
import { Accounts, AccountSchema, basicHeader } from '@greenroom/platform';
import { signTwilio } from '@greenroom/telephony';
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

const ports: AdmissionPorts = {
  accounts,
  demo: false,
  mediaUrl: 'wss://voice.example.com',
  remoteAddress: () => '203.0.113.9',
  full: () => null,
};

const basic = { authorization: basicHeader('key', 'token-one') };
const upgrade = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  ({ url, headers, method }) as unknown as IncomingMessage;

describe('an upgrade', () => {
  it.each([
    ['/ws/exotel/default', basic],
    ['/ws/exotel/default?sample-rate=8000', basic],
    ['/ws/exotel/secret/in-the-path', {}],
    ['/ws/call/56b1234567abcdef89abcdef12345678', basic],
    [
      '/ws/twilio/default',
      { 'x-twilio-signature': signTwilio('auth-token', 'wss://voice.example.com/ws/twilio/default', {}) },
    ],
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
});
