import { ofKey, sessionColumns } from './session-row';

/**
 * The store's statements. Each is one round trip and one transaction, named, so that Postgres plans it once a
 * connection. In all of them $1, $2, $3 are provider, account and call id.
 */

const select = (from: string) =>
  `SELECT ${sessionColumns('s', 'c')} FROM ${from} s LEFT JOIN customers c ON c.id = s.customer_id`;

const statement = (name: string, text: string) => ({ name: `greenroom-${name}`, text });

export const FIND = statement('find', `${select('call_sessions')} WHERE ${ofKey('s')}`);

/** $1, $2, $3: three arrays of one length. Selected by one index scan, whatever the number of keys. */
export const FIND_MANY = statement(
  'find-many',
  `${select('call_sessions')}
   WHERE (s.provider, s.account, s.call_id) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
);

/** $4 true: the CRM answered with $5 full name, $6 language, $7 attributes. $4 false: its budget is spent. */
export const ENRICH = statement(
  'enrich',
  `WITH pending AS (
     SELECT id, customer_id FROM call_sessions p WHERE ${ofKey('p')} AND p.enrichment = 'pending' FOR UPDATE
   ), merged AS (
     UPDATE customers m SET
       full_name = COALESCE($5::text, m.full_name),
       language = COALESCE($6::text, m.language),
       attributes = m.attributes || $7::jsonb,
       updated_at = clock_timestamp()
     FROM pending WHERE m.id = pending.customer_id AND $4::boolean
   ), s AS (
     UPDATE call_sessions e SET
       enrichment = CASE WHEN $4::boolean THEN 'merged' ELSE 'gave-up' END,
       attributes = CASE WHEN e.customer_id IS NULL AND $4::boolean THEN e.attributes || $7::jsonb ELSE e.attributes END,
       state = CASE e.state WHEN 'received' THEN 'ready' ELSE e.state END,
       version = e.version + 1,
       updated_at = clock_timestamp()
     FROM pending WHERE e.id = pending.id
     RETURNING e.id, e.version
   ), owed AS (
     INSERT INTO outbox (session_id, version) SELECT id, version FROM s
   ), told AS (
     INSERT INTO call_events (session_id, type, data)
     SELECT id, CASE WHEN $4::boolean THEN 'crm-answered' ELSE 'crm-gave-up' END, '{}' FROM s
   )
   SELECT id FROM s`,
);

/** $4 state, $5 ms waited. */
export const CONCEDE = statement(
  'concede',
  `WITH s AS (
     INSERT INTO call_sessions (provider, account, call_id, state, waited_ms, outcome, ended_at)
     VALUES ($1, $2, $3, $4::text, $5,
       CASE WHEN $4::text = 'timed_out' THEN 'no-customer-data' END,
       CASE WHEN $4::text = 'timed_out' THEN clock_timestamp() END)
     ON CONFLICT DO NOTHING
     RETURNING id
   )
   INSERT INTO call_events (session_id, type, data)
   SELECT id, 'wait-timed-out', jsonb_build_object('waitedMs', $5::int) FROM s`,
);

/** $4 owner, $5 epoch, $6 next step. The version stays: no session that anybody holds is out of date through it. */
export const DECIDE_NEXT = statement(
  'decide-next',
  `WITH s AS (
     UPDATE call_sessions SET next_step = $6::text, updated_at = clock_timestamp()
     WHERE ${ofKey('call_sessions')} AND owner = $4 AND epoch = $5 AND state = 'active'
     RETURNING id
   ), told AS (
     INSERT INTO call_events (session_id, type, data, once)
     SELECT id, 'next-step-decided', jsonb_build_object('next', $6::text), 'next-step-decided' FROM s
     ON CONFLICT (session_id, once) WHERE once IS NOT NULL DO NOTHING
   )
   SELECT id FROM s`,
);

export const FIND_OUTLOOK = statement(
  'find-outlook',
  `SELECT state, next_step FROM call_sessions WHERE ${ofKey('call_sessions')}`,
);

/** $4 owner, $5 epoch, $6 outcome, $7 close code. */
export const FINISH = statement(
  'finish',
  `WITH s AS (
     UPDATE call_sessions SET
       state = 'ended', outcome = $6::text, close_code = $7::int, owner = NULL, lease_until = NULL,
       next_step = CASE $6::text WHEN 'transferred' THEN 'transfer' ELSE next_step END,
       ended_at = clock_timestamp(), version = version + 1, updated_at = clock_timestamp()
     WHERE ${ofKey('call_sessions')} AND owner = $4 AND epoch = $5 AND state = 'active'
     RETURNING id
   ), told AS (
     INSERT INTO call_events (session_id, type, data)
     SELECT id, 'conversation-ended', jsonb_build_object('outcome', $6::text, 'closeCode', $7::int) FROM s
   )
   SELECT id FROM s`,
);

/** $4 type, $5 data, $6 names the fact. */
export const RECORD = statement(
  'record',
  `INSERT INTO call_events (session_id, type, data, once)
   SELECT s.id, $4, $5::jsonb, $6 FROM call_sessions s WHERE ${ofKey('s')}
   ON CONFLICT (session_id, once) WHERE once IS NOT NULL DO NOTHING`,
);

/** Who knows why the call is over ends a session that nobody drives; who does not knows of a stream alone. */
const ENDS = `($4::text IS NOT NULL AND u.state IN ('received', 'ready'))`;

/**
 * $4 reason or null, $5 end in unix ms or null, $6 ms from answer to end or null, $7 data of the line.
 *
 * What is known already stays, so whoever comes again changes no row. Copies that run at the same time are ordered by the
 * lock on the session. One line stands on the timeline, of the first that knew a reason; before that, of the first.
 */
export const CALL_ENDED = statement(
  'call-ended',
  `WITH k AS (
     SELECT id, next_step FROM call_sessions WHERE ${ofKey('call_sessions')} FOR NO KEY UPDATE
   ), told AS (
     INSERT INTO call_events AS line (session_id, type, data, once)
     SELECT k.id, 'call-ended', $7::jsonb, 'call-ended' FROM k
     WHERE $4::text IS NOT NULL OR k.next_step IS NULL
     ON CONFLICT (session_id, once) WHERE once IS NOT NULL DO UPDATE SET data = EXCLUDED.data
     WHERE line.data->>'reason' IS NULL AND EXCLUDED.data->>'reason' IS NOT NULL
   ), e AS (
     UPDATE call_sessions u SET
       end_reason = COALESCE(u.end_reason, $4::text),
       call_ended_at = COALESCE(u.call_ended_at, to_timestamp($5::float8 / 1000)),
       call_ms = COALESCE(u.call_ms, $6::int),
       ended_at = CASE WHEN ${ENDS} THEN clock_timestamp() ELSE u.ended_at END,
       outcome = CASE WHEN ${ENDS} THEN 'no-stream' ELSE u.outcome END,
       version = CASE WHEN ${ENDS} THEN u.version + 1 ELSE u.version END,
       state = CASE WHEN ${ENDS} THEN 'ended' ELSE u.state END,
       updated_at = clock_timestamp()
     FROM k WHERE u.id = k.id AND (${ENDS}
       OR (u.end_reason IS NULL AND $4::text IS NOT NULL)
       OR (u.call_ended_at IS NULL AND $5::float8 IS NOT NULL)
       OR (u.call_ms IS NULL AND $6::int IS NOT NULL))
   )
   SELECT id FROM k`,
);

/**
 * The store's time, as it was a moment ago. A statement that is asked of a server that is frozen is done when it thaws,
 * long after we have given it up: by the time of then, every lease has run out.
 */
export const NOW = statement('now', 'SELECT clock_timestamp()::text AS now');

/** $1 grace in ms, $2 age in ms, $3 the time that leases are held against. Skips what others hold: it is being written right now. */
export const REAP = statement(
  'reap',
  `WITH due AS (
     SELECT id, state FROM call_sessions
     WHERE (owner IS NOT NULL AND state = 'active' AND lease_until < $3::timestamptz - $1::bigint * interval '1 ms')
        OR (state IN ('received', 'ready') AND created_at < clock_timestamp() - $2::bigint * interval '1 ms')
     LIMIT 1000 FOR UPDATE SKIP LOCKED
   ), s AS (
     UPDATE call_sessions r SET
       state = 'ended', outcome = CASE due.state WHEN 'active' THEN 'lost' ELSE 'no-stream' END,
       owner = NULL, lease_until = NULL, ended_at = clock_timestamp(), version = r.version + 1,
       updated_at = clock_timestamp()
     FROM due WHERE r.id = due.id
     RETURNING r.id, r.outcome, r.provider, r.account, r.call_id
   ), told AS (
     INSERT INTO call_events (session_id, type, data) SELECT id, 'reaped', jsonb_build_object('outcome', outcome) FROM s
   )
   SELECT outcome, provider, account, call_id FROM s`,
);
