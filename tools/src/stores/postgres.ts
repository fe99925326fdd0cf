import { Client } from 'pg';
import { type Keeper } from '../processes/keeper';
import { type PostgresBinaries } from './postgres-binaries';
import { type Cluster, SUPERUSER } from './postgres-cluster';
import { runServer, type StoreServer } from './server';
import { type ServerUser } from './server-user';

export interface PostgresOptions {
  keeper: Keeper;
  binaries: PostgresBinaries;
  user: ServerUser | null;
  cluster: Cluster;
  throwAway: boolean;
}

const DATABASE = 'greenroom';
/** SQLSTATE: the server is starting up, or recovers */
const CANNOT_CONNECT_NOW = '57P03';

export async function startPostgres(options: PostgresOptions): Promise<{ server: StoreServer; url: string }> {
  const { keeper, binaries, user, cluster, throwAway } = options;
  const urlOf = (port: number, database: string) =>
    `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
  const server = await runServer({
    keeper,
    name: 'Postgres',
    preferredPort: throwAway ? undefined : 25_432,
    spec: (port) => ({
      command: binaries.postgres,
      args: ['-D', cluster.folder, '-p', String(port), ...settings(throwAway)],
      cwd: cluster.folder,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      // the fast shutdown: rolls back and disconnects; SIGTERM would wait for the clients
      stopSignal: 'SIGINT',
      ...user,
    }),
    answers: (port) => answers(urlOf(port, 'postgres')),
  });
  await createDatabase(urlOf(server.port, 'postgres'));
  return { server, url: urlOf(server.port, DATABASE) };
}

function settings(throwAway: boolean): string[] {
  const always = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '400',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  // what is thrown away need not survive a power cut, nor leave segments in /dev/shm after a SIGKILL
  const fast = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    dynamic_shared_memory_type: 'mmap',
  };
  return Object.entries(throwAway ? { ...always, ...fast } : always).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    // five characters are an SQLSTATE: a server answered, and refused us
    if (/^[0-9A-Z]{5}$/.test(code) && code !== CANNOT_CONNECT_NOW) throw error;
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
