import type { Session } from '@greenroom/contracts';
import type { Pool } from 'pg';
import { SettledDebts } from './settled-debts';
import { sessionColumns, toSession, type SessionRow } from './session-row';

/**
 * Sessions of which the world has not been told yet. A row is written with its session in one transaction, so that a
 * process that dies between commit and publish loses nothing. Delivery is at least once, and in order.
 */
export class PgOutbox {
  private readonly settled: SettledDebts;

  /** @param onUnsettled told why debts that are paid could not be marked; the relay will pay them once more */
  constructor(
    private readonly pool: Pool,
    onUnsettled: (error: unknown) => void = () => undefined,
  ) {
    this.settled = new SettledDebts((debts) => markDebts(pool, debts), onUnsettled);
  }

  /**
   * Whoever told of a session right after its commit spares the relay the work. Nobody waits for it: it is written with
   * others, and what cannot be is told once more, which is harmless. `drain` before the pool is closed.
   * @param debt as `announce` has named it
   */
  settle(debt: string): void {
    this.settled.add(debt);
  }

  /** Resolves when what was settled is written, or given up: within about two of the pool's time-outs. */
  drain(): Promise<void> {
    return this.settled.drain();
  }

  /** The same for all that is owed for a session up to its version, by whoever does not know the debt's name. */
  async markPublished({ sessionId, version }: Session): Promise<void> {
    await this.pool.query({
      name: 'greenroom-outbox-mark',
      text: `UPDATE outbox SET published_at = clock_timestamp()
             WHERE session_id = $1 AND version <= $2 AND published_at IS NULL`,
      values: [sessionId, version],
    });
  }

  /**
   * Delivers what is older than `minAgeMs`, oldest first, and marks it. Rows that another relay holds are skipped.
   * The first failure ends the batch, and so does its time: what was delivered until then is marked, the rest stays.
   * @returns how many were delivered, and the error that ended the batch
   */
  async relay(
    deliver: (session: Session) => Promise<void>,
    options: { limit: number; minAgeMs: number },
  ): Promise<{ delivered: number; error: unknown }> {
    const client = await this.pool.connect();
    // the pool listens to idle connections only: without a listener one that breaks in here would end the process
    client.on('error', failsItsStatement);
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<SessionRow & { outbox_id: string }>({
        name: 'greenroom-outbox-take',
        text: `SELECT o.id AS outbox_id, ${sessionColumns('s', 'c')}
               FROM outbox o JOIN call_sessions s ON s.id = o.session_id LEFT JOIN customers c ON c.id = s.customer_id
               WHERE o.published_at IS NULL AND o.created_at < clock_timestamp() - $2::int * interval '1 ms'
               ORDER BY o.id LIMIT $1 FOR UPDATE OF o SKIP LOCKED`,
        values: [options.limit, options.minAgeMs],
      });
      const { done, error } = await deliverInOrder(rows, deliver);
      if (done.length > 0) {
        const mark = `UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY($1::bigint[])`;
        await client.query(mark, [done]);
      }
      await client.query('COMMIT');
      client.release();
      return { delivered: done.length, error };
    } catch (error) {
      // the connection may be broken or in the middle of a transaction: it does not go back to the pool
      client.release(true);
      throw error;
    } finally {
      client.off('error', failsItsStatement);
    }
  }

  /** @returns how many rows that were published more than `olderThanMs` ago are gone now */
  async prune(olderThanMs: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM outbox WHERE id IN (
         SELECT id FROM outbox WHERE published_at < clock_timestamp() - $1::bigint * interval '1 ms' LIMIT 5000)`,
      [olderThanMs],
    );
    return rowCount ?? 0;
  }
}

/** By the primary key: a look at what is unpublished would read again all that has been published since the last vacuum. */
async function markDebts(pool: Pool, debts: readonly string[]): Promise<void> {
  await pool.query({
    name: 'greenroom-outbox-settle',
    text: `UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY($1::bigint[]) AND published_at IS NULL`,
    values: [debts],
  });
}

/**
 * Far below the 5 s after which Postgres ends a transaction in which nothing is asked: what was delivered in there would be
 * delivered again each time, and nothing behind it ever.
 */
const LONGEST_MS = 2000;

/** Whoever awaits the statement at hand, or sends the next one, is told. */
const failsItsStatement = (): void => undefined;

async function deliverInOrder(
  rows: readonly (SessionRow & { outbox_id: string })[],
  deliver: (session: Session) => Promise<void>,
): Promise<{ done: string[]; error: unknown }> {
  const done: string[] = [];
  const until = performance.now() + LONGEST_MS;
  for (const row of rows) {
    if (performance.now() > until) break;
    try {
      await deliver(toSession(row));
    } catch (error) {
      return { done, error };
    }
    done.push(row.outbox_id);
  }
  return { done, error: null };
}
