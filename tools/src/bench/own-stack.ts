import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { repositoryRoot } from '../config';
import { Keeper } from '../processes/keeper';
import { type Stack, type StackOptions, startStack } from '../stack';
import { readable } from '../stack/log-lines';
import { throwAwayFolder } from '../stores/folders';
import { openStores, type Stores } from '../stores/open-stores';

/** Real stores and real processes of one group alone. */
export interface OwnStack {
  stack: Stack;
  stores: Stores;
  /** of files that the group and the processes need; removed at the end */
  folder: string;
  query: <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
}

export interface OwnStackOptions {
  /** Puts files into the folder, and says what the processes are started with. */
  prepare: (folder: string) => Partial<StackOptions>;
  say: (line: string) => void;
}

/** Warnings that are told where something could not be measured. */
const TOLD = 10;

/** Starts all of it for as long as the work lasts. @throws what the work throws, with what the processes complained of */
export async function withOwnStack<T>(
  { prepare, say }: OwnStackOptions,
  work: (own: OwnStack) => Promise<T>,
): Promise<T> {
  const keeper = new Keeper(true);
  const closing = [() => keeper.close()];
  try {
    say('starting a Postgres, a Redis and the processes');
    const folder = throwAwayFolder(keeper, null);
    const dataDir = join(repositoryRoot(), '.data');
    const stores = await openStores({ mode: 'throw-away', dataDir, log: () => {} });
    closing.push(() => stores.close());
    const { databaseUrl, redisUrl } = stores;
    const stack = await startStack({ ...prepare(folder), databaseUrl, redisUrl });
    closing.push(() => stack.stop());
    return await work({ stack, stores, folder, query: queryOf(databaseUrl) }).catch((error: unknown) => {
      throw new Error([messageOf(error), ...complaintsOf(stack)].join('\n'), { cause: error });
    });
  } finally {
    for (const each of closing.reverse()) await each();
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const complaintsOf = ({ logs }: Stack): string[] =>
  logs
    .filter(({ fields }) => ['warn', 'error', 'fatal'].includes(String(fields?.['level'])))
    .slice(-TOLD)
    .map(readable);
