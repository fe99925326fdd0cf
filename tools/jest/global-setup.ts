import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { migrate } from '@greenroom/entities';
import { Client } from 'pg';
import { repositoryRoot } from '../src/config';
import { openStores, type Stores } from '../src/stores/open-stores';

/** What global-teardown has to undo; both run in one process. */
export interface TestStores {
  stores: Stores;
  adminUrl: string;
  template: string;
}

declare global {
  var greenroomTestStores: TestStores | undefined;
}

/**
 * One throw-away Postgres and Redis for the run, or the servers that `TEST_DATABASE_URL` and `TEST_REDIS_URL`, or else
 * `DATABASE_URL` and `REDIS_URL`, name: those see databases and key prefixes of the tests' own only.
 * Leaves in the environment of the specs: `TEST_DATABASE_URL` (database `postgres`, may create databases),
 * `TEST_REDIS_URL`, `TEST_TEMPLATE` (a database with all migrations, to be cloned), and, where the servers are ours,
 * `TEST_POSTGRES_PID` and `TEST_REDIS_PID`.
 */
export default async function setUp(): Promise<void> {
  const { env } = process;
  const stores = await openStores({
    mode: 'throw-away',
    dataDir: join(repositoryRoot(), '.data'),
    log: () => {},
    databaseUrl: env['TEST_DATABASE_URL'] || env['DATABASE_URL'],
    redisUrl: env['TEST_REDIS_URL'] || env['REDIS_URL'],
  });
  try {
    const adminUrl = withDatabase(stores.databaseUrl, 'postgres');
    const template = stores.postgres
      ? 'greenroom_template'
      : `greenroom_template_${randomBytes(4).toString('hex')}`;
    globalThis.greenroomTestStores = { stores, adminUrl, template };
    await createTemplate(adminUrl, template);
    env['TEST_DATABASE_URL'] = adminUrl;
    env['TEST_REDIS_URL'] = stores.redisUrl;
    env['TEST_TEMPLATE'] = template;
    if (stores.postgres) env['TEST_POSTGRES_PID'] = String(stores.postgres.pid);
    if (stores.redis) env['TEST_REDIS_PID'] = String(stores.redis.pid);
  } catch (error) {
    await stores.close();
    throw error;
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function createTemplate(adminUrl: string, template: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${template}`);
  } finally {
    await client.end();
  }
  await migrate(withDatabase(adminUrl, template));
}
