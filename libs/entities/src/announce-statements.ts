import { sessionColumns } from './session-row';

/*
 * What an announcement writes, by itself and together with others. Each is one statement, and so one transaction, and
 * both are made of the same parts: what is said of one row here is true of either.
 */

/** A call that is known already, or that was given up, is left as it is, and so is its customer. */
const isKnown = (k: string): string =>
  `(${k}.announced_at IS NOT NULL OR ${k}.state IN ('timed_out', 'ended'))`;

const CUSTOMER_COLUMNS = '(account, phone, full_name, language, attributes)';
const ON_KNOWN_CUSTOMER = `
     ON CONFLICT (account, phone) DO UPDATE SET
       full_name = COALESCE(EXCLUDED.full_name, known_customer.full_name),
       language = COALESCE(EXCLUDED.language, known_customer.language),
       attributes = known_customer.attributes || EXCLUDED.attributes,
       updated_at = clock_timestamp()
     RETURNING *`;

const SESSION_COLUMNS = `(id, provider, account, call_id, state, direction, from_number, to_number,
       customer_id, attributes, enrichment, announced_at)`;
/** Copies that run at the same time are ordered by the unique key: the first inserts, the others find its row announced. */
const ON_KNOWN_SESSION = `
     ON CONFLICT (provider, account, call_id) DO UPDATE SET
       state = CASE own.state WHEN 'received' THEN EXCLUDED.state ELSE own.state END,
       direction = EXCLUDED.direction,
       from_number = EXCLUDED.from_number,
       to_number = EXCLUDED.to_number,
       customer_id = EXCLUDED.customer_id,
       attributes = EXCLUDED.attributes,
       enrichment = EXCLUDED.enrichment,
       announced_at = EXCLUDED.announced_at,
       version = own.version + 1,
       updated_at = clock_timestamp()
     WHERE NOT ${isKnown('own')}
     RETURNING *`;

/** Of each session that was written: what the outbox owes for it, and the first line of its timeline. */
const CONSEQUENCES = `
   owed AS (
     INSERT INTO outbox (session_id, version) SELECT id, version FROM s RETURNING id, session_id
   ), told AS (
     INSERT INTO call_events (session_id, type, data) SELECT id, 'announced', '{}' FROM s
   )`;

/**
 * $1 provider, $2 account, $3 call id, $4 phone, $5 full name, $6 language, $7 customer's attributes, $8 state,
 * $9 direction, $10 from, $11 to, $12 call's attributes, $13 enrichment, $14 id of a new session or null.
 *
 * A call that is known already, or that was given up, returns no row and writes nothing.
 */
export const ANNOUNCE = {
  name: 'greenroom-announce',
  text: `WITH known AS (
     SELECT FROM call_sessions k
     WHERE k.provider = $1 AND k.account = $2 AND k.call_id = $3 AND ${isKnown('k')}
   ), c AS (
     INSERT INTO customers AS known_customer ${CUSTOMER_COLUMNS}
     SELECT $2::text, $4::text, $5::text, $6::text, $7::jsonb
     WHERE $4::text IS NOT NULL AND NOT EXISTS (SELECT FROM known)${ON_KNOWN_CUSTOMER}
   ), s AS (
     INSERT INTO call_sessions AS own ${SESSION_COLUMNS}
     SELECT COALESCE($14::uuid, gen_random_uuid()), $1::text, $2::text, $3::text, $8::text, $9::text, $10::text, $11::text,
       (SELECT id FROM c), $12::jsonb, $13::text, clock_timestamp()
     WHERE NOT EXISTS (SELECT FROM known)${ON_KNOWN_SESSION}
   ),${CONSEQUENCES}
   SELECT ${sessionColumns('s', 'c')}, (SELECT id FROM owed) AS debt FROM s LEFT JOIN c ON true`,
};

/**
 * The same of several announcements: the parameters of `ANNOUNCE`, each as an array. No call and no customer may be
 * among them twice, since ON CONFLICT cannot touch a row twice.
 *
 * Customers are locked in the order of their key, then sessions in the order of theirs (the sort below takes in all of
 * `c` before the first session is written), as `ANNOUNCE` locks one and one: so no two batches, whichever processes send
 * them, wait for each other in a circle.
 *
 * Whether a call is known is a subquery for each row, which can be nothing but a look into the index of its key: a join
 * that was planned for an empty table would go on reading the whole of it.
 */
export const ANNOUNCE_MANY = {
  name: 'greenroom-announce-many',
  text: `WITH given AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
       $8::text[], $9::text[], $10::text[], $11::text[], $12::jsonb[], $13::text[], $14::uuid[])
     AS g (provider, account, call_id, phone, full_name, language, customer_attributes, state, direction, from_number,
       to_number, attributes, enrichment, session_id)
     WHERE (SELECT ${isKnown('k')} FROM call_sessions k
       WHERE k.provider = g.provider AND k.account = g.account AND k.call_id = g.call_id) IS NOT TRUE
   ), c AS (
     INSERT INTO customers AS known_customer ${CUSTOMER_COLUMNS}
     SELECT account, phone, full_name, language, customer_attributes FROM given
     WHERE phone IS NOT NULL ORDER BY account, phone${ON_KNOWN_CUSTOMER}
   ), s AS (
     INSERT INTO call_sessions AS own ${SESSION_COLUMNS}
     SELECT COALESCE(g.session_id, gen_random_uuid()), g.provider, g.account, g.call_id, g.state, g.direction,
       g.from_number, g.to_number, c.id, g.attributes, g.enrichment, clock_timestamp()
     FROM given g LEFT JOIN c ON c.account = g.account AND c.phone = g.phone
     ORDER BY g.provider, g.account, g.call_id${ON_KNOWN_SESSION}
   ),${CONSEQUENCES}
   SELECT ${sessionColumns('s', 'c')}, owed.id AS debt
   FROM s JOIN owed ON owed.session_id = s.id LEFT JOIN c ON c.id = s.customer_id`,
};
