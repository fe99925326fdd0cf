import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Keeper } from '../processes/keeper';
import { isRunning } from '../processes/running-process';
import { waitUntil } from '../processes/wait-until';
import { type PostgresBinaries } from './postgres-binaries';
import { type Log, type ServerUser } from './server-user';

/** A data directory of Postgres, and the password of its one user. */
export interface Cluster {
  folder: string;
  password: string;
}

export interface ClusterOptions {
  keeper: Keeper;
  binaries: PostgresBinaries;
  user: ServerUser | null;
  /** folder that the server's user can reach */
  base: string;
  throwAway: boolean;
  log: Log;
}

export const SUPERUSER = 'greenroom';

/** The cluster in `base`, created when there is none. */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const { base, binaries } = options;
  const folder = join(base, 'postgres');
  const passwordFile = join(base, 'postgres.password');
  if (!existsSync(join(folder, 'PG_VERSION'))) await create(options, folder, passwordFile);
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version !== binaries.major) {
    throw new Error(
      `${folder} was made by Postgres ${version} and cannot be opened by Postgres ${binaries.major}. ` +
        'Delete that folder to start with an empty database.',
    );
  }
  await takeOver(folder, options.log);
  try {
    return { folder, password: readFileSync(passwordFile, 'utf8').trim() };
  } catch (error) {
    throw new Error(
      `The password of the database is missing (${passwordFile}). Delete ${folder} to start anew.`,
      {
        cause: error,
      },
    );
  }
}

/** Under another name until it is complete, so that an interrupted run leaves nothing that looks like a cluster. */
async function create(options: ClusterOptions, folder: string, passwordFile: string): Promise<void> {
  const { keeper, binaries, user, base, throwAway } = options;
  for (const name of readdirSync(base)) {
    if (name.startsWith('postgres.new')) rmSync(join(base, name), { recursive: true, force: true });
  }
  const fresh = join(base, 'postgres.new');
  mkdirSync(fresh, { mode: 0o700 });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  if (user) for (const path of [fresh, passwordFile]) chownSync(path, user.uid, user.gid);
  const ended = await keeper.run({
    command: binaries.initdb,
    args: [
      `--pgdata=${fresh}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // the same order of strings on every system
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(throwAway ? ['--no-sync'] : []),
    ],
    cwd: base,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    ...user,
  });
  if (ended.code !== 0) throw new Error(`The database could not be created in ${folder}:\n${ended.output}`);
  renameSync(fresh, folder);
}

/** A file `postmaster.pid` is left behind by a crash; its process id may belong to anything by now. */
async function takeOver(folder: string, log: Log): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (isRunning(pid, folder)) {
    log(`waiting for the Postgres of an earlier run (process ${pid}) to stop`);
    const gone = () => Promise.resolve(isRunning(pid, folder) ? undefined : true);
    if (!(await waitUntil(gone, { timeoutMs: 8_000, everyMs: 100 }))) {
      throw new Error(
        `The database in ${folder} is in use by another Postgres (process ${pid}). ` +
          `Stop the other run first; if there is none: kill -INT ${pid}`,
      );
    }
  }
  if (existsSync(file)) {
    log('removing the lock file of a Postgres that did not stop properly; it will recover its data');
    rmSync(file);
  }
}
