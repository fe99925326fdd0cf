import { queuePrefix, QUEUES } from '@greenroom/contracts';
import { waitUntil } from '../processes/wait-until';
import { type Findings, type Outcome } from './scenario';
import { type Rig } from './rig';

/** Which calls: those of the scenario, some of them, or all that were made since a moment of the database's clock. */
export type Scope = { prefix: string } | { callIds: readonly string[] } | { since: Date };

function condition(scope: Scope): { sql: string; value: unknown } {
  if ('prefix' in scope) return { sql: 'starts_with(s.call_id, $1)', value: scope.prefix };
  if ('callIds' in scope) return { sql: 's.call_id = ANY($1)', value: scope.callIds };
  return { sql: 's.created_at >= $1', value: scope.since };
}

export interface Meetings {
  announced: number;
  found: number;
  worstMs: number;
  /** by how they were found */
  by: Record<string, number>;
}

/**
 * How long after its commit each session was driven by its stream, by the timeline in Postgres. Where the stream came
 * later than the webhook, the time that it waited counts.
 */
export async function meetings(rig: Rig, scope: Scope): Promise<Meetings> {
  const { sql, value } = condition(scope);
  const rows = await rig.query<{ found: string | null; count: number; worst: number | null }>(
    `SELECT c.found, count(*)::int AS count,
       max(LEAST(extract(epoch FROM c.at - a.at) * 1000, c.waited))::float8 AS worst
     FROM call_sessions s
     JOIN call_events a ON a.session_id = s.id AND a.type = 'announced'
     LEFT JOIN LATERAL (
       SELECT at, data->>'found' AS found, (data->>'waitedMs')::float8 AS waited FROM call_events
       WHERE session_id = s.id AND type = 'claimed' ORDER BY id LIMIT 1
     ) c ON true
     WHERE ${sql} GROUP BY c.found`,
    [value],
  );
  const claimed = rows.flatMap(({ found, ...row }) => (found === null ? [] : [{ found, ...row }]));
  return {
    announced: rows.reduce((sum, { count }) => sum + count, 0),
    found: claimed.reduce((sum, { count }) => sum + count, 0),
    worstMs: Math.max(0, ...claimed.map(({ worst }) => worst ?? 0)),
    by: Object.fromEntries(claimed.map(({ found, count }) => [found, count])),
  };
}

/** Every call that was placed has to have been found within the bound. */
export async function judgeMeetings(
  rig: Rig,
  findings: Findings,
  { scope, placed, boundMs }: { scope: Scope; placed: number; boundMs: number },
): Promise<Outcome> {
  const { announced, found, worstMs, by } = await meetings(rig, scope);
  findings.expect(announced === placed, `${announced} of ${placed} sessions were written`);
  findings.expect(found === announced, `${announced - found} committed sessions were not found`);
  findings.expect(
    worstMs <= boundMs,
    `one was found ${Math.round(worstMs)} ms after its commit, ${boundMs} are allowed`,
  );
  const ways = Object.entries(by).map(([way, count]) => `${way} ${count}`);
  findings.note(`found by ${ways.join(', ') || 'nothing'}`);
  return findings.outcome({ placed, found, lost: placed - found, worstMs });
}

/** How many of the scenario's sessions are as the condition says. */
export async function countSessions(rig: Rig, sql: string): Promise<number> {
  const [row] = await rig.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM call_sessions s WHERE starts_with(s.call_id, $1) AND ${sql}`,
    [rig.prefix],
  );
  return row?.count ?? 0;
}

/** Events of a kind in the timelines of the scenario's calls. */
export async function countEvents(rig: Rig, type: string): Promise<number> {
  const [row] = await rig.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM call_events e JOIN call_sessions s ON s.id = e.session_id
     WHERE starts_with(s.call_id, $1) AND e.type = $2`,
    [rig.prefix, type],
  );
  return row?.count ?? 0;
}

/** Jobs that are not done yet, as BullMQ keeps them. */
export function backlog(rig: Rig): Promise<number> {
  const name = (part: string) =>
    `${queuePrefix(rig.stack.description.environment)}:${QUEUES.sessions}:${part}`;
  return rig.withRedis(async (redis) => {
    const counts = await Promise.all([
      redis.llen(name('wait')),
      redis.llen(name('active')),
      redis.zcard(name('delayed')),
      redis.zcard(name('prioritized')),
    ]);
    return counts.reduce((sum, count) => sum + count, 0);
  });
}

/** Rows of the outbox of the scenario's calls that nobody has been told of. */
export async function untold(rig: Rig): Promise<number> {
  const [row] = await rig.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM outbox o JOIN call_sessions s ON s.id = o.session_id
     WHERE o.published_at IS NULL AND starts_with(s.call_id, $1)`,
    [rig.prefix],
  );
  return row?.count ?? 0;
}

/** How long it takes until it holds, ms; null: not within the time allowed. */
export async function msUntil(
  holds: () => Promise<boolean>,
  timeoutMs: number,
  since = performance.now(),
): Promise<number | null> {
  const reached = await waitUntil(async () => (await holds().catch(() => false)) || undefined, {
    timeoutMs: timeoutMs - (performance.now() - since),
  });
  return reached ? performance.now() - since : null;
}
