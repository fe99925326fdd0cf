import { lockedSessions, ofKey, sessionColumns } from './session-row';

/*
 * What a claim writes, by itself and together with others: one statement, and so one transaction, made of the same parts.
 */

/** States that may be driven, and of those nobody else's, unless that one gives way or is gone. */
const isFree = (u: string, owner: string): string =>
  `${u}.state IN ('received', 'ready', 'active')
       AND (${u}.owner IS NULL OR ${u}.owner = ${owner} OR ${u}.yielding OR ${u}.lease_until < clock_timestamp())`;

interface Taken {
  owner: string;
  leaseMs: string;
  found: string;
  waitedMs: string;
}

const take = ({ owner, leaseMs, found, waitedMs }: Taken): string => `
       owner = ${owner},
       epoch = u.epoch + 1,
       lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms',
       state = 'active',
       yielding = false,
       found = ${found},
       waited_ms = ${waitedMs},
       started_at = COALESCE(u.started_at, clock_timestamp()),
       version = u.version + 1,
       updated_at = clock_timestamp()`;

const CONSEQUENCES = `
   told AS (
     INSERT INTO call_events (session_id, type, data)
     SELECT id, 'claimed', jsonb_build_object('owner', owner, 'epoch', epoch, 'found', found, 'waitedMs', waited_ms)
     FROM s
   )
   SELECT ${sessionColumns('s', 'c')}, s.epoch FROM s LEFT JOIN customers c ON c.id = s.customer_id`;

/** $1 provider, $2 account, $3 call id, $4 owner, $5 lease in ms, $6 how it was found, $7 ms waited. */
export const CLAIM = {
  name: 'greenroom-claim',
  text: `WITH s AS (
     UPDATE call_sessions u SET${take({ owner: '$4::text', leaseMs: '$5::int', found: '$6::text', waitedMs: '$7::int' })}
     WHERE ${ofKey('u')} AND ${isFree('u', '$4::text')}
     RETURNING u.*
   ),${CONSEQUENCES}`,
};

/**
 * The same of several calls, none of them twice: the parameters of `CLAIM`, each as an array.
 *
 * The sessions are locked in the order of their key, as those of announcements are.
 */
export const CLAIM_MANY = {
  name: 'greenroom-claim-many',
  text: `WITH given AS MATERIALIZED (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::int[])
     AS g (provider, account, call_id, owner, lease_ms, found, waited_ms)
     ORDER BY provider, account, call_id
   ), ${lockedSessions('owner', 'lease_ms', 'found', 'waited_ms')}, s AS (
     UPDATE call_sessions u SET${take({ owner: 'h.owner', leaseMs: 'h.lease_ms', found: 'h.found', waitedMs: 'h.waited_ms' })}
     FROM h WHERE u.id = h.id AND ${isFree('u', 'h.owner')}
     RETURNING u.*
   ),${CONSEQUENCES}`,
};

/** Why calls could not be claimed. $1, $2, $3: three arrays of one length. */
export const CLAIM_HOLDERS = {
  name: 'greenroom-claim-holders',
  text: `SELECT provider, account, call_id, state, lease_until FROM call_sessions
     WHERE (provider, account, call_id) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
};
