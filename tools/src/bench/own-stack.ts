import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { repositoryRoot } from '../config';
import { Keeper } from '../processes/keeper';
import { type Stack, type StackOptions, startStack } from '../stack';
import { throwAwayFolder } from '../stores/folders';
import { openStores, type Stores } from '../stores/open-stores';

/** Real stores and real processes of one group alone. */
export interface OwnStack {
  stack: Stack;
  stores: Stores;
  /** of files that the group and the processes need; removed at the end */
  folder: string;
  query: <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  close(): Promise<void>;
}

/** @param prepare puts files into the folder, and says what the stack is started with. @throws with nothing left running */
export async function openOwnStack(
  prepare: (folder: string) => Partial<StackOptions>,
  say: (line: string) => void,
): Promise<OwnStack> {
  const keeper = new Keeper(true);
  const closing = [() => keeper.close()];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    say('starting a Postgres, a Redis and the processes');
    const folder = throwAwayFolder(keeper, null);
    const dataDir = join(repositoryRoot(), '.data');
    const stores = await openStores({ mode: 'throw-away', dataDir, log: () => {} });
    closing.push(() => stores.close());
    const { databaseUrl, redisUrl } = stores;
    const stack = await startStack({ ...prepare(folder), databaseUrl, redisUrl });
    closing.push(() => stack.stop());
    return { stack, stores, folder, query: queryOf(databaseUrl), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** On a connection of its own each time: one that stays would be among what is measured. */
function queryOf(connectionString: string): OwnStack['query'] {
  return async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
    const client = new Client({ connectionString, connectionTimeoutMillis: 5000 });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
}
