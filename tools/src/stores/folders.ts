import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryFolders } from '../config';
import { type Keeper } from '../processes/keeper';
import { isRunning } from '../processes/running-process';
import { waitUntil } from '../processes/wait-until';
import { canReach, type Log, type ServerUser } from './server-user';

/** others may walk through, to what is theirs, and not list */
const WALK_THROUGH = 0o711;

function temporaryFolderFor(user: ServerUser | null): string {
  const found = temporaryFolders().find((folder) => isFolder(folder) && canReach(user, folder));
  if (found) return found;
  throw new Error(`No folder for temporary files can be used, out of ${temporaryFolders().join(', ')}.`);
}

/** A new folder of this run alone, removed with everything in it when the keeper closes. */
export function throwAwayFolder(keeper: Keeper, user: ServerUser | null): string {
  const folder = mkdtempSync(join(temporaryFolderFor(user), 'greenroom-'));
  keeper.removeAtEnd(folder);
  chmodSync(folder, WALK_THROUGH);
  return folder;
}

/** `dataDir`, or a lasting folder among the temporary ones where the server's user cannot reach it. */
export function lastingFolder(dataDir: string, user: ServerUser | null, log: Log): string {
  mkdirSync(dataDir, { recursive: true });
  if (canReach(user, dataDir)) return dataDir;
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12);
  const folder = join(temporaryFolderFor(user), `greenroom-${name}`);
  mkdirSync(folder, { recursive: true, mode: WALK_THROUGH });
  const stat = lstatSync(folder);
  // anybody can make a folder of this name there, to have us work in it
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) {
    throw new Error(`${folder} does not belong to this user. Remove it, or set DATABASE_URL.`);
  }
  chmodSync(folder, WALK_THROUGH);
  log(`The database is kept in ${folder}, since its user cannot reach ${dataDir}.`);
  return folder;
}

const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * One run at a time may have the lasting data: two servers on one folder would destroy it. A run that was killed
 * leaves its keeper behind for the moments that the servers need to stop.
 */
export async function claim(dataDir: string, keeper: Keeper, log: Log): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'owner.pid');
  const stopping = readOwner(file);
  if (stopping && isRunning(stopping.run, '')) throw new Error(inUse(dataDir, stopping.run));
  if (stopping) log(`waiting for the servers of an earlier run to stop`);
  const gone = () => Promise.resolve(readOwner(file) ? undefined : true);
  if (!(await waitUntil(gone, { timeoutMs: 12_000, everyMs: 100 }))) {
    throw new Error(inUse(dataDir, stopping?.keeper));
  }
  rmSync(file, { force: true });
  try {
    writeFileSync(file, `${keeper.pid} ${process.pid}`, { flag: 'wx' });
  } catch (error) {
    throw new Error(inUse(dataDir, readOwner(file)?.run), { cause: error });
  }
  keeper.removeAtEnd(file);
}

const inUse = (dataDir: string, pid: number | undefined): string =>
  `The data in ${dataDir} is in use by another run (process ${pid}). Stop that one first.`;

/** Keeper and process of the run that has the data; `undefined` when its keeper has ended. */
function readOwner(file: string): { keeper: number; run: number } | undefined {
  if (!existsSync(file)) return undefined;
  const [keeper = 0, run = 0] = readFileSync(file, 'utf8').split(' ').map(Number);
  return isRunning(keeper, 'keeper.mjs') ? { keeper, run } : undefined;
}
