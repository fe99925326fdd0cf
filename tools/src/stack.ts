import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment } from './config';
import { type Exit, Keeper } from './processes/keeper';
import { provideAccounts, readAccounts } from './stack/accounts-file';
import { type StackDescription, urlsOf, writeDescription } from './stack/description';
import { type LogLine, parseLine } from './stack/log-lines';
import { type Plan, planProcesses, type Role } from './stack/plan';
import { bundleCommand, launch, type StackProcess } from './stack/stack-process';
import { throwAwayFolder } from './stores/folders';

export interface StackOptions {
  databaseUrl: string;
  redisUrl: string;
  /** `redisUrl` if not given */
  queueRedisUrl?: string | undefined;
  /** for `accounts.yaml` and `stack.json`; a folder that is removed at the end, if not given */
  dataDir?: string | undefined;
  /** `default`: the documented ones; otherwise free ones below 32768 */
  ports?: 'default' | 'free';
  ingests?: number;
  gateways?: number;
  /** stands in all Redis keys; a random one if not given */
  environment?: string | undefined;
  /** an accounts file to use instead of a generated one */
  accountsFile?: string | undefined;
  /** how long a stream waits for its session, in a generated accounts file */
  waitTimeoutMs?: number;
  /** where the providers' REST APIs are played, in a generated accounts file; left out: it has no accounts of Telnyx */
  apiUrl?: string | undefined;
  /** key of the API; a random one if not given */
  apiKey?: string | undefined;
  /** environment that the processes start from; only the bare necessities if not given */
  baseEnv?: Record<string, string>;
  /** settings on top, for all processes or for some, by role or by name (`gateway-2`) */
  env?: Partial<Record<'all' | Role | (string & {}), Record<string, string>>>;
  /** how long a process may take to stop after SIGTERM before it is killed, ms */
  graceMs?: number;
  onLog?: (line: LogLine) => void;
  /** told of a process that ends without having been asked to */
  onLost?: (name: string, exit: Exit) => void;
}

/** Ingest, worker and gateway, running from their bundles. */
export interface Stack {
  /** in the order of starting */
  processes: readonly StackProcess[];
  ingests: readonly StackProcess[];
  worker: StackProcess;
  gateways: readonly StackProcess[];
  description: StackDescription;
  /** path of the description, for the simulator's `--stack`; removed at the end */
  stackFile: string;
  /** what the processes have written so far, the last 20,000 lines of it */
  logs: readonly LogLine[];
  /** Gateways first, so that calls can still be written down, then ingests, the worker last. */
  stop(): Promise<void>;
}

const KEPT_LINES = 20_000;
const GRACE_MS = 10_000;

/**
 * Brings the schema up to date and starts the processes, each one ready before the next. However this process ends,
 * they end with it.
 * @throws with the last words of the process that did not start; nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const keeper = new Keeper(true);
  try {
    return await start(options, keeper);
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

async function start(options: StackOptions, keeper: Keeper): Promise<Stack> {
  const logs: LogLine[] = [];
  const onLog = (line: LogLine): void => {
    logs.push(line);
    if (logs.length > KEPT_LINES) logs.shift();
    options.onLog?.(line);
  };
  const { ingests = 1, gateways = 1, ports = 'free', graceMs = GRACE_MS, onLost = () => {} } = options;
  const folder = options.dataDir ?? throwAwayFolder(keeper, null);
  const plans = await planProcesses({ ingests, gateways }, ports);
  const { description, accountsFile } = describe(options, plans, folder);
  const envOf = environments(options, description, accountsFile);
  await migrate(keeper, envOf({ name: 'migrate', role: 'ingest' }), onLog);

  const processes: StackProcess[] = [];
  for (const plan of plans) {
    processes.push(await launch({ keeper, plan, env: envOf(plan), graceMs, onLog, onLost }));
  }
  const stackFile = join(folder, 'stack.json');
  keeper.removeAtEnd(stackFile);
  writeDescription(stackFile, description);
  const byRole = (role: Role) => processes.filter((each) => each.role === role);
  return {
    processes,
    ingests: byRole('ingest'),
    worker: processes.find(({ role }) => role === 'worker') as StackProcess,
    gateways: byRole('gateway'),
    description,
    stackFile,
    logs,
    async stop() {
      for (const role of ['gateway', 'ingest', 'worker'] as const) {
        await Promise.all(byRole(role).map((each) => each.stop()));
      }
      await keeper.close();
    },
  };
}

function describe(options: StackOptions, plans: readonly Plan[], folder: string) {
  mkdirSync(folder, { recursive: true });
  const accountsFile = options.accountsFile ?? join(folder, 'accounts.yaml');
  const { waitTimeoutMs: timeoutMs = 10_000, apiUrl } = options;
  if (!options.accountsFile) provideAccounts(accountsFile, { timeoutMs, apiUrl });
  const given = { ...options.baseEnv, ...options.env?.['all'] };
  const description: StackDescription = {
    ...urlsOf(plans),
    apiKey: options.apiKey ?? randomBytes(24).toString('hex'),
    streamTokenSecret: firstOf(given['STREAM_TOKEN_SECRETS']) ?? randomBytes(32).toString('hex'),
    ...readAccounts(accountsFile, given),
    redisUrl: options.redisUrl,
    environment: options.environment ?? `stack-${randomBytes(4).toString('hex')}`,
  };
  return { description, accountsFile };
}

const firstOf = (list: string | undefined): string | undefined => list?.split(',')[0]?.trim() || undefined;

function environments(options: StackOptions, description: StackDescription, accountsFile: string) {
  const { databaseUrl, redisUrl, queueRedisUrl = redisUrl, baseEnv = plainEnvironment(), env = {} } = options;
  const everywhere = {
    ...baseEnv,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    QUEUE_REDIS_URL: queueRedisUrl,
    PUBLIC_BASE_URL: description.publicBaseUrl,
    PUBLIC_MEDIA_URL: description.publicMediaUrl,
    ACCOUNTS_FILE: accountsFile,
    API_KEYS: description.apiKey,
    // one for all processes, if the person at the terminal has not set them
    STREAM_TOKEN_SECRETS: baseEnv['STREAM_TOKEN_SECRETS'] || description.streamTokenSecret,
    ENVIRONMENT: description.environment,
    // a stack at somebody's desk is not to wait for the last call of the day
    DRAIN_SECONDS: '5',
    ...env['all'],
  };
  return ({ name, role, port = null, adminPort }: Pick<Plan, 'name' | 'role'> & Partial<Plan>) => ({
    ...everywhere,
    ...(port !== null && { [role === 'ingest' ? 'PUBLIC_HTTP_PORT' : 'PORT']: String(port) }),
    ...(adminPort !== undefined && { ADMIN_PORT: String(adminPort) }),
    ...env[role],
    ...(name !== role && env[name]),
  });
}

async function migrate(keeper: Keeper, env: Record<string, string>, onLog: (line: LogLine) => void) {
  const { code, output } = await keeper.run({
    ...bundleCommand('dist/apps/passthru-ingest/migrate.js'),
    env,
  });
  if (code !== 0) throw new Error(`The database schema could not be brought up to date:\n${output}`);
  for (const text of output.split('\n').filter(Boolean)) onLog(parseLine('migrate', text));
}
