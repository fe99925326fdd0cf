import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { generateAccounts } from './generated-accounts';
import { keepSigningKeys, readSigningKeys } from './signing-keys';

/** What the simulator has to know of an account to play its provider. */
export interface KnownAccount {
  provider: string;
  account: string;
  username?: string | undefined;
  password?: string | undefined;
  authToken?: string | undefined;
  /** Telnyx's private key: the seed of 32 bytes in base64 */
  signingKey?: string | undefined;
  signatureSecret?: string | undefined;
}

export interface ProvideOptions {
  /** how long a stream waits for its session, ms */
  timeoutMs: number;
  /** where the providers' REST APIs are played; left out: no account has one, so none is of Telnyx, who needs it */
  apiUrl?: string | undefined;
}

/** Writes some accounts for each provider, with secrets of their own, unless the file is there: then it is left alone. */
export function provideAccounts(file: string, { timeoutMs, apiUrl }: ProvideOptions): void {
  if (existsSync(file)) return;
  const { accounts, signingKeys } = generateAccounts({ timeoutMs, apiUrl });
  keepSigningKeys(file, signingKeys);
  const note = '# Written by the local stack. Change it as you like, or delete it for a new one.\n';
  // aliases for what stands twice would be no help to whoever edits this
  const yaml = stringify(accounts, { aliasDuplicateObjects: false });
  writeFileSync(file, note + yaml, { mode: 0o600, flag: 'wx' });
}

const FileSchema = z.array(
  z.object({
    name: z.string(),
    provider: z.string(),
    credentials: z
      .object({
        basic: z.array(z.object({ username: z.string(), password: z.string() })).default([]),
        authTokens: z.array(z.string()).default([]),
        publicKeys: z.array(z.string()).default([]),
        signatureSecrets: z.array(z.string()).default([]),
      })
      .prefault({}),
    api: z.object({ url: z.string().optional() }).prefault({}),
    session: z.object({ timeoutMs: z.number().optional() }).prefault({}),
  }),
);

type FileAccount = z.infer<typeof FileSchema>[number];

export interface AccountsSummary {
  accounts: KnownAccount[];
  /** of the account that waits longest, ms */
  waitTimeoutMs: number;
  /** where the first account that says so has its provider's REST API */
  apiUrl?: string;
}

/**
 * The credentials in an accounts file, `${NAME}` replaced from the environment. Says nothing of what is wrong with
 * the file: the processes do, when they refuse to start with it.
 */
export function readAccounts(file: string, env: Readonly<Record<string, string>>): AccountsSummary {
  const text = readFileSync(file, 'utf8').replaceAll(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '');
  const { data: list = [] } = FileSchema.safeParse(parse(text));
  const signingKeys = readSigningKeys(file);
  const waits = list.flatMap(({ session }) => session.timeoutMs ?? []);
  const [apiUrl] = list.flatMap(({ api }) => api.url ?? []);
  return {
    accounts: list.map((account) => knownAccount(account, signingKeys)),
    waitTimeoutMs: waits.length > 0 ? Math.max(...waits) : 10_000,
    ...(apiUrl !== undefined && { apiUrl }),
  };
}

function knownAccount(
  { name, provider, credentials }: FileAccount,
  signingKeys: Readonly<Record<string, string>>,
): KnownAccount {
  const { basic, authTokens, publicKeys, signatureSecrets } = credentials;
  const signingKey = signingKeys[publicKeys[0] ?? ''];
  return {
    provider,
    account: name,
    ...basic[0],
    ...(authTokens[0] !== undefined && { authToken: authTokens[0] }),
    ...(signingKey !== undefined && { signingKey }),
    ...(signatureSecrets[0] !== undefined && { signatureSecret: signatureSecrets[0] }),
  };
}
