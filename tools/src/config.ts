import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The one place where the tools read the environment. */
export interface ToolSettings {
  /** a server to use instead of one of our own */
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  queueRedisUrl: string | undefined;
  /** accounts to use instead of generated ones */
  accountsFile: string | undefined;
  /** comma-separated */
  apiKeys: string | undefined;
  environment: string | undefined;
}

/** An empty variable counts as not set. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): ToolSettings {
  return {
    databaseUrl: env['DATABASE_URL'] || undefined,
    redisUrl: env['REDIS_URL'] || undefined,
    queueRedisUrl: env['QUEUE_REDIS_URL'] || undefined,
    accountsFile: env['ACCOUNTS_FILE'] || undefined,
    apiKeys: env['API_KEYS'] || undefined,
    environment: env['ENVIRONMENT'] || undefined,
  };
}

/** What any child process needs, whatever else it is given: no setting of ours is among it. */
export function plainEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'USER', 'http_proxy', 'https_proxy', 'no_proxy'];
  return pick(env, names);
}

/** Everything as it is, for processes that the person at the terminal configures. */
export function wholeEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return pick(env, Object.keys(env));
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Folders for temporary data, best first. */
export const temporaryFolders = (): string[] => [...new Set([tmpdir(), '/tmp', '/var/tmp'])];

/** Top folder of the repository, from the sources as from the bundles in `dist`. */
export const repositoryRoot = (): string => {
  let folder = __dirname;
  while (!existsSync(join(folder, 'nx.json'))) {
    if (dirname(folder) === folder) throw new Error('nx.json was not found in any folder above the tools.');
    folder = dirname(folder);
  }
  return folder;
};
