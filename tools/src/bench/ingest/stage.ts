import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnStack, withOwnStack } from '../own-stack';
import { type Served, serve } from '../own-process';
import { CALLERS } from './webhooks';

/** All that is measured: each of them on the same Postgres and the same Redis. */
export interface Stage {
  own: OwnStack;
  /** port and process of the ingest, and of the bare server */
  ours: { port: number; pid: number };
  bare: Pick<Served, 'port' | 'pid'>;
  /** processes behind both */
  stores: Readonly<Record<'postgres' | 'redis', number>>;
  /** Forgets all calls: every load finds the same customers and tables as small. */
  reset: () => Promise<void>;
}

/** Starts all of it for as long as the work lasts. */
export const withStage = <T>(say: (line: string) => void, work: (stage: Stage) => Promise<T>): Promise<T> =>
  withOwnStack(
    { say, prepare: (folder) => ({ env: { ingest: { NODE_OPTIONS: writeLogging(folder) } } }) },
    async (own) => {
      const { stack, stores, query } = own;
      const [ingest] = stack.ingests;
      if (!ingest || !stores.postgres || !stores.redis)
        throw new Error('The stores have to be those of the bench.');
      await setUp(own, databaseOf(stores.databaseUrl));
      const bare = await serve({
        program: 'baselines/bare-ingest',
        args: [stack.stackFile],
        env: { DATABASE_URL: stores.databaseUrl },
      });
      try {
        return await work({
          own,
          ours: { port: Number(ingest.port), pid: ingest.pid },
          bare,
          stores: { postgres: stores.postgres.pid, redis: stores.redis.pid },
          reset: async () => void (await query('TRUNCATE call_sessions CASCADE')),
        });
      } finally {
        await bare.stop();
      }
    },
  );

/**
 * Commits wait for the log to be written, as they do where data matters (not for the disk: a throw-away Postgres has none to
 * lose). Nobody else is at work: the relay would tell of all that the baselines write.
 */
async function setUp({ stack, query }: OwnStack, database: string): Promise<void> {
  await Promise.all([stack.worker, ...stack.gateways].map((each) => each.stop()));
  await query(`ALTER DATABASE ${database} SET synchronous_commit = on`);
  await query(
    `INSERT INTO customers (account, phone, full_name, language, attributes)
     SELECT 'default', '+9190000' || lpad(n::text, 5, '0'), 'Asha Rao', 'hi', '{"loan":"LN-1"}'
     FROM generate_series(0, $1 - 1) AS n`,
    [CALLERS],
  );
  await query('VACUUM ANALYZE customers');
  // its connections are from before
  await stack.ingests[0]?.restart();
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

/**
 * Part of the ingest, which gets its text: the lines of its log go to a file, as in production, since whoever reads them
 * here would be measured with it.
 * @returns the value of NODE_OPTIONS
 */
function writeLogging(folder: string): string {
  const [module, log] = [join(folder, 'logging.cjs'), join(folder, 'ingest.log')];
  // the lowest number that is free is that of stdout
  const text = `if (require('node:worker_threads').isMainThread) {
    const { closeSync, openSync } = require('node:fs');
    closeSync(1);
    openSync(${JSON.stringify(log)}, 'a');
  }\n`;
  writeFileSync(module, text);
  return `--require=${JSON.stringify(module)}`;
}
