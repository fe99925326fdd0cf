import { createDataSource } from '@greenroom/entities';
import { judgeUnreachable, placeOf, withPostgres } from './connections';
import { notChecked, ok, warning, wrong, type Check, type NamedVerdict, type Verdict } from './finding';
import { codeOf } from './network-error';
import type { Setup } from './setup';

export const postgresChecks = ({ databaseUrl, composed }: Setup): Check[] => [
  {
    group: 'stores',
    name: 'Postgres',
    run: async () => {
      if (databaseUrl === null) return notChecked('DATABASE_URL is missing or wrong');
      const server = await lookAt(databaseUrl, composed);
      if (server.status !== 'ok') return server;
      return [
        { name: 'Postgres', ...server },
        { name: 'Postgres schema', ...(await lookAtSchema(databaseUrl)) },
      ] satisfies NamedVerdict[];
    },
  },
];

interface Server {
  version: string;
  standby: boolean;
}

async function lookAt(url: string, composed: boolean): Promise<Verdict> {
  try {
    const text = `SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby`;
    const { rows } = await withPostgres(url, (client) => client.query<Server>(text));
    const [server] = rows;
    if (server?.standby)
      return wrong(`${placeOf(url)} is a standby and takes no writes: name the primary in DATABASE_URL`);
    return ok(`${server?.version ?? ''} at ${placeOf(url)}`);
  } catch (error) {
    return judgeUnreachable(error, `${placeOf(url)}, DATABASE_URL`, composed);
  }
}

async function lookAtSchema(url: string): Promise<Verdict> {
  const dataSource = createDataSource({ url, applicationName: 'greenroom-doctor', poolSize: 1 });
  try {
    await dataSource.initialize();
    const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
    return judgeMigrations(known, await appliedTo(url));
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function appliedTo(url: string): Promise<string[]> {
  try {
    const text = 'SELECT name FROM migrations ORDER BY id';
    return (await withPostgres(url, (client) => client.query<{ name: string }>(text))).rows.map(
      ({ name }) => name,
    );
  } catch (error) {
    // no such table: there has never been one
    if (codeOf(error) === '42P01') return [];
    throw error;
  }
}

/** @param known of this program @param applied to the database; both by name, oldest first */
export function judgeMigrations(known: readonly string[], applied: readonly string[]): Verdict {
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length > 0) return wrong(`migrations are missing: ${missing.join(', ')}. Run npm run migrate`);
  const newer = applied.filter((name) => !known.includes(name));
  if (newer.length > 0)
    return warning(`newer than this program, by ${newer.join(', ')}: is an old release running?`);
  return ok(`up to date, ${known.length} migrations`);
}
