import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Keeper } from '../processes/keeper';
import { isRunning } from '../processes/running-process';
import { type Log } from './server-user';

/** Programs to run, with where their libraries are. */
export interface RedisRuntime {
  command: string;
  env: Record<string, string>;
}

export interface ExtractionOptions {
  keeper: Keeper;
  /** where the extraction stays for later runs */
  folder: string;
  env: Record<string, string>;
  log: Log;
}

/**
 * Debian's and Ubuntu's own Redis, unpacked into a folder of ours: with package lists of its own, so that it needs
 * no root and leaves the system as it is. Under another name until it is complete.
 */
export async function extractRedis(options: ExtractionOptions): Promise<RedisRuntime> {
  const { keeper, folder, env, log } = options;
  const fresh = `${folder}.new-${process.pid}`;
  removeInterrupted(folder);
  log('unpacking Redis from this system’s package sources into .data (once; nothing is installed)...');
  try {
    for (const part of ['lists/partial', 'cache/archives/partial', 'x']) {
      mkdirSync(join(fresh, part), { recursive: true });
    }
    await unpack(keeper, fresh, env);
    for (const part of ['lists', 'cache']) rmSync(join(fresh, part), { recursive: true, force: true });
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return runtimeIn(folder);
}

export function runtimeIn(folder: string): RedisRuntime {
  const libraries = new Set<string>();
  for (const entry of readdirSync(join(folder, 'x'), { recursive: true })) {
    if (/\.so(\.|$)/.test(String(entry))) libraries.add(dirname(join(folder, 'x', String(entry))));
  }
  return {
    command: join(folder, 'x', 'usr', 'bin', 'redis-server'),
    env: { LD_LIBRARY_PATH: [...libraries].join(':') },
  };
}

function removeInterrupted(folder: string): void {
  const start = `${folder}.new-`;
  for (const name of readdirSync(dirname(folder))) {
    const path = join(dirname(folder), name);
    if (!path.startsWith(start) || isRunning(Number(path.slice(start.length)), '')) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

async function unpack(keeper: Keeper, folder: string, env: Record<string, string>): Promise<void> {
  const own = [
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'APT::Sandbox::User=',
  ].flatMap((setting) => ['-o', setting]);
  const run = async (command: string, args: readonly string[]) => {
    const { code, output } = await keeper.run({ command, args, cwd: folder, env: { ...env, LC_ALL: 'C' } });
    if (code !== 0) throw new Error(`${command} ${args.slice(-3).join(' ')} failed:\n${output}`);
    return output;
  };
  await run('apt-get', [...own, 'update', '-qq']);
  const needed = librariesIn(await run('apt-cache', [...own, 'depends', 'redis-tools']));
  await run('apt-get', [...own, 'download', '-qq', 'redis-tools', ...needed]);
  const packages = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  for (const name of packages) await run('dpkg', ['-x', name, 'x']);
  // one binary, told apart by its name; the package with the server's name holds a service of the system
  const server = join(folder, 'x', 'usr', 'bin', 'redis-server');
  if (!existsSync(server)) symlinkSync('redis-check-rdb', server);
  for (const name of packages) rmSync(join(folder, name));
}

/** What differs between releases (`libssl3`, `libssl3t64`, with Lua or without) is read, not known. */
export function librariesIn(depends: string): string[] {
  const names = [...depends.matchAll(/^\s*\|?Depends: ([a-z0-9][a-z0-9.+-]*)$/gm)].map(
    ([, name]) => name ?? '',
  );
  return [...new Set(names)].filter((name) => /^(lib|lua)/.test(name) && name !== 'libc6');
}
