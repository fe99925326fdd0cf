import type { SessionState } from '@greenroom/contracts';
import type { ClaimRequest, ClaimResult } from '@greenroom/rendezvous';
import type { Pool } from 'pg';
import { Batcher } from './batcher';
import { longestWaitOf } from './data-source';
import { CLAIM, CLAIM_HOLDERS, CLAIM_MANY } from './claim-statements';
import { isOfOneRow } from './row-error';
import { columnsOf, keyValues, nameOf, toSession, type SessionRow } from './session-row';

/** A claim as the parameters of its statement. */
export interface GivenClaim {
  key: [provider: string, account: string, callId: string];
  values: readonly unknown[];
}

/** @throws {z.ZodError} if the key is malformed */
export function givenClaimOf({ key, owner, leaseMs, found, waitedMs }: ClaimRequest): GivenClaim {
  const values = keyValues(key);
  return { key: values, values: [...values, owner, leaseMs, found, Math.round(waitedMs)] };
}

type ClaimedRow = SessionRow & { epoch: number };
type HolderRow = Pick<SessionRow, 'provider' | 'account' | 'call_id'> & {
  state: SessionState;
  lease_until: Date | null;
};

/** What a claim came to; `again`: the call was announced between the claim and the look at who has it. */
type Outcome = ClaimResult | { kind: 'again' };

export async function claimOne(pool: Pool, given: GivenClaim): Promise<ClaimResult> {
  const [outcome = UNKNOWN] = await outcomesOf(pool, [given], await claimedBy(pool, CLAIM, given.values));
  return settle(pool, given, outcome);
}

/** No call may be among them twice. All that can be claimed are, or none. */
export async function claimMany(pool: Pool, given: readonly GivenClaim[]): Promise<ClaimResult[]> {
  const claimed = await claimedBy(pool, CLAIM_MANY, columnsOf(given.map(({ values }) => values)));
  const outcomes = await outcomesOf(pool, given, claimed);
  return Promise.all(given.map((each, index) => settle(pool, each, outcomes[index] ?? UNKNOWN)));
}

const settle = async (pool: Pool, given: GivenClaim, outcome: Outcome): Promise<ClaimResult> =>
  outcome.kind === 'again' ? claimOne(pool, given) : outcome;

async function claimedBy(
  pool: Pool,
  statement: typeof CLAIM,
  values: readonly unknown[],
): Promise<Map<string, Outcome>> {
  const { rows } = await pool.query<ClaimedRow>({ ...statement, values: [...values] });
  return new Map(
    rows.map((row) => [nameOf(row), { kind: 'claimed', session: toSession(row), epoch: row.epoch }]),
  );
}

/** In the order of what was given: won, or why not. */
async function outcomesOf(
  pool: Pool,
  given: readonly GivenClaim[],
  claimed: ReadonlyMap<string, Outcome>,
): Promise<Outcome[]> {
  const lost = given.filter((each) => !claimed.has(callOf(each)));
  const refused = new Map<string, Outcome>();
  if (lost.length > 0) {
    const keys = columnsOf(lost.map(({ key }) => key));
    const { rows } = await pool.query<HolderRow>({ ...CLAIM_HOLDERS, values: keys });
    for (const row of rows) refused.set(nameOf(row), refusalOf(row));
  }
  return given.map((each) => claimed.get(callOf(each)) ?? refused.get(callOf(each)) ?? UNKNOWN);
}

const UNKNOWN: ClaimResult = { kind: 'unknown' };

function refusalOf({ state, lease_until: leaseUntil }: HolderRow): Outcome {
  if (state === 'active') return { kind: 'owned', leaseUntil: leaseUntil?.getTime() ?? 0 };
  // a claim of such a one is refused by nobody: it was not there yet
  return state === 'received' || state === 'ready' ? { kind: 'again' } : { kind: 'over' };
}

/** Claims calls, each with its own result. */
export interface Claiming {
  run(given: GivenClaim): Promise<ClaimResult>;
}

/**
 * Claims, naturally batched: when the sessions of many waiting streams come at once, each of them is found at once, and up
 * to 64 are claimed by one statement. One that comes while the database is idle is a statement by itself.
 *
 * What has waited as long as the pool would have let it wait for a connection is refused: the claim then stands in Redis
 * until it can be settled.
 */
export const batchedClaiming = (pool: Pool, { longestWaitMs = longestWaitOf(pool) } = {}): Claiming =>
  new Batcher({
    one: (given) => claimOne(pool, given),
    many: (given) => claimMany(pool, given),
    keysOf: (given) => [callOf(given)],
    isOfOneItem: isOfOneRow,
    ...{ atOnce: 2, most: 64, mostWaiting: 10_000, longestWaitMs },
  });

const callOf = ({ key }: GivenClaim): string => key.join('|');
