import { webhookAdapters } from '@greenroom/telephony';
import { type StackDescription } from '../../stack/description';
import { CALLERS, callIdOf, EXOTEL_PATH, TWILIO_PATH, webhookBuilder } from './webhooks';

const description = {
  publicBaseUrl: 'http://127.0.0.1:3001',
  accounts: [
    { provider: 'exotel', account: 'default', username: 'bench', password: 'a password' },
    { provider: 'twilio', account: 'default', authToken: 'a token' },
  ],
} as unknown as StackDescription;

function received(request: Buffer) {
  const [head = '', body = ''] = request.toString().split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const [method, path = ''] = line.split(' ');
  const headers = lines
    .map((each) => each.split(': '))
    .map(([name = '', value]) => [name.toLowerCase(), value]);
  return {
    path,
    request: {
      ...{ method: method as 'GET' | 'POST', url: description.publicBaseUrl + path, body },
      headers: Object.fromEntries(headers) as Record<string, string>,
    },
  };
}

describe('the webhooks of the bench', () => {
  const build = webhookBuilder(description);

  it('are Exotel’s and Twilio’s by turns, each with its credential', () => {
    const [exotel, twilio] = [received(build('a', 0)), received(build('a', 1))];
    expect(exotel.path.startsWith(`${EXOTEL_PATH}?`)).toBe(true);
    expect(exotel.request.headers['authorization']).toBe('Basic YmVuY2g6YSBwYXNzd29yZA==');
    expect(twilio.path).toBe(TWILIO_PATH);
    expect(webhookAdapters.twilio.verify(twilio.request, ['a token'], 0)).toBe(true);
    expect(webhookAdapters.twilio.verify(twilio.request, ['another'], 0)).toBe(false);
    expect(twilio.request.headers['content-length']).toBe(String(twilio.request.body.length));
  });

  it('announce calls of their own, of callers whose numbers are among those that are known', () => {
    const account = { name: 'default', country: 'IN' };
    const announced = Array.from({ length: 200 }, (_, index) => {
      const { request } = received(build('a', index));
      const adapter = index % 2 === 0 ? webhookAdapters.exotel : webhookAdapters.twilio;
      const webhook = adapter.parse(index % 2 === 0 ? 'passthru' : 'voice', request, account);
      if (webhook.kind !== 'announcement') throw new Error(`${webhook.kind} is no announcement`);
      return webhook.announcement;
    });
    expect(announced.map(({ callId }) => callId)).toEqual(announced.map((_, index) => callIdOf('a', index)));
    const phones = announced.map(({ customer }) => customer?.phone ?? '');
    expect(new Set(phones).size).toBe(200);
    for (const phone of phones) {
      expect(phone).toMatch(/^\+9190000\d{5}$/);
      expect(Number(phone.slice(-5))).toBeLessThan(CALLERS);
    }
  });
});
