import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../processes/wait-until';
import { type Rig } from './rig';

const GATEWAYS = 'greenroom-gateway';
const QUIET_MS = 500;

/** One command that has reached Redis. */
export interface Command {
  /** its own name and arguments */
  words: readonly string[];
  /** address and port of the connection */
  source: string;
}

export interface Statements<T> {
  result: T;
  /** the gateways' connections to Postgres */
  connections: number;
  /** those of them that ran a statement */
  touched: number;
}

export interface Traffic<T> extends Statements<T> {
  /** of all processes */
  commands: Command[];
}

/** Whether the gateways ask Postgres anything while something is done. */
export async function watchStatements<T>(rig: Rig, work: () => Promise<T>): Promise<Statements<T>> {
  const before = await lastStatements(rig);
  const result = await work();
  const after = await lastStatements(rig);
  return { result, connections: after.size, touched: differing(before, after) };
}

/** The same, and all that reaches Redis meanwhile. */
export function watchStores<T>(rig: Rig, work: () => Promise<T>): Promise<Traffic<T>> {
  return rig.withRedis(async (redis) => {
    const monitor = await redis.monitor();
    const commands: Command[] = [];
    monitor.on('error', () => undefined);
    monitor.on('monitor', (_time: string, words: string[], source: string) =>
      commands.push({ words, source }),
    );
    try {
      const statements = await watchStatements(rig, work);
      // Redis tells of commands in their order: when this one has been told of, all before it have been
      const last = randomBytes(8).toString('hex');
      await redis.echo(last);
      const place = (): number => commands.findIndex(({ words }) => words.includes(last));
      await waitUntil(() => Promise.resolve(place() >= 0 || undefined), { timeoutMs: 5000 });
      if (place() < 0) throw new Error('Redis did not tell of all commands.');
      return { ...statements, commands: commands.slice(0, place()) };
    } finally {
      monitor.disconnect();
    }
  });
}

/** Waits until the gateways have written down what was before. @throws if they go on and on */
export async function untilQuiet(rig: Rig): Promise<void> {
  const quiet = async (): Promise<true | undefined> => {
    const before = await lastStatements(rig);
    await sleep(QUIET_MS);
    return differing(before, await lastStatements(rig)) === 0 || undefined;
  };
  if (!(await waitUntil(quiet, { timeoutMs: 10_000 })))
    throw new Error('The gateways did not come to rest, though nobody calls.');
}

/**
 * When each of the gateways' connections has begun its last statement, by the server's own records, which are exact: the
 * gateways open all connections that they may have at their start, and keep them.
 */
async function lastStatements(rig: Rig): Promise<Map<string, string>> {
  const rows = await rig.query<{ connection: string; last: string | null }>(
    `SELECT pid || ' ' || backend_start AS connection, query_start::text AS last
     FROM pg_stat_activity WHERE application_name = $1`,
    [GATEWAYS],
  );
  if (rows.length === 0) throw new Error('Postgres knows of no connection of a gateway.');
  return new Map(rows.map(({ connection, last }) => [connection, last ?? '']));
}

/** Connections that have run something in between, are new, or are gone. */
const differing = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number =>
  [...new Set([...before.keys(), ...after.keys()])].filter((each) => before.get(each) !== after.get(each))
    .length;
