import { z } from 'zod';
import { CidrSchema } from './address-ranges';

/** Wrong settings: the message lists every one of them by name and says what it accepts, never what it holds. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Settings from environment variables. An empty variable counts as one that is not set.
 * @throws {ConfigError}
 */
export function parseConfig<S extends z.ZodObject>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<S>> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return Object.freeze(parsed.data);
  const lines = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const description = schema.shape[name] instanceof z.ZodType ? schema.shape[name].description : undefined;
    return `  ${name}: ${name in set ? message : 'is not set'}${description ? ` (${description})` : ''}`;
  });
  throw new ConfigError(`Wrong settings in the environment:\n${lines.join('\n')}`);
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
const milliseconds = (fallback: number) => z.coerce.number().int().min(1).max(86_400_000).default(fallback);

/** Kinds of setting that several processes share. */
export const setting = { port, url, milliseconds };

/** Settings of every process that uses the stores. */
export const storeSettings = {
  DATABASE_URL: url('postgres:', 'postgresql:').describe(
    'Postgres, such as postgres://user:password@host:5432/greenroom',
  ),
  REDIS_URL: url('redis:', 'rediss:').describe(
    'Redis for session cache and events, such as redis://host:6379',
  ),
  QUEUE_REDIS_URL: url('redis:', 'rediss:')
    .optional()
    .describe('Redis for jobs, with maxmemory-policy noeviction; REDIS_URL if not set'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10).describe('connections to Postgres'),
  ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z 0-9 -')
    .default('production')
    .describe('name of the deployment: stands in every Redis key and channel, so that two never meet'),
  SESSION_CACHE_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(3600)
    .describe('how long a session stays in Redis'),
};

/** Settings of every process. */
export const processSettings = {
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('pino log level'),
  ACCOUNTS_FILE: z.string().describe('path of the YAML file with the provider accounts'),
  DEMO_MODE: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('accept accounts that have no credential; never where strangers can connect'),
};

/** Settings of the processes that the providers reach. */
export const publicSettings = {
  PUBLIC_BASE_URL: url('http:', 'https:').describe(
    'URL under which the providers reach the webhooks; signatures are checked against it',
  ),
  PUBLIC_MEDIA_URL: url('ws:', 'wss:')
    .optional()
    .describe('URL under which the providers reach the media streams; PUBLIC_BASE_URL as wss:// if not set'),
  STREAM_TOKEN_SECRETS: z
    .string()
    .transform((text) => text.split(',').map((secret) => secret.trim()) as [string, ...string[]])
    .refine(
      (list) => list.every((secret) => secret.length >= 32),
      'each secret has at least 32 characters; a comma separates two',
    )
    .describe(
      'keys of the tokens in the URLs of streams, the same for all processes, separated by commas; the first signs, all are accepted',
    ),
  STREAM_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(3600)
    .default(120)
    .describe('how long after its webhook was answered a stream may still connect'),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((range) => range.trim()))
    .pipe(z.array(CidrSchema))
    .default([])
    .describe('address ranges of proxies whose X-Forwarded-For is believed, separated by commas'),
};

/** Settings of the processes that tell providers something over their REST APIs. */
export const callControlSettings = {
  CALL_CONTROL_TIMEOUT_MS: milliseconds(2000).describe(
    'a provider’s REST API that has not answered a command by then is asked again',
  ),
  CALL_CONTROL_BUDGET_MS: milliseconds(10_000).describe(
    'a command that its REST API has not taken by then, retries included, is given up',
  ),
};

/** Where the providers reach the media streams, without a slash at its end. */
export const mediaUrlOf = (settings: {
  PUBLIC_BASE_URL: string;
  PUBLIC_MEDIA_URL?: string | undefined;
}): string =>
  (settings.PUBLIC_MEDIA_URL ?? settings.PUBLIC_BASE_URL.replace(/^http/, 'ws')).replace(/\/$/, '');

/** The settings of a process as rows of a Markdown table, for the docs. */
export function settingsTable(schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape).map(([name, type]) => {
    const parsed = (type as z.ZodType).safeParse(undefined);
    const fallback = parsed.success
      ? parsed.data === undefined
        ? ''
        : `\`${JSON.stringify(parsed.data)}\``
      : '**required**';
    return `| \`${name}\` | ${fallback} | ${(type as z.ZodType).description ?? ''} |`;
  });
  return ['| Variable | Default | What it is |', '| --- | --- | --- |', ...rows].join('\n');
}
