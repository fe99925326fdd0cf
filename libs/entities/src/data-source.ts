import { DataSource } from 'typeorm';
import { Pool, type PoolConfig } from 'pg';
import { CallEventEntity } from './call-event.entity';
import { CallSessionEntity } from './call-session.entity';
import { CallTurnEntity } from './call-turn.entity';
import { CustomerEntity } from './customer.entity';
import { Initial1763800000000 } from './migrations/1763800000000-initial';
import { TurnsAndNextStep1769900000000 } from './migrations/1769900000000-turns-and-next-step';
import { CallEnd1772600000000 } from './migrations/1772600000000-call-end';
import { OutboxEntity } from './outbox.entity';

export interface DatabaseOptions {
  url: string;
  /** shown in pg_stat_activity */
  applicationName: string;
  poolSize?: number;
  /** told of errors of idle connections, which would otherwise end the process */
  onPoolError?: (error: unknown) => void;
}

const schema = {
  type: 'postgres' as const,
  entities: [CustomerEntity, CallSessionEntity, CallEventEntity, CallTurnEntity, OutboxEntity],
  migrations: [Initial1763800000000, TurnsAndNextStep1769900000000, CallEnd1772600000000],
  migrationsTableName: 'migrations',
  synchronize: false,
};

/**
 * Every wait has an end: a frozen server answers nothing, so the client gives up by itself (`query_timeout`), just
 * after the server would have (`statement_timeout`); a full pool refuses after 500 ms.
 */
const BOUNDS = {
  connectionTimeoutMillis: 500,
  statement_timeout: 800,
  query_timeout: 1000,
  lock_timeout: 500,
  idle_in_transaction_session_timeout: 5000,
  keepAlive: true,
};

/**
 * Connections for the statements of every call: pg's own pool, since TypeORM's `query` names no statement and
 * Postgres would plan each one anew.
 */
export function createPool(options: DatabaseOptions): Pool {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolSize ?? 10,
    // a connection costs tens of ms to make: those that a burst has opened stay for the next
    idleTimeoutMillis: 0,
    ...BOUNDS,
  });
  pool.on('error', options.onPoolError ?? (() => undefined));
  return pool;
}

/** How long a statement may wait to be sent, ms: as long as the pool lets it wait for a connection. */
export const longestWaitOf = ({ options }: { options?: PoolConfig }): number =>
  options?.connectionTimeoutMillis || BOUNDS.connectionTimeoutMillis;

/**
 * Opens all connections of the pool, so that the first burst of calls finds them made. What cannot be opened now is
 * opened when it is needed; what could be is given back in any case.
 */
export async function warmUp(pool: Pool): Promise<void> {
  const opening = Array.from({ length: pool.options.max }, () => pool.connect());
  for (const opened of await Promise.allSettled(opening)) {
    if (opened.status === 'fulfilled') opened.value.release();
  }
}

/** TypeORM, for the schema and for what operators read. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    ...schema,
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolSize ?? 4,
    poolErrorHandler: options.onPoolError,
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    // an operator's read may wait in line; a call's statement may not
    extra: { ...BOUNDS, connectionTimeoutMillis: 5000 },
  });
}

/**
 * Brings the schema up to date. Safe to call from several processes at once: one runs, the others wait for it.
 * @returns the names of the migrations that were run
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const dataSource = new DataSource({ ...schema, url: databaseUrl, applicationName: 'greenroom-migrate' });
  await dataSource.initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`SELECT pg_advisory_lock(hashtext('greenroom-migrate'))`);
    return (await dataSource.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } finally {
    await runner.query(`SELECT pg_advisory_unlock(hashtext('greenroom-migrate'))`);
    await runner.release();
    await dataSource.destroy();
  }
}

/** @throws if the schema is older than this program: it must not serve */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  if (await dataSource.showMigrations()) {
    throw new Error(
      'The database schema is older than this program. Run `npm run migrate`, then start again.',
    );
  }
}
