import type { Claim } from '@greenroom/rendezvous';
import type { Pool } from 'pg';
import { Batcher } from './batcher';
import { longestWaitOf } from './data-source';
import { isOfOneRow } from './row-error';
import { columnsOf, keyValues, lockedSessions, nameOf, ofKey, type SessionRow } from './session-row';

/** $4 owner, $5 epoch, $6 lease in ms, $7 whether another connection may take over. */
const RENEW = {
  name: 'greenroom-renew',
  text: `UPDATE call_sessions u SET
     lease_until = clock_timestamp() + $6::int * interval '1 ms', yielding = $7::boolean
   WHERE ${ofKey('u')} AND u.owner = $4 AND u.epoch = $5 AND u.state = 'active'
   RETURNING u.provider, u.account, u.call_id, u.version`,
};

/** The same of several calls, none of them twice: each parameter as an array. Locked in the order of their key. */
const RENEW_MANY = {
  name: 'greenroom-renew-many',
  text: `WITH given AS MATERIALIZED (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::boolean[])
     AS g (provider, account, call_id, owner, epoch, lease_ms, yielding)
     ORDER BY provider, account, call_id
   ), ${lockedSessions('owner', 'epoch', 'lease_ms', 'yielding')}
   UPDATE call_sessions u SET
     lease_until = clock_timestamp() + h.lease_ms * interval '1 ms', yielding = h.yielding
   FROM h WHERE u.id = h.id AND u.owner = h.owner AND u.epoch = h.epoch AND u.state = 'active'
   RETURNING u.provider, u.account, u.call_id, u.version`,
};

/** A renewal as the parameters of its statement. */
export type GivenRenewal = readonly [
  ...key: [provider: string, account: string, callId: string],
  owner: string,
  epoch: number,
  leaseMs: number,
  yielding: boolean,
];

/** @throws {z.ZodError} if the key is malformed */
export const givenRenewalOf = (
  { key, owner, epoch }: Claim,
  leaseMs: number,
  yielding: boolean,
): GivenRenewal => [...keyValues(key), owner, epoch, leaseMs, yielding];

/** Renews leases, each with its own result: the version that stands, or null where the claim is lost. */
export interface Renewing {
  run(given: GivenRenewal): Promise<number | null>;
}

/** Nobody waits for a renewal, and a lease is renewed long before it ends. */
const GATHER_MS = 100;

/**
 * Renewals, gathered for a moment: so a gateway sends ten statements a second at most, however many calls it has. What could
 * not be written in time is tried again by its owner.
 */
export const batchedRenewing = (pool: Pool, { longestWaitMs = longestWaitOf(pool) } = {}): Renewing =>
  new Batcher({
    one: async (given) => (await renew(pool, [given]))[0] ?? null,
    many: (given) => renew(pool, given),
    keysOf: (given) => [callOf(given)],
    isOfOneItem: isOfOneRow,
    soon: (run) => void setTimeout(run, GATHER_MS),
    ...{ atOnce: 1, most: 1000, mostWaiting: 10_000, longestWaitMs },
  });

type RenewedRow = Pick<SessionRow, 'provider' | 'account' | 'call_id' | 'version'>;

async function renew(pool: Pool, given: readonly GivenRenewal[]): Promise<(number | null)[]> {
  const [only, ...others] = given;
  const statement =
    only && others.length === 0
      ? { ...RENEW, values: [...only] }
      : { ...RENEW_MANY, values: columnsOf(given) };
  const { rows } = await pool.query<RenewedRow>(statement);
  const versions = new Map(rows.map((row) => [nameOf(row), row.version]));
  return given.map((each) => versions.get(callOf(each)) ?? null);
}

const callOf = ([provider, account, callId]: GivenRenewal): string => `${provider}|${account}|${callId}`;
