import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { testServers } from './test-servers';

export interface TestDatabase {
  url: string;
  /** One statement, one connection: for looking at what was written, and for faults. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A database of this spec file's own, cloned from the migrated template in a few ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { databaseUrl, template } = testServers();
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await run(databaseUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const own = new URL(databaseUrl);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    query: (text, values) => run(own.href, text, values),
    drop: async () => {
      await run(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function run<Row extends object>(url: string, text: string, values?: unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
