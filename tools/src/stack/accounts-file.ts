import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** What the simulator has to know of an account to play its provider. */
export interface KnownAccount {
  provider: string;
  account: string;
  username?: string | undefined;
  password?: string | undefined;
  authToken?: string | undefined;
}

const secret = (): string => randomBytes(16).toString('hex');

/** `default` plays back what it hears, which shows that a line works; the others hold a conversation. */
const AGENTS = {
  default: 'echo',
  welcome: { script: 'welcome.yaml' },
  reminder: { script: 'payment-reminder.yaml' },
};
/** of nobody: numbers with 555-01 are kept for examples */
const NOBODY = '+12025550123';

const generated = (timeoutMs: number) => {
  const session = { timeoutMs, onTimeout: 'close' };
  return Object.entries(AGENTS).flatMap(([name, agent]) => [
    {
      ...{ name, provider: 'exotel', country: 'IN' },
      credentials: { basic: [{ username: 'greenroom', password: secret() }] },
      ...{ session, agent },
    },
    {
      ...{ name, provider: 'twilio', country: 'US' },
      credentials: { authTokens: [secret()] },
      ...{ session, agent, transferTo: NOBODY },
    },
  ]);
};

/** Writes some accounts for each provider, with secrets of their own, unless the file is there: then it is left alone. */
export function provideAccounts(file: string, timeoutMs: number): void {
  if (existsSync(file)) return;
  const note = '# Written by the local stack. Change it as you like, or delete it for a new one.\n';
  // aliases for what stands twice would be no help to whoever edits this
  const yaml = stringify(generated(timeoutMs), { aliasDuplicateObjects: false });
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
      })
      .prefault({}),
    session: z.object({ timeoutMs: z.number().optional() }).prefault({}),
  }),
);

export interface AccountsSummary {
  accounts: KnownAccount[];
  /** of the account that waits longest, ms */
  waitTimeoutMs: number;
}

/**
 * The credentials in an accounts file, `${NAME}` replaced from the environment. Says nothing of what is wrong with
 * the file: the processes do, when they refuse to start with it.
 */
export function readAccounts(file: string, env: Readonly<Record<string, string>>): AccountsSummary {
  const text = readFileSync(file, 'utf8').replaceAll(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '');
  const { data: list = [] } = FileSchema.safeParse(parse(text));
  const accounts = list.map(({ name, provider, credentials: { basic, authTokens } }) => ({
    provider,
    account: name,
    ...basic[0],
    ...(authTokens[0] !== undefined && { authToken: authTokens[0] }),
  }));
  const waits = list.flatMap(({ session }) => session.timeoutMs ?? []);
  return { accounts, waitTimeoutMs: waits.length > 0 ? Math.max(...waits) : 10_000 };
}
