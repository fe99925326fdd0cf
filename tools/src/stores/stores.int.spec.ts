import { type ChildProcess, fork, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';
import { Client } from 'pg';
import { repositoryRoot } from '../config';
import { Keeper } from '../processes/keeper';
import { waitUntil } from '../processes/wait-until';
import { openStores, type Stores } from './open-stores';

const dataDir = join(repositoryRoot(), '.data');

async function ask(stores: Stores) {
  const client = new Client({ connectionString: stores.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ database: string; super: string }>(
    `SELECT current_database() AS database, current_setting('is_superuser') AS super`,
  );
  await client.end();
  const redis = new Redis(stores.redisUrl);
  const policy = await redis.config('GET', 'maxmemory-policy');
  redis.disconnect();
  return { ...rows[0], policy };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Where these stores keep their data: other specs have folders of their own beside them. */
async function foldersOf(stores: Stores): Promise<string[]> {
  const client = new Client({ connectionString: stores.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  await client.end();
  const redis = new Redis(stores.redisUrl);
  const [, dir = ''] = (await redis.config('GET', 'dir')) as string[];
  redis.disconnect();
  return [rows[0]!.data_directory, dir].map((path) => /^.*\/greenroom-\w+/.exec(path)![0]);
}

const dead = (pids: readonly number[]) =>
  waitUntil(() => Promise.resolve(pids.some(isAlive) ? undefined : true), { timeoutMs: 20_000 });

describe('throw-away stores', () => {
  it('answer, and leave neither a process nor a folder behind when closed', async () => {
    const stores = await openStores({ mode: 'throw-away', dataDir, log: () => {} });
    const pids = [stores.postgres!.pid, stores.redis!.pid];
    const folders = await foldersOf(stores);

    expect(await ask(stores)).toEqual({
      database: 'greenroom',
      super: 'on',
      policy: ['maxmemory-policy', 'noeviction'],
    });
    for (const port of [stores.postgres!.port, stores.redis!.port]) expect(port).toBeLessThan(32_768);
    expect(pids.every(isAlive)).toBe(true);
    expect(new Set(folders).size).toBe(2);
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);

    await stores.close();
    expect(pids.some(isAlive)).toBe(false);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  it('start again on the same port after a SIGKILL, Postgres with its data and Redis without', async () => {
    const stores = await openStores({ mode: 'throw-away', dataDir, log: () => {} });
    try {
      const { postgres, redis } = stores;
      const before = [postgres!.pid, redis!.pid];
      for (const pid of before) process.kill(pid, 'SIGKILL');
      await Promise.all([postgres!.exited, redis!.exited]);
      await Promise.all([postgres!.restart(), redis!.restart()]);
      expect((await ask(stores)).database).toBe('greenroom');
      expect([postgres!.pid, redis!.pid]).not.toEqual(before);
    } finally {
      await stores.close();
    }
  });

  it('can be closed while they are frozen', async () => {
    const stores = await openStores({ mode: 'throw-away', dataDir, log: () => {} });
    const pids = [stores.postgres!.pid, stores.redis!.pid];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await stores.close();
    expect(pids.some(isAlive)).toBe(false);
  });

  it('leave a server alone that was given', async () => {
    const given = { databaseUrl: 'postgres://there/greenroom', redisUrl: 'redis://there:1' };
    const stores = await openStores({ mode: 'throw-away', dataDir, log: () => {}, ...given });
    expect(stores).toMatchObject({ ...given, postgres: null, redis: null });
    await stores.close();
  });
});

describe('persistent stores', () => {
  let folder: string;
  let opened: Stores[];
  beforeEach(() => {
    opened = [];
    folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
    chmodSync(folder, 0o755);
  });
  afterEach(async () => {
    for (const stores of opened) await stores.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = async (log: (line: string) => void = () => {}) => {
    const redisUrl = 'redis://there:1';
    const stores = await openStores({ mode: 'persistent', dataDir: folder, log, redisUrl });
    opened.push(stores);
    return stores;
  };

  it('find their data again, and a lock file that a crash left does not stop them', async () => {
    const first = await open();
    const client = new Client({ connectionString: first.databaseUrl });
    await client.connect();
    await client.query('CREATE TABLE kept AS SELECT 7 AS seven');
    await client.end();
    await first.close();
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${process.pid}\n${folder}/postgres\n`);

    const said: string[] = [];
    const second = await open((line) => said.push(line));
    const again = new Client({ connectionString: second.databaseUrl });
    await again.connect();
    expect((await again.query('SELECT seven FROM kept')).rows).toEqual([{ seven: 7 }]);
    await again.end();
    expect(said.join()).toContain('lock file');
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('are kept elsewhere, and said to be, when the user of Postgres cannot reach them', async () => {
    chmodSync(folder, 0o700);
    const said: string[] = [];
    const { databaseUrl } = await open((line) => said.push(line));
    expect(databaseUrl).toContain('127.0.0.1');
    const elsewhere = /kept in (\S+),/.exec(said.join('\n'))![1]!;
    expect(existsSync(join(elsewhere, 'postgres', 'PG_VERSION'))).toBe(true);
    for (const stores of opened.splice(0)) await stores.close();
    rmSync(elsewhere, { recursive: true });
  });

  it('are refused to a second run while a first one has them', async () => {
    await open();
    await expect(open()).rejects.toThrow(/in use by another run \(process \d+\)/);
  });
});

describe('the keeper', () => {
  const keeperFile = join(repositoryRoot(), 'tools', 'keeper.mjs');

  /** A process that starts a sleeper and hands over a folder, then waits to be killed. */
  function startParent(folder: string): ChildProcess {
    const source = `
      const keeper = require('node:child_process').fork(${JSON.stringify(keeperFile)}, [], { detached: true });
      keeper.on('message', (message) => message.event === 'started' && process.stdout.write(String(message.pid)));
      keeper.send({ op: 'remove', path: ${JSON.stringify(folder)} });
      keeper.send({ op: 'start', id: 1, command: 'sleep', args: ['600'], env: process.env,
        stopSignal: 'SIGTERM', graceMs: 1000 });`;
    return spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'ends what it keeps when its parent is ended by %s',
    async (signal) => {
      const folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
      const parent = startParent(folder);
      const sleeper = Number(await new Promise((resolve) => parent.stdout!.once('data', resolve)));
      expect(isAlive(sleeper)).toBe(true);
      parent.kill(signal);
      expect(await dead([sleeper])).toBe(true);
      const removed = () => Promise.resolve(existsSync(folder) ? undefined : true);
      expect(await waitUntil(removed, { timeoutMs: 20_000 })).toBe(true);
    },
  );

  it('is not needed for what it kept to end: if it is killed itself, that falls to the process that has it', async () => {
    const keeper = new Keeper();
    const sleeper = await keeper.start({ command: 'sleep', args: ['600'], env: { PATH: '/usr/bin:/bin' } });
    process.kill(keeper.pid!, 'SIGKILL');
    expect(await sleeper.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await dead([sleeper.pid])).toBe(true);
    await keeper.close();
  });

  it('reports a program that is not there', async () => {
    const keeper = fork(keeperFile, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const answer = new Promise((resolve) => keeper.once('message', resolve));
    keeper.send({ op: 'start', id: 1, command: '/nowhere/server', args: [], env: {} });
    expect(await answer).toMatchObject({ event: 'failed', id: 1 });
    const ended = new Promise((resolve) => keeper.once('exit', resolve));
    keeper.disconnect();
    expect(await ended).toBe(0);
  });
});
