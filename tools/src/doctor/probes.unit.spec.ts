import { AccountSchema, type Account } from '@greenroom/platform';
import {
  mediaAdapters,
  openStreamToken,
  signTelnyx,
  telnyxPublicKey,
  webhookAdapters,
} from '@greenroom/telephony';
import { signsUpgrade, streamProbe } from './stream-probe';
import { canSign, methodsOf, webhookProbe } from './webhook-probe';

const SEED = Buffer.alloc(32, 7).toString('base64');
const SECRET = 'secret-of-the-spec';
const NOW = Date.parse('2026-03-01T12:00:00Z');
const BASE = 'https://voice.example.com';
const TOKEN_SECRET = 'a-secret-of-thirty-two-characters';

const account = (provider: string, more: object): Account =>
  AccountSchema.parse({ name: 'main', provider, ...more });

const ACCOUNTS: Record<string, Account> = {
  exotel: account('exotel', {
    credentials: { basic: [{ username: 'u', password: SECRET }], pathSecrets: [SECRET] },
  }),
  twilio: account('twilio', { credentials: { authTokens: [SECRET] } }),
  plivo: account('plivo', { credentials: { authTokens: [SECRET], pathSecrets: [SECRET] } }),
  vonage: account('vonage', { credentials: { signatureSecrets: [SECRET] } }),
  telnyx: account('telnyx', { credentials: { publicKeys: [telnyxPublicKey(SEED)] }, api: { key: 'key' } }),
};
const options = { publicBaseUrl: BASE, authenticated: true, now: NOW, nonce: 'nonce-1' };

describe.each(Object.entries(ACCOUNTS))('the webhook that tries %s', (provider, own) => {
  const adapter = webhookAdapters[own.provider];

  it.each(methodsOf(own))('names no call, whatever else it says: %s', (method) => {
    const { request, expected } = webhookProbe(own, { ...options, method });
    const operation = new URL(request.url).pathname.split('/')[4]!;
    expect(adapter.operations[operation]).toContain(method);
    expect(adapter.parse(operation, request, own)).toEqual({ kind: 'refused', reason: expected });
    expect(expected).toMatch(/8 to 160 characters/);
  });

  it('shows nothing of the account without credentials', () => {
    const { request } = webhookProbe(own, { ...options, method: 'POST', authenticated: false });
    expect(JSON.stringify(request)).not.toContain(SECRET);
    expect(Object.keys(request.headers)).toEqual(['content-type']);
    expect(adapter.verify(request, [SECRET, telnyxPublicKey(SEED)], NOW)).toBe(false);
  });

  if (adapter.signs && provider !== 'telnyx') {
    it.each(methodsOf(own))('is signed as the provider does: %s', (method) => {
      const { request } = webhookProbe(own, { ...options, method });
      expect(adapter.verify(request, [SECRET], NOW)).toBe(true);
      expect(adapter.verify(request, ['another-secret'], NOW)).toBe(false);
      expect(adapter.verify({ ...request, body: `${request.body}x` }, [SECRET], NOW)).toBe(false);
    });
  }
});

it('is signed over the URL, query and all, where the provider signs that', () => {
  for (const provider of ['twilio', 'plivo'] as const) {
    const own = ACCOUNTS[provider]!;
    const { request } = webhookProbe(own, { ...options, method: 'POST' });
    expect(request.url).toContain('?doctor=');
    const stripped = { ...request, url: request.url.replace(/\?.*/, '') };
    expect(webhookAdapters[provider].verify(stripped, [SECRET], NOW)).toBe(false);
    const other = webhookProbe(own, {
      ...options,
      method: 'POST',
      signedBaseUrl: 'http://voice.example.com',
    });
    expect(other.request.url).toBe(request.url);
    expect(webhookAdapters[provider].verify(other.request, [SECRET], NOW)).toBe(false);
    const asHttp = { ...other.request, url: other.request.url.replace('https:', 'http:') };
    expect(webhookAdapters[provider].verify(asHttp, [SECRET], NOW)).toBe(true);
  }
});

it('knows whom it cannot sign for', () => {
  expect(
    Object.entries(ACCOUNTS)
      .filter(([, own]) => !canSign(own))
      .map(([name]) => name),
  ).toEqual(['telnyx']);
  expect(canSign(account('telnyx', { credentials: { pathSecrets: [SECRET] } }))).toBe(true);
  // what would be needed for it
  const { request } = webhookProbe(ACCOUNTS['telnyx']!, { ...options, method: 'POST' });
  const signed = { ...request, headers: signTelnyx(SEED, request.body, NOW) };
  expect(webhookAdapters.telnyx.verify(signed, [telnyxPublicKey(SEED)], NOW)).toBe(true);
});

it('tries the webhook that the account is set up with', () => {
  const texml = account('telnyx', { credentials: { publicKeys: [telnyxPublicKey(SEED)] } });
  expect(webhookProbe(texml, { ...options, method: 'POST' }).request.url).toContain(
    '/webhooks/telnyx/main/texml?',
  );
  expect(webhookProbe(ACCOUNTS['telnyx']!, { ...options, method: 'POST' }).request.url).toContain('/events?');
});

describe.each(Object.entries(ACCOUNTS))('the upgrade that tries %s', (_provider, own) => {
  const random = Buffer.alloc(12, 3);
  const given = { mediaUrl: 'wss://voice.example.com', tokenSecret: TOKEN_SECRET, now: NOW, random };

  it('has a token that is right for the account, for less than a minute', () => {
    const { url } = streamProbe(own, 'token', given);
    const token = url.split('/').at(-1)!;
    const route = { provider: own.provider, account: own.name };
    expect(openStreamToken([TOKEN_SECRET], token, route, NOW)).not.toBeNull();
    expect(openStreamToken([TOKEN_SECRET], token, route, NOW + 60_000)).toBeNull();
    expect(openStreamToken(['another-secret'], token, route, NOW)).toBeNull();
  });

  it('is signed where the provider signs it', () => {
    const { url, headers } = streamProbe(own, 'token', given);
    expect(mediaAdapters[own.provider].verifyUpgrade(url, headers, [SECRET], NOW)).toBe(signsUpgrade(own));
  });

  it('shows nothing without credentials', () => {
    const bare = streamProbe(own, 'bare', given);
    expect(bare).toEqual({ url: `wss://voice.example.com/ws/${own.provider}/main`, headers: {} });
  });
});
