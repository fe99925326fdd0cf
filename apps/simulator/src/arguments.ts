import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AccountNameSchema, CallIdSchema, PROVIDERS } from '@greenroom/contracts';
import { z } from 'zod';
import { UsageError } from './config';
import { MEDIA_FORMATS } from './provider-side';

const HOUR_MS = 3_600_000;

const whole = (least: number, most: number, what: string) => {
  const accepts = `${what}, ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, accepts)
    .transform(Number)
    .refine((value) => value >= least && value <= most, accepts);
};
const milliseconds = whole(0, HOUR_MS, 'whole milliseconds');
const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, { error: names.join(' or ') });
const text = (what: string) => z.string({ error: what }).min(1, what);
const url = (protocol: RegExp, what: string) => z.url({ protocol, error: what });
const flag = z.boolean().default(false);

/** Every option, and in the message of each what it accepts. */
const OptionsSchema = z.object({
  provider: oneOf(PROVIDERS as [(typeof PROVIDERS)[number], ...typeof PROVIDERS]).default('exotel'),
  account: AccountNameSchema.default('default'),
  'call-id': CallIdSchema.optional(),
  from: z
    .string()
    .regex(/^\+?[0-9]{4,20}$/, 'a phone number: digits, with or without + before them')
    .optional(),

  'webhook-delay': milliseconds.default(0),
  'no-webhook': flag,
  twice: flag,
  'drop-cache': flag,
  'after-bot': flag,

  path: oneOf(['account', 'call']).default('account'),
  'dynamic-url': flag,
  param: z
    .array(z.string().regex(/^[^=]+=/, 'name=value'))
    .max(3, 'at most 3 times')
    .default([]),
  'sample-rate': oneOf(['8000', '16000', '24000']).transform(Number).optional(),
  'media-format': oneOf(MEDIA_FORMATS).default('raw'),
  'string-numbers': flag,

  say: text('a WAV file').optional(),
  'say-after': milliseconds.optional(),
  record: text('a file to write').optional(),
  digits: z
    .string()
    .regex(/^[0-9*#A-D]{1,32}$/, 'keys of a telephone: 0-9 * # A-D, at most 32')
    .optional(),
  hold: milliseconds.default(0),
  limit: milliseconds.optional(),

  count: whole(1, 100_000, 'a number of calls').optional(),
  concurrency: whole(1, 100_000, 'a number of calls').optional(),
  spread: milliseconds.optional(),
  'webhook-delay-max': milliseconds.optional(),

  stack: text('a file').optional(),
  'webhook-url': url(/^https?$/, 'an http or https URL').optional(),
  'media-url': url(/^wss?$/, 'a ws or wss URL').optional(),
  username: text('a name').optional(),
  password: text('a password').optional(),
  'auth-token': text('a token').optional(),
  'api-key': text('a key').optional(),

  json: flag,
  help: flag,
});
export type Arguments = z.infer<typeof OptionsSchema>;

export const OPTION_NAMES = Object.keys(OptionsSchema.shape) as (keyof Arguments)[];

/** @throws {UsageError} that says what is accepted */
export function parseArguments(argv: readonly string[]): Arguments {
  const parsed = OptionsSchema.safeParse(split(argv));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `--${String(path[0])} accepts: ${message}`);
    throw new UsageError(lines.join('\n'));
  }
  const contradiction = CONTRADICTIONS.find(({ holds }) => holds(parsed.data));
  if (contradiction) throw new UsageError(contradiction.message);
  return parsed.data;
}

function split(argv: readonly string[]): Record<string, unknown> {
  try {
    return parseArgs({ args: [...argv], options: shapes(), allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw new UsageError(message);
    const accepted = OPTION_NAMES.map((name) => `--${name}`).join(' ');
    throw new UsageError(`${message.replace(/\. .*/s, '')}.\nAccepted: ${accepted}`);
  }
}

function shapes(): NonNullable<ParseArgsConfig['options']> {
  const shape: Readonly<Record<string, unknown>> = OptionsSchema.shape;
  return Object.fromEntries(
    OPTION_NAMES.map((name) => [
      name,
      { type: shape[name] === flag ? 'boolean' : 'string', multiple: name === 'param' },
    ]),
  );
}

const many = (one: Arguments): boolean => one.count !== undefined;

/** Options that mean nothing next to each other: better refused than half obeyed. */
const CONTRADICTIONS: readonly { holds: (one: Arguments) => boolean; message: string }[] = [
  {
    holds: (one) => one['no-webhook'] && (one['webhook-delay'] > 0 || one.twice || one['drop-cache']),
    message: '--no-webhook goes with neither --webhook-delay, --twice nor --drop-cache.',
  },
  {
    holds: (one) => one['drop-cache'] && (one['webhook-delay'] > 0 || one['webhook-delay-max'] !== undefined),
    message:
      '--drop-cache needs the webhook before the stream: leave --webhook-delay and --webhook-delay-max out.',
  },
  {
    holds: (one) => one.path === 'call' && (one.provider !== 'exotel' || one.account !== 'default'),
    message: '--path call is for provider exotel and account default only.',
  },
  {
    holds: (one) =>
      one['dynamic-url'] && (one.provider !== 'exotel' || one.path === 'call' || one.param.length > 0),
    message: '--dynamic-url is for provider exotel, and goes with neither --path call nor --param.',
  },
  {
    holds: (one) =>
      one.provider !== 'exotel' &&
      (one.param.length > 0 || one['sample-rate'] !== undefined || one['media-format'] !== 'raw'),
    message: '--param, --sample-rate and --media-format are for provider exotel.',
  },
  {
    holds: (one) => many(one) && (one['call-id'] !== undefined || one.record !== undefined),
    message: '--count goes with neither --call-id nor --record: those are one call’s.',
  },
  {
    holds: (one) =>
      !many(one) &&
      [one.concurrency, one.spread, one['webhook-delay-max']].some((value) => value !== undefined),
    message: '--concurrency, --spread and --webhook-delay-max need --count.',
  },
];
