import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  ConfigError,
  loadAccounts,
  mediaUrlOf,
  processSettings,
  publicSettings,
  storeSettings,
  type Account,
} from '@greenroom/platform';
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
  /** which setting says it */
  queueSetting: 'REDIS_URL' | 'QUEUE_REDIS_URL';
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
    ...storesOf(environment, read),
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

type Stores = Pick<Setup, 'databaseUrl' | 'redisUrl' | 'queueRedisUrl' | 'queueSetting' | 'deployment'>;

function storesOf(environment: Environment, read: Read): Stores {
  const redisUrl = read(storeSettings.REDIS_URL, 'REDIS_URL');
  const queueSetting = environment['QUEUE_REDIS_URL'] ? 'QUEUE_REDIS_URL' : 'REDIS_URL';
  return {
    databaseUrl: read(storeSettings.DATABASE_URL, 'DATABASE_URL'),
    redisUrl,
    queueSetting,
    queueRedisUrl:
      queueSetting === 'REDIS_URL' ? redisUrl : (read(storeSettings.QUEUE_REDIS_URL, queueSetting) ?? null),
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
  try {
    const { list } = loadAccounts(accountsFile, environment, { demo });
    return { accountsFile, accounts: list, accountProblems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { accountsFile, accounts: [], accountProblems: problemsIn(error.message) };
  }
}

/** A line each. */
export function problemsIn(message: string): string[] {
  const [first = '', ...more] = message.split('\n').filter((line) => line.trim() !== '');
  return first.startsWith('Wrong accounts in ') ? more.map((line) => line.trim()) : [first];
}
