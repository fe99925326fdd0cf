import { readFileSync } from 'node:fs';
import { AccountNameSchema, ProviderSchema, type Provider } from '@greenroom/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { CidrSchema } from './address-ranges';
import { ConfigError } from './parse-config';

const SecretSchema = z.string().min(8, 'a secret has at least 8 characters').max(512);

/** Segments of letters, digits, `_`, `.` and `-`, none of them `.` or `..`: it cannot leave its directory. */
const RELATIVE_FILE = /^(?!(?:.*\/)?\.{1,2}(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/;

const DELAY = 'a whole number from 0 to 2000';

/** `echo` says back what it hears, for a test of the line; a script is a dialogue. */
const AgentSchema = z.union(
  [
    z.literal('echo'),
    z.strictObject({
      echo: z.strictObject({
        /** how long the caller's audio is held back, ms; plain `echo` chooses for itself */
        delayMs: z.int().min(0, DELAY).max(2000, DELAY),
      }),
    }),
    z.strictObject({
      /** below the directory of dialogues */
      script: z
        .string()
        .max(200)
        .regex(RELATIVE_FILE, 'a file below the directory of dialogues, such as welcome.yaml, without ..'),
    }),
  ],
  {
    error:
      `echo, {echo: {delayMs: MS}} with ${DELAY}, ` +
      'or {script: FILE} with a file below the directory of dialogues',
  },
);

// without quotes, YAML takes the number for a number, and its + is gone
const E164 = 'a phone number in E.164 and in quotes, such as "+919000000001"';

const CredentialsSchema = z.strictObject({
  basic: z
    .array(z.strictObject({ username: z.string().min(1), password: SecretSchema }))
    .max(2)
    .default([]),
  /** last segment of the path of webhooks, and of streams whose URL was typed into a console */
  pathSecrets: z
    .array(SecretSchema.regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _ only'))
    .max(2)
    .default([]),
  /** Twilio's and Plivo's auth token: key of their signatures */
  authTokens: z.array(SecretSchema).max(2).default([]),
  /** Telnyx's public key, base64 of 32 bytes: its webhooks are signed with the other half */
  publicKeys: z
    .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'base64 of 32 bytes, as Mission Control shows it'))
    .max(2)
    .default([]),
  /** Vonage's signature secret: key of its signed webhooks */
  signatureSecrets: z.array(SecretSchema).max(2).default([]),
});

/** Which kind of secret the signatures of a provider are checked with. */
const SIGNED_WITH = {
  exotel: null,
  twilio: 'authTokens',
  plivo: 'authTokens',
  telnyx: 'publicKeys',
  vonage: 'signatureSecrets',
} as const satisfies Record<Provider, keyof z.infer<typeof CredentialsSchema> | null>;
const SIGNING = ['authTokens', 'publicKeys', 'signatureSecrets'] as const;

/** One provider account (tenant): how its calls are authenticated, awaited and answered. */
export const AccountSchema = z.strictObject({
  name: AccountNameSchema,
  provider: ProviderSchema,
  /** ISO 3166-1 alpha-2: the country of national numbers */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, such as IN')
    .default('IN'),
  /** every kind that is set must be right; two secrets of a kind are both valid, for rotation */
  credentials: CredentialsSchema.prefault({}),
  /** the provider's addresses; empty: any */
  allowCidrs: z.array(CidrSchema).default([]),
  session: z
    .strictObject({
      /** how long a stream waits for its session, ms */
      timeoutMs: z.int().min(500).max(60_000).default(10_000),
      /** then close, so that the provider's flow goes on, or talk to an unknown caller */
      onTimeout: z.enum(['close', 'continue']).default('close'),
    })
    .prefault({}),
  /** the account's CRM, asked for the customer of each call */
  enrich: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      /** signs the request (Standard Webhooks) */
      secret: SecretSchema,
      /** of one try, ms */
      timeoutMs: z.int().min(100).max(10_000).default(2000),
      /** of all tries, ms: then the call goes on without */
      budgetMs: z.int().min(100).max(30_000).default(5000),
    })
    .optional(),
  /** who talks with the caller */
  agent: AgentSchema.default({ script: 'welcome.yaml' }),
  /** the person whom a transfer goes to, where the provider has to be told; at Exotel the flow knows */
  transferTo: z
    .string({ error: E164 })
    .regex(/^\+[1-9]\d{6,14}$/, E164)
    .optional(),
  /** the provider's REST API, for what no answer can tell it; without it, Telnyx's calls are TeXML's only */
  api: z
    .strictObject({
      /** Telnyx: API key. Twilio: account SID. Plivo: auth id. Vonage: application id. */
      key: z.string().min(1).max(512),
      /** Twilio, Plivo: auth token. Vonage: private key of the application, as PEM. */
      secret: z.string().min(8).max(8192).optional(),
      /** instead of the provider's own */
      url: z
        .url({ protocol: /^https?$/ })
        .transform((url) => url.replace(/\/$/, ''))
        .optional(),
    })
    .optional(),
});
export type Account = z.infer<typeof AccountSchema>;

const LIST = 'a list of accounts, each of which begins with "- name:"';
const AccountsSchema = z.array(AccountSchema, LIST).min(1, LIST);

/** What the account's webhooks are signed with; empty: they are not signed. */
export function signingSecretsOf({ provider, credentials }: Account): readonly string[] {
  const kind = SIGNED_WITH[provider];
  return kind === null ? [] : credentials[kind];
}

/** A secret that nobody looks at would make an account seem safe. */
const strayCredential = ({ provider, credentials }: Account): string | undefined =>
  SIGNING.find((kind) => credentials[kind].length > 0 && kind !== SIGNED_WITH[provider]);

/** The configured accounts, by provider and name. */
export class Accounts {
  private readonly byName: ReadonlyMap<string, Account>;

  constructor(readonly list: readonly Account[]) {
    this.byName = new Map(list.map((account) => [`${account.provider}/${account.name}`, account]));
  }

  find(provider: Provider, name: string): Account | null {
    return this.byName.get(`${provider}/${name}`) ?? null;
  }
}

/**
 * Reads the accounts file. `${NAME}` in a value stands for an environment variable.
 * @throws {ConfigError} that names the account and the setting, never a value
 */
export function loadAccounts(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  options: { demo: boolean },
): Accounts {
  const list = AccountsSchema.safeParse(substitute(readYaml(file), environment, file));
  if (!list.success) {
    const lines = list.error.issues.map(
      ({ path, message }) => `  ${path.length === 0 ? 'all of it' : `account ${path.join('.')}`}: ${message}`,
    );
    throw new ConfigError(`Wrong accounts in ${file}:\n${lines.join('\n')}`);
  }
  const names = list.data.map(({ provider, name }) => `${provider}/${name}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new ConfigError(`Account ${twice} stands twice in ${file}.`);
  for (const account of list.data) {
    const stray = strayCredential(account);
    const own = SIGNED_WITH[account.provider];
    if (stray) {
      throw new ConfigError(
        `Account ${account.provider}/${account.name} in ${file} has ${stray}, which are not ${account.provider}’s: ` +
          (own ? `it signs with ${own}.` : 'it signs nothing; use basic, pathSecrets or allowCidrs.'),
      );
    }
  }
  const open = list.data.find((account) => !hasCredential(account));
  if (open && !options.demo) {
    throw new ConfigError(
      `Account ${open.provider}/${open.name} in ${file} has no credential: anybody could call. ` +
        `Set credentials (${SIGNED_WITH[open.provider] ?? 'basic'}, or pathSecrets) or allowCidrs; ` +
        'only DEMO_MODE=true accepts it as it is.',
    );
  }
  return new Accounts(list.data);
}

export const hasCredential = (account: Account): boolean => {
  const { credentials, allowCidrs } = account;
  const kinds = [credentials.basic, credentials.pathSecrets, signingSecretsOf(account), allowCidrs];
  return kinds.some(({ length }) => length > 0);
};

function readYaml(file: string): unknown {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
    return parse(text);
  } catch (error) {
    throw new ConfigError(`The accounts file ${file} cannot be read: ${whyUnread(error, text)}`);
  }
}

/** The parser quotes the lines around a mistake, and there are secrets in them. */
function whyUnread(error: unknown, text: string): string {
  const { code, linePos, syscall, message } = error as NodeJS.ErrnoException & {
    linePos?: readonly { line: number; col: number }[];
  };
  if (syscall !== undefined) return message;
  const at = linePos?.[0];
  if (!at) return 'it is not YAML';
  const bare = /[[{,]\s*\$\{/.test(text.split('\n')[at.line - 1] ?? '');
  const hint = bare ? '. Between [ and ], "${NAME}" stands in quotes' : '';
  return `it is not YAML in line ${at.line}, column ${at.col} (${code ?? 'no reason given'})${hint}`;
}

function substitute(
  node: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): unknown {
  if (Array.isArray(node)) return node.map((item) => substitute(item, environment, file));
  if (typeof node === 'object' && node !== null) {
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, substitute(value, environment, file)]),
    );
  }
  if (typeof node !== 'string') return node;
  return node.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const value = environment[name];
    if (!value)
      throw new ConfigError(`${file} refers to the environment variable ${name}, which is not set.`);
    return value;
  });
}
