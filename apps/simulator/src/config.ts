import { readFileSync } from 'node:fs';
import { AccountNameSchema, type Provider } from '@greenroom/contracts';
import { z } from 'zod';

/** An option, or the stack file, is not what is accepted; the message says what is. */
export class UsageError extends Error {}

export const DEFAULT_STACK_FILE = '.data/stack.json';
/** ms; Greenroom's own default */
const DEFAULT_WAIT_TIMEOUT_MS = 10_000;

const AccountSchema = z.object({
  /** also one that the simulator does not play */
  provider: z.string(),
  account: AccountNameSchema,
  username: z.string().optional(),
  password: z.string().optional(),
  authToken: z.string().optional(),
  signingKey: z.string().optional(),
  signatureSecret: z.string().optional(),
});

const base = (protocol: RegExp, accepts: string) =>
  z.url({ protocol, error: accepts }).transform((url) => url.replace(/\/+$/, ''));
const HttpBaseSchema = base(/^https?$/, 'an http or https URL');
const SocketBaseSchema = base(/^wss?$/, 'a ws or wss URL');
const oneOrMore = <Schema extends z.ZodType<string>>(schema: Schema) =>
  z.union([z.array(schema).min(1), schema.transform((url) => [url])]);

/** Where a running Greenroom is found, and with which keys. */
export const StackSchema = z.object({
  /** one for each process; each request picks one, so that webhook and stream of a call meet different ones */
  webhookUrl: oneOrMore(HttpBaseSchema),
  mediaUrl: oneOrMore(SocketBaseSchema),
  publicBaseUrl: HttpBaseSchema,
  publicMediaUrl: SocketBaseSchema,
  /** absent: sessions cannot be read, and a call is judged by what is heard alone */
  apiKey: z.string().optional(),
  waitTimeoutMs: z.int().positive().default(DEFAULT_WAIT_TIMEOUT_MS),
  redisUrl: z.string().optional(),
  environment: z.string().optional(),
  /** key of the tokens in streams' URLs; absent: no stream can come before the answer that would have named it */
  streamTokenSecret: z.string().min(32).optional(),
  /** where Greenroom sends its commands for the providers: there the simulator listens while it places calls */
  apiUrl: HttpBaseSchema.optional(),
  accounts: z.array(AccountSchema).default([]),
});
export type Stack = z.infer<typeof StackSchema>;
export type StackInput = z.input<typeof StackSchema>;

/** What the command line says of the stack; each of it goes before the file. */
export interface StackWishes {
  provider: Provider;
  account: string;
  file?: string | undefined;
  webhookUrl?: string | undefined;
  mediaUrl?: string | undefined;
  apiKey?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  authToken?: string | undefined;
  signingKey?: string | undefined;
  signatureSecret?: string | undefined;
  streamTokenSecret?: string | undefined;
  /** instead of the one in `apiUrl` */
  apiPort?: number | undefined;
}

/**
 * The file of the Greenroom on this machine is not looked at when both URLs are given: its API key and its public
 * URLs are nothing to another one.
 * @throws {UsageError} if there is neither a stack file nor enough on the command line
 */
export function loadStack(wishes: StackWishes): Stack {
  const { file, webhookUrl, mediaUrl } = wishes;
  const isElsewhere = file === undefined && webhookUrl !== undefined && mediaUrl !== undefined;
  const path = file ?? DEFAULT_STACK_FILE;
  const fromFile = isElsewhere ? null : readStack(path);
  const merged = {
    ...(fromFile ?? { publicBaseUrl: webhookUrl, publicMediaUrl: mediaUrl }),
    ...given({
      ...{ webhookUrl, mediaUrl, apiKey: wishes.apiKey, streamTokenSecret: wishes.streamTokenSecret },
      apiUrl: wishes.apiPort === undefined ? undefined : `http://127.0.0.1:${wishes.apiPort}`,
    }),
    accounts: accountsFor(wishes, fromFile?.accounts ?? []),
  };
  return parseStack(merged, fromFile ? path : 'The options');
}

function readStack(path: string): StackInput {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(
      `No Greenroom to call: there is no stack file ${path}.\n` +
        'Start one with npm start, or give --webhook-url and --media-url.',
    );
  }
  return parseStack(parseJson(text), path);
}

function parseStack(value: unknown, source: string): Stack {
  const parsed = StackSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || 'all of it'}: ${message}`,
  );
  throw new UsageError(`${source}: this does not describe a Greenroom:\n${issues.join('\n')}`);
}

/** @throws {UsageError} if a stack file knows accounts, but not this one, and no credentials were given */
function accountsFor(
  wishes: StackWishes,
  known: NonNullable<StackInput['accounts']>,
): NonNullable<StackInput['accounts']> {
  const { provider, account } = wishes;
  const credentials = given({
    username: wishes.username,
    password: wishes.password,
    authToken: wishes.authToken,
    signingKey: wishes.signingKey,
    signatureSecret: wishes.signatureSecret,
  });
  const found = known.find((one) => one.provider === provider && one.account === account);
  if (!found && known.length > 0 && Object.keys(credentials).length === 0) {
    const names = known.map((one) => `${one.provider} ${one.account}`).join(', ');
    throw new UsageError(
      `The stack file has no account ${provider} ${account}. It has: ${names}. Accounts stand in the file that the stack was ` +
        'started with; npm start makes .data/accounts.yaml anew, with some of each provider, where it is not there.',
    );
  }
  return [{ provider, account, ...found, ...credentials }];
}

function given(values: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
