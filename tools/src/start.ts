import { join } from 'node:path';
import { readSettings, repositoryRoot, type ToolSettings, wholeEnvironment } from './config';
import { interrupted } from './processes/interrupt';
import { type Exit } from './processes/keeper';
import { type Stack, startStack } from './stack';
import { welcome } from './stack/welcome';
import { readable } from './stack/log-lines';
import { assertDefaultPortsFree } from './stack/plan';
import { openStores, type Stores } from './stores/open-stores';

const say = (line: string): void => console.log(line);

/** What ends the run when nobody has asked for it. */
type Lost = (what: string, exit: Exit) => void;

/** `npm start`: stores of its own under `.data`, the schema, the three processes, their logs; until Ctrl-C. */
async function start(args: readonly string[]): Promise<void> {
  const freePorts = args.includes('--free-ports');
  if (!freePorts) await assertDefaultPortsFree();
  const asked = interrupted();
  const settings = readSettings();
  let onLost: Lost = () => {};
  const lost = new Promise<string>((resolve) => {
    onLost = (what, { code, signal }) => resolve(`${what} has ended (${signal ?? `exit code ${code}`})`);
  });
  const running = await unlessInterrupted(
    asked,
    open(settings, freePorts, (what, exit) => onLost(what, exit)),
  );
  const alive = setInterval(() => {}, 60_000);
  const why = await Promise.race([asked, lost]);
  clearInterval(alive);
  say(`\n${why}: stopping everything. Once more ends it at once.`);
  onLost = () => {};
  await running.stack.stop();
  await running.stores.close();
  say('Everything has stopped.');
  process.exitCode = why === 'SIGINT' || why === 'SIGTERM' || why === 'SIGHUP' ? 0 : 1;
  process.exit();
}

/** While things are still being started, their keepers are the quickest to undo it. */
async function unlessInterrupted<T>(asked: Promise<string>, opening: Promise<T>): Promise<T> {
  let opened = false;
  void asked.then((signal) => {
    if (opened) return;
    say(`${signal}: stopped while starting.`);
    process.exit(130);
  });
  const result = await opening;
  opened = true;
  return result;
}

async function open(settings: ToolSettings, freePorts: boolean, onLost: Lost) {
  const dataDir = join(repositoryRoot(), '.data');
  const { databaseUrl, redisUrl } = settings;
  const stores = await openStores({ mode: 'persistent', dataDir, log: say, databaseUrl, redisUrl });
  try {
    const stack = await openStack(settings, stores, freePorts, onLost);
    void stores.postgres?.exited.then((exit) => onLost('Postgres', exit));
    void stores.redis?.exited.then((exit) => onLost('Redis', exit));
    say(welcome(stack.description, stores));
    return { stores, stack };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** Where `npm run call` plays the providers' REST APIs while it places a call. Fixed, since the accounts file keeps it. */
const PLAYED_API = 'http://127.0.0.1:3105';

async function openStack(
  settings: ToolSettings,
  stores: Stores,
  freePorts: boolean,
  onLost: Lost,
): Promise<Stack> {
  say('bringing the schema up to date, starting ingest, worker and gateway...');
  return startStack({
    databaseUrl: stores.databaseUrl,
    redisUrl: stores.redisUrl,
    queueRedisUrl: settings.queueRedisUrl,
    dataDir: join(repositoryRoot(), '.data'),
    ports: freePorts ? 'free' : 'default',
    environment: settings.environment ?? 'local',
    accountsFile: settings.accountsFile,
    apiUrl: PLAYED_API,
    apiKey: settings.apiKeys?.split(',')[0]?.trim(),
    baseEnv: wholeEnvironment(),
    env: settings.apiKeys ? { all: { API_KEYS: settings.apiKeys } } : {},
    onLog: (line) => say(readable(line)),
    onLost,
  });
}

start(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
