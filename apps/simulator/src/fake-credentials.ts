import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PROVIDERS, type Provider } from '@greenroom/contracts';
import { mediaAdapters, openStreamToken, webhookAdapters } from '@greenroom/telephony';
import type { StackInput } from './config';

export const PASSWORD = 'fake-password';
export const TOKEN_SECRET = 'fake-secret-of-the-tokens-in-streams-urls';
const AUTH_TOKEN = 'fake-token';
const SIGNATURE_SECRET = 'fake-signature-secret';
export const PUBLIC_BASE_URL = 'https://voice.example.com/calls';
export const PUBLIC_MEDIA_URL = 'wss://media.example.com';

const { privateKey } = generateKeyPairSync('ed25519');
const SEED = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('base64');
const PUBLIC_KEY = createPublicKey(privateKey)
  .export({ format: 'der', type: 'spki' })
  .subarray(-32)
  .toString('base64');

export const FAKE_ACCOUNTS: StackInput['accounts'] = [
  { provider: 'exotel', account: 'default', username: 'fake', password: PASSWORD },
  { provider: 'twilio', account: 'default', authToken: AUTH_TOKEN },
  { provider: 'plivo', account: 'default', authToken: AUTH_TOKEN },
  { provider: 'telnyx', account: 'default', signingKey: SEED },
  { provider: 'vonage', account: 'default', signatureSecret: SIGNATURE_SECRET },
];

const SECRETS: Readonly<Record<Provider, string>> = {
  exotel: PASSWORD,
  twilio: AUTH_TOKEN,
  plivo: AUTH_TOKEN,
  telnyx: PUBLIC_KEY,
  vonage: SIGNATURE_SECRET,
};

/** Whose request it is, by its path; what names nobody is Exotel's, unless it is signed by Twilio. */
export function providerOf({ url = '', headers }: IncomingMessage): Provider {
  const named = PROVIDERS.find((provider) => url.split('/').includes(provider));
  return named ?? (headers['x-twilio-signature'] === undefined ? 'exotel' : 'twilio');
}

/** The signatures are checked as Greenroom checks them: the simulator has written its own. */
export function isGenuine(request: IncomingMessage, body: string): boolean {
  const provider = providerOf(request);
  if (provider === 'exotel') return hasPassword(request);
  const { method, url = '', headers } = request;
  const asked = { method: method as 'GET' | 'POST', url: PUBLIC_BASE_URL + url, headers, body };
  return webhookAdapters[provider].verify(asked, [SECRETS[provider]], Date.now());
}

/** A token in the URL and, where the provider signs it, the upgrade's signature. */
export function mayConnect(request: IncomingMessage): boolean {
  const provider = providerOf(request);
  if (provider === 'exotel') return hasPassword(request);
  const { url = '', headers } = request;
  const route = { provider, account: 'default' };
  if (!openStreamToken([TOKEN_SECRET], url.split('/').at(-1) ?? '', route, Date.now())) return false;
  const adapter = mediaAdapters[provider];
  const secrets = [SECRETS[provider]];
  return !adapter.signsUpgrade || adapter.verifyUpgrade(PUBLIC_MEDIA_URL + url, headers, secrets, Date.now());
}

function hasPassword({ headers }: IncomingMessage): boolean {
  const given = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString('utf8');
  return given.endsWith(`:${PASSWORD}`);
}
