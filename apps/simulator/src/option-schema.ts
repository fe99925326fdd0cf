import { AccountNameSchema, CallIdSchema, PROVIDERS } from '@greenroom/contracts';
import { z } from 'zod';
import { ANSWER_SYNTAX, parseAnswerStep, type AnswerStep } from './caller/answer-step';
import { MEDIA_FORMATS } from './provider-side';
import { START_STEPS, type StartStep } from './start-step';

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
/** an option without a value */
export const flag = z.boolean().default(false);
const answer = z.string().transform((given, context): AnswerStep => {
  const step = parseAnswerStep(given);
  if (step) return step;
  context.addIssue({ code: 'custom', message: `${ANSWER_SYNTAX}; not ${given}` });
  return z.NEVER;
});
/** dB and ms, such as `20:250` */
const lineEcho = z
  .string()
  .regex(/^\d{1,2}:\d{1,4}$/, 'DB:MS, such as 20:250')
  .transform((given) => given.split(':').map(Number))
  .transform(([belowDb = 0, delayMs = 0]) => ({ belowDb, delayMs }));

const orderAccepts = `each of ${START_STEPS.join(', ')} once, with commas between them`;
const order = z
  .string()
  .transform((given) => given.split(','))
  .refine((steps) => steps.toSorted().join() === START_STEPS.toSorted().join(), orderAccepts)
  .transform((steps) => steps as StartStep[]);

/** Every option, and in the message of each what it accepts. */
export const OptionsSchema = z.object({
  provider: oneOf(PROVIDERS as [(typeof PROVIDERS)[number], ...typeof PROVIDERS]).default('exotel'),
  texml: flag,
  account: AccountNameSchema.default('default'),
  'call-id': CallIdSchema.optional(),
  from: z
    .string()
    .regex(/^\+?[0-9]{4,20}$/, 'a phone number: digits, with or without + before them')
    .optional(),
  name: text('a name').optional(),

  'webhook-delay': milliseconds.default(0),
  'no-webhook': flag,
  'no-stream': flag,
  method: oneOf(['get', 'post']).optional(),
  twice: flag,
  copies: whole(1, 20, 'a number of copies').optional(),
  order: order.optional(),
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
  bare: flag,
  reorder: whole(2, 100, 'a number of messages').optional(),

  'api-status': whole(400, 599, 'an HTTP status of a failure').optional(),
  'api-delay': milliseconds.optional(),
  'api-times': whole(1, 1000, 'a number of commands').optional(),

  say: text('a WAV file').optional(),
  'say-text': text('words to say').optional(),
  'say-after': milliseconds.optional(),
  digits: z
    .string()
    .regex(/^[0-9*#A-D]{1,32}$/, 'keys of a telephone: 0-9 * # A-D, at most 32')
    .optional(),
  hold: milliseconds.default(0),
  limit: milliseconds.optional(),

  answer: z.array(answer).max(100, 'at most 100 times').optional(),
  'prompt-gap': milliseconds.optional(),

  'lose-marks': oneOf(['first', 'all']).optional(),
  'line-echo': lineEcho.optional(),

  record: text('a file to write').optional(),
  'record-both': text('a file to write').optional(),
  sheet: text('a file to write').optional(),

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
  'signing-key': text('a key').optional(),
  'signature-secret': text('a secret').optional(),
  'stream-token-secret': text('a secret').optional(),
  'api-port': whole(1, 65_535, 'a port').optional(),
  'api-key': text('a key').optional(),

  json: flag,
  help: flag,
});
export type Arguments = z.infer<typeof OptionsSchema>;

export const OPTION_NAMES = Object.keys(OptionsSchema.shape) as (keyof Arguments)[];
