import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainEnvironment } from '../../config';
import { Keeper } from '../../processes/keeper';
import { findOnPath } from '../../stores/redis-runtime';
import { serve } from '../own-process';
import { processorOf } from './processor';
import { pgbenchScript } from './statement-text';
import { type Stage } from './stage';

/** What Postgres did while a client ran nothing but the statement of an announcement. */
export interface StatementCost {
  perSecond: number;
  /** processor time of Postgres for each, µs */
  postgresUs: number;
}

/** The cheapest client that there is here. */
export type Client = 'pgbench' | 'bare protocol loop';

const CONNECTIONS = 16;
/** until all connections are open and have planned the statement */
const SETTLE_MS = 1000;

export const clientHere = (): Client =>
  findOnPath(['pgbench'], plainEnvironment()['PATH']) === undefined ? 'bare protocol loop' : 'pgbench';

/** @param forMs how long it is looked at */
export async function measureStatements(stage: Stage, client: Client, forMs: number): Promise<StatementCost> {
  const stop = await (client === 'pgbench' ? startPgbench(stage, forMs) : startLoop(stage));
  try {
    await sleep(SETTLE_MS);
    const [before, startedAt] = [await look(stage), performance.now()];
    await sleep(forMs);
    const [after, endedAt] = [await look(stage), performance.now()];
    const statements = after.statements - before.statements;
    return {
      perSecond: (statements * 1000) / (endedAt - startedAt),
      postgresUs: ((after.postgresMs - before.postgresMs) * 1000) / statements,
    };
  } finally {
    await stop();
  }
}

/** Each statement takes one number for its row in the outbox. */
async function look({ own, stores }: Stage): Promise<{ statements: number; postgresMs: number }> {
  const [row] = await own.query<{ last_value: string }>('SELECT last_value FROM outbox_id_seq');
  const { postgres = 0 } = processorOf({ postgres: stores.postgres });
  return { statements: Number(row?.last_value), postgresMs: postgres };
}

async function startLoop({ own }: Stage): Promise<() => Promise<void>> {
  const loop = await serve({
    program: 'baselines/protocol-loop',
    args: [String(CONNECTIONS)],
    env: { DATABASE_URL: own.stores.databaseUrl },
  });
  return () => loop.stop();
}

async function startPgbench({ own }: Stage, forMs: number): Promise<() => Promise<void>> {
  const script = join(own.folder, 'announce.sql');
  writeFileSync(script, pgbenchScript());
  const { hostname, port, username, password, pathname } = new URL(own.stores.databaseUrl);
  const seconds = Math.ceil((SETTLE_MS + forMs) / 1000) + 5;
  const keeper = new Keeper();
  const said: string[] = [];
  const { exited } = await keeper.start({
    command: 'pgbench',
    args: [
      ...['--no-vacuum', '--protocol=prepared', '--client', String(CONNECTIONS), '--jobs', '2'],
      ...['--time', String(seconds), '--file', script, '-h', hostname, '-p', port, '-U', username],
      pathname.slice(1),
    ],
    env: { ...plainEnvironment(), PGPASSWORD: password },
    onLine: (line) => said.push(line),
  });
  let ended = false;
  void exited.then(() => (ended = true));
  return async () => {
    const tooSoon = ended;
    await keeper.close();
    if (tooSoon) throw new Error(`pgbench ended by itself. It said:\n${said.slice(-10).join('\n')}`);
  };
}
