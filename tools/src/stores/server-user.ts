import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Keeper } from '../processes/keeper';

export type Log = (line: string) => void;

/** The account under which Postgres runs where we ourselves are root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

const NAME = 'postgres';
const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Postgres refuses to run as root. `null`: we are not root, it runs as ourselves. */
export async function serverUser(keeper: Keeper, log: Log): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const existing = await lookUp(keeper);
  if (existing) return existing;
  log(`Postgres refuses to run as root: creating the system user "${NAME}" for it.`);
  const attempts = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME],
    ['adduser', '--system', '--group', '--no-create-home', NAME],
    ['adduser', '-S', '-D', '-H', NAME],
  ];
  const said: string[] = [];
  for (const [command, ...args] of attempts) {
    const ended = await keeper.run({ command: command ?? '', args, env: ENV }).catch((error: Error) => error);
    said.push(ended instanceof Error ? ended.message : ended.output);
    const created = await lookUp(keeper);
    if (created) return created;
  }
  throw new Error(
    `Postgres refuses to run as root, and the system user "${NAME}" could not be created:\n` +
      `${said.filter(Boolean).join('\n')}\n` +
      'Run this as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
  );
}

async function lookUp(keeper: Keeper): Promise<ServerUser | undefined> {
  const ids = await Promise.all(
    ['-u', '-g'].map((option) => keeper.run({ command: 'id', args: [option, NAME], env: ENV })),
  );
  const [uid, gid] = ids.map(({ code, output }) => (code === 0 ? Number(output) : undefined));
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Whether the user may walk down to the folder and list it. Access lists beyond the mode bits are not looked at. */
export function canReach(user: ServerUser | null, path: string): boolean {
  if (!user) return isOurs(path);
  const list = 0o5;
  const walk = 0o1;
  if (!allows(user, path, list)) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!allows(user, folder, walk)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function isOurs(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function allows({ uid, gid }: ServerUser, path: string, bits: number): boolean {
  const stat = statSync(path);
  const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0;
  return ((stat.mode >> shift) & bits) === bits;
}
