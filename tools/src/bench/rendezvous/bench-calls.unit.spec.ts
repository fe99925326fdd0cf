import { openStreamToken, signTwilio } from '@greenroom/telephony';
import { type StackDescription } from '../../stack/description';
import { customerOf, keyOf, mapCalls, upgradeRequest } from './bench-calls';

const authToken = 'a'.repeat(32);
const streamTokenSecret = 's'.repeat(32);
const description = {
  publicMediaUrl: 'ws://127.0.0.1:1',
  publicBaseUrl: 'http://127.0.0.1:2',
  streamTokenSecret,
  accounts: [{ provider: 'twilio', account: 'default', authToken }],
} as StackDescription;

const headerOf = (request: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\r$`, 'm').exec(request)?.[1];

describe('the calls of the bench', () => {
  it('are in a row', () => {
    expect(mapCalls({ series: 'a', first: 5, count: 3 }, (index) => index)).toEqual([5, 6, 7]);
  });

  it('open their streams with a signature and with a token of their own', () => {
    const request = upgradeRequest(description, { series: 'a', index: 7, port: 1 }).toString();
    const [, path = ''] = /^GET (\S+) HTTP\/1.1\r\n/.exec(request) ?? [];
    expect(headerOf(request, 'X-Twilio-Signature')).toBe(
      signTwilio(authToken, `${description.publicMediaUrl}${path}`),
    );
    const token = openStreamToken(
      [streamTokenSecret],
      path.split('/').at(-1) ?? '',
      keyOf('a', 7),
      Date.now(),
    );
    expect(token).not.toBeNull();
  });

  it('have customers of their own', () => {
    const numbers = mapCalls({ series: 'a', first: 0, count: 3 }, (index) => customerOf('a', index));
    expect(numbers[0]).toMatch(/^\+9190\d{8}$/);
    expect(new Set(numbers).size).toBe(3);
  });
});
