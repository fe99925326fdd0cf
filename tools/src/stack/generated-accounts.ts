import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { newSigningKey, type SigningKey } from './signing-keys';

const secret = (): string => randomBytes(16).toString('hex');

/** `default` plays back what it hears, which shows that a line works; the others hold a conversation. */
const AGENTS = {
  default: 'echo',
  welcome: { script: 'welcome.yaml' },
  reminder: { script: 'payment-reminder.yaml' },
};
/** of nobody: numbers with 555-01 are kept for examples */
const NOBODY = '+12025550123';

/** Of the application, which signs its commands with it; making one takes a while, so all accounts share it. */
const newRsaKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  }) as string;

interface Kind {
  provider: string;
  country: string;
  credentials: object;
  transferTo?: string;
  /** the REST API's */
  api?: { key: string; secret?: string };
}

/** One of each provider. Telnyx answers calls over its REST API alone, so without one it has none. */
function kindsOf(apiUrl: string | undefined, { rsaKey, keep }: Shared): Kind[] {
  const transferTo = NOBODY;
  const telnyx = (): Kind => ({
    ...{ provider: 'telnyx', country: 'US', transferTo },
    credentials: { publicKeys: [keep(newSigningKey())] },
    api: { key: `KEY${secret()}` },
  });
  return [
    {
      ...{ provider: 'exotel', country: 'IN' },
      credentials: { basic: [{ username: 'greenroom', password: secret() }] },
    },
    {
      ...{ provider: 'twilio', country: 'US', transferTo },
      credentials: { authTokens: [secret()] },
      api: { key: `AC${secret()}`, secret: secret() },
    },
    {
      ...{ provider: 'plivo', country: 'US', transferTo },
      credentials: { authTokens: [secret()] },
      api: { key: `MA${secret().slice(0, 18).toUpperCase()}`, secret: secret() },
    },
    ...(apiUrl === undefined ? [] : [telnyx()]),
    {
      ...{ provider: 'vonage', country: 'GB', transferTo },
      credentials: { signatureSecrets: [secret()] },
      api: { key: randomUUID(), secret: rsaKey },
    },
  ];
}

interface Shared {
  rsaKey: string;
  /** @returns the public half */
  keep: (key: SigningKey) => string;
}

export interface Generated {
  accounts: object[];
  signingKeys: SigningKey[];
}

/** Accounts of each provider for each agent, with secrets that nobody else has. */
export function generateAccounts(options: { timeoutMs: number; apiUrl: string | undefined }): Generated {
  const { timeoutMs, apiUrl } = options;
  const signingKeys: SigningKey[] = [];
  const shared: Shared = {
    rsaKey: apiUrl === undefined ? '' : newRsaKey(),
    keep: (key) => {
      signingKeys.push(key);
      return key.publicKey;
    },
  };
  const session = { timeoutMs, onTimeout: 'close' };
  const accounts = Object.entries(AGENTS).flatMap(([name, agent]) =>
    kindsOf(apiUrl, shared).map(({ api, ...kind }) => ({
      ...{ name, ...kind, session, agent },
      ...(api && apiUrl !== undefined && { api: { ...api, url: apiUrl } }),
    })),
  );
  return { accounts, signingKeys };
}
