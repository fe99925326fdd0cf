import { Client } from 'pg';

/** Undoes global-setup: stops the servers that it started, or removes its database from those that it was given. */
export default async function tearDown(): Promise<void> {
  const opened = globalThis.greenroomTestStores;
  if (!opened) return;
  globalThis.greenroomTestStores = undefined;
  const { stores, adminUrl, template } = opened;
  try {
    if (!stores.postgres) await drop(adminUrl, template);
  } finally {
    await stores.close();
  }
}

async function drop(adminUrl: string, database: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
