import type { TestDatabase } from '@greenroom/testing';
import { waitUntil } from '@greenroom/tools';

const SETTLE_MS = 10_000;

/**
 * A digest of every row of each table, by the table's name, taken when nothing is on its way any more: an outbox row that
 * waits to be marked as published would change by itself.
 */
export async function tableContents(database: TestDatabase): Promise<Record<string, string>> {
  const settled = await waitUntil(() => isSettled(database), { timeoutMs: SETTLE_MS });
  if (!settled) throw new Error('the outbox was not worked off');
  const tables = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const digests = await Promise.all(tables.map(async ({ name }) => [name, await digest(database, name)]));
  return Object.fromEntries(digests) as Record<string, string>;
}

async function isSettled(database: TestDatabase): Promise<true | undefined> {
  const waiting = await database.query('SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1');
  return waiting.length === 0 ? true : undefined;
}

async function digest(database: TestDatabase, table: string): Promise<string> {
  const [row] = await database.query<{ digest: string }>(
    `SELECT count(*) || ' rows, ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM "${table}" t`,
  );
  return row?.digest ?? '';
}
