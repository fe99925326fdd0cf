import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  assertCallControl,
  ConfigError,
  loadAccounts,
  mediaUrlOf,
  processSettings,
  publicSettings,
  storeSettings,
  type Account,
  type Accounts,
} from '@greenroom/platform';
import { callControlAdapters } from '@greenroom/telephony';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says, each thing by itself: one that is wrong keeps no other from being looked at. */
export interface Setup {
  environment: Environment;
  /** settings of compose, whose stores have names and addresses in its own network only */
  composed: boolean;
  databaseUrl: string | null;
  redisUrl: string | null;
  /** that of `redisUrl` where it has none of its own */
  queueRedisUrl: string | null;
  /** the name of the deployment, which stands in all names in Redis */
  deployment: string;
  /** without a slash at its end, as all URLs here */
  publicBaseUrl: string | null;
  mediaUrl: string | null;
  /** the first one signs; empty: none, or wrong ones */
  tokenSecrets: readonly string[];
  apiKey: string | null;
  trustsProxies: boolean;
  demo: boolean;
  /** null: no such setting */
  accountsFile: string | null;
  /** empty where the file is wrong */
  accounts: readonly Account[];
  /** what keeps the processes from booting with this file, a line each */
  accountProblems: readonly string[];
  dialoguesDir: string;
}

/** What docker/compose.yaml gives its processes beyond docker/.env, where nothing else is said. */
function composedOf(environment: Environment): Environment {
  const password = environment['POSTGRES_PASSWORD'];
  if (!password || environment['DATABASE_URL']) return {};
  return {
    DATABASE_URL: `postgres://greenroom:${password}@postgres:5432/greenroom`,
    REDIS_URL: 'redis://cache:6379',
    QUEUE_REDIS_URL: 'redis://queue:6379',
  };
}

/**
 * @param folder that relative paths in the environment count from
 * @param envFile where settings were read from: a path of the accounts may count from there, as compose has it
 */
export function readSetup(given: Environment, folder: string, envFile: string | null): Setup {
  const composed = composedOf(given);
  const environment = { ...given, ...composed };
  const read = readerOf(environment);
  const demo = read(processSettings.DEMO_MODE, 'DEMO_MODE') ?? false;
  return {
    environment,
    composed: Object.keys(composed).length > 0,
    ...storesOf(read),
    ...publicUrlsOf(read),
    tokenSecrets: read(publicSettings.STREAM_TOKEN_SECRETS, 'STREAM_TOKEN_SECRETS') ?? [],
    apiKey: environment['API_KEYS']?.split(',')[0]?.trim() || null,
    trustsProxies: (read(publicSettings.TRUSTED_PROXIES, 'TRUSTED_PROXIES') ?? []).length > 0,
    demo,
    ...readAccounts(environment, { folder, envFile, demo }),
    dialoguesDir: resolve(folder, environment['DIALOGUES_DIR'] || 'dialogues'),
  };
}

/** Null for what is not set or wrong: the processes say what is wrong with it. */
type Read = <S extends z.ZodType>(schema: S, name: string) => z.output<S> | null;

const readerOf =
  (environment: Environment): Read =>
  (schema, name) =>
    schema.safeParse(environment[name] || undefined).data ?? null;

function storesOf(read: Read): Pick<Setup, 'databaseUrl' | 'redisUrl' | 'queueRedisUrl' | 'deployment'> {
  const redisUrl = read(storeSettings.REDIS_URL, 'REDIS_URL');
  return {
    databaseUrl: read(storeSettings.DATABASE_URL, 'DATABASE_URL'),
    redisUrl,
    queueRedisUrl: read(storeSettings.QUEUE_REDIS_URL, 'QUEUE_REDIS_URL') ?? redisUrl,
    deployment: read(storeSettings.ENVIRONMENT, 'ENVIRONMENT') ?? 'production',
  };
}

function publicUrlsOf(read: Read): Pick<Setup, 'publicBaseUrl' | 'mediaUrl'> {
  const base = read(publicSettings.PUBLIC_BASE_URL, 'PUBLIC_BASE_URL');
  if (base === null) return { publicBaseUrl: null, mediaUrl: null };
  const media = read(publicSettings.PUBLIC_MEDIA_URL, 'PUBLIC_MEDIA_URL') ?? undefined;
  const mediaUrl = mediaUrlOf({ PUBLIC_BASE_URL: base, PUBLIC_MEDIA_URL: media });
  return { publicBaseUrl: base.replace(/\/$/, ''), mediaUrl };
}

interface Where {
  folder: string;
  envFile: string | null;
  demo: boolean;
}

function readAccounts(
  environment: Environment,
  { folder, envFile, demo }: Where,
): Pick<Setup, 'accountsFile' | 'accounts' | 'accountProblems'> {
  const named = environment['ACCOUNTS_FILE'] || null;
  if (named === null) {
    return { accountsFile: null, accounts: [], accountProblems: ['ACCOUNTS_FILE is not set'] };
  }
  const places = [folder, ...(envFile === null ? [] : [dirname(envFile)])].map((from) =>
    resolve(from, named),
  );
  const accountsFile = places.find((place) => existsSync(place)) ?? resolve(folder, named);
  let accounts: Accounts | null = null;
  try {
    accounts = loadAccounts(accountsFile, environment, { demo });
    assertCallControl(accounts, callControlAdapters);
    return { accountsFile, accounts: accounts.list, accountProblems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { accountsFile, accounts: accounts?.list ?? [], accountProblems: problemsIn(error.message) };
  }
}

/** A line each, of which nothing can be a secret. */
export function problemsIn(message: string): string[] {
  const [first = '', ...more] = message.split('\n').filter((line) => line.trim() !== '');
  if (first.startsWith('Wrong accounts in ')) return more.map((line) => line.trim());
  const [, file, reason = ''] = /^The accounts file (.*) cannot be read: (.*)$/.exec(first) ?? [];
  if (file === undefined || reason === '' || /^E[A-Z]+: /.test(reason)) return [first];
  // the parser of YAML quotes what it stumbles over, and that may be a password
  const [at] = /line \d+, column \d+/.exec(reason) ?? [];
  return [`The accounts file ${file} is no YAML${at === undefined ? '' : ` at ${at}`}.`];
}
