import type { Session } from '@greenroom/contracts';
import type { Pool } from 'pg';
import { Batcher } from './batcher';
import { longestWaitOf } from './data-source';
import { isOfOneRow } from './row-error';
import { columnsOf, nameOf, toSession, type SessionRow } from './session-row';
import { FIND, FIND_MANY } from './session-statements';

/** A call as the parameters of a statement. */
type Key = [provider: string, account: string, callId: string];

/** Told from the looks for all that wait: a name of its own. */
const TOGETHER = { name: 'greenroom-find-together' };

/** Looks for calls, each with its own result. */
export interface Finding {
  run(key: Key): Promise<Session | null>;
}

/**
 * Looks for single calls, naturally batched: when many streams open at once, as they do after a gateway was restarted, they
 * look for their sessions by one statement for up to 64 of them.
 */
export const batchedFinding = (pool: Pool, { longestWaitMs = longestWaitOf(pool) } = {}): Finding =>
  new Batcher({
    one: (key) => findOne(pool, key),
    many: (keys) => findAll(pool, keys),
    keysOf: () => [],
    isOfOneItem: isOfOneRow,
    ...{ atOnce: 2, most: 64, mostWaiting: 10_000, longestWaitMs },
  });

async function findOne(pool: Pool, values: Key): Promise<Session | null> {
  const { rows } = await pool.query<SessionRow>({ ...FIND, values });
  return rows[0] ? toSession(rows[0]) : null;
}

/** In the order of the keys; null where there is none. */
async function findAll(pool: Pool, keys: readonly Key[]): Promise<(Session | null)[]> {
  const { rows } = await pool.query<SessionRow>({ ...FIND_MANY, ...TOGETHER, values: columnsOf(keys) });
  const found = new Map(rows.map((row) => [nameOf(row), toSession(row)]));
  return keys.map((key) => found.get(key.join('|')) ?? null);
}
