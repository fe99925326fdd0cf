import type { Announcement } from '@greenroom/contracts';
import type { Announced, AnnounceOptions } from '@greenroom/rendezvous';
import type { Pool } from 'pg';
import { ANNOUNCE, ANNOUNCE_MANY } from './announce-statements';
import { Batcher } from './batcher';
import { longestWaitOf } from './data-source';
import { isOfOneRow, Vanished } from './row-error';
import { columnsOf, keyValues, nameOf, toSession, type SessionRow } from './session-row';
import { FIND, FIND_MANY } from './session-statements';

/** An announcement as the parameters of its statement. */
export interface GivenAnnouncement {
  key: [provider: string, account: string, callId: string];
  /** no two calls and no two customers share one; null: nobody's number is known */
  call: string;
  customer: string | null;
  values: readonly unknown[];
}

/** @throws {z.ZodError} if the key is malformed */
export function givenOf(announcement: Announcement, options: AnnounceOptions): GivenAnnouncement {
  const key = keyValues(announcement);
  const customer = announcement.customer ?? NOBODY;
  const values = [
    ...key,
    customer.phone,
    customer.fullName,
    customer.language,
    customer.attributes,
    options.pending ? 'received' : 'ready',
    announcement.direction,
    announcement.from,
    announcement.to,
    announcement.attributes,
    options.pending ? 'pending' : 'none',
    options.sessionId ?? null,
  ];
  const named = customer.phone === null ? null : `${key[1]}|${customer.phone}`;
  return { key, call: key.join('|'), customer: named, values };
}

const NOBODY = { phone: null, fullName: null, language: null, attributes: {} };

type AnnouncedRow = SessionRow & { debt: string };

export async function announceOne(pool: Pool, { key, values }: GivenAnnouncement): Promise<Announced> {
  const { rows } = await pool.query<AnnouncedRow>({ ...ANNOUNCE, values: [...values] });
  if (rows[0]) return written(rows[0]);
  const known = await pool.query<SessionRow>({ ...FIND, values: key });
  return unchanged(known.rows[0]);
}

/** No call and no customer may be among them twice. All are written, or none. */
export async function announceMany(pool: Pool, given: readonly GivenAnnouncement[]): Promise<Announced[]> {
  const values = columnsOf(given.map((each) => each.values));
  const { rows } = await pool.query<AnnouncedRow>({ ...ANNOUNCE_MANY, values });
  const results = new Map(rows.map((row) => [nameOf(row), written(row)]));
  const known = given.filter(({ call }) => !results.has(call));
  if (known.length > 0) {
    const keys = columnsOf(known.map(({ key }) => key));
    const found = await pool.query<SessionRow>({ ...FIND_MANY, values: keys });
    for (const row of found.rows) results.set(nameOf(row), unchanged(row));
  }
  return given.map(({ call }) => results.get(call) ?? unchanged(undefined));
}

const written = (row: AnnouncedRow): Announced => ({
  session: toSession(row),
  changed: true,
  late: false,
  debt: row.debt,
});

function unchanged(row: SessionRow | undefined): Announced {
  if (!row) throw new Vanished();
  return asKnown({ session: toSession(row) });
}

/** Writes announcements, each with its own result. */
export interface Announcing {
  run(given: GivenAnnouncement): Promise<Announced>;
}

/**
 * Announcements, naturally batched. One that comes while the database is idle is a statement by itself; under load up to
 * 64 are one statement, which costs Postgres a third of theirs. A customer is in one batch at a time, and so is a call.
 *
 * Two statements in flight keep Postgres busy while we deal with the results of one. What has waited as long as the pool
 * would have let it wait for a connection is refused, so that it can be kept elsewhere.
 */
export const batchedAnnouncing = (pool: Pool, { longestWaitMs = longestWaitOf(pool) } = {}): Announcing =>
  withoutCopies(
    new Batcher({
      one: (given) => announceOne(pool, given),
      many: (given) => announceMany(pool, given),
      keysOf: ({ call, customer }) => (customer === null ? [call] : [call, customer]),
      isOfOneItem: isOfOneRow,
      ...{ atOnce: 2, most: 64, mostWaiting: 1024, longestWaitMs },
    }),
  );

/**
 * Copies of one call that come while the first of them is in hand wait for what it gives: afterwards the call is known, and
 * they would find what the first has been told. Where it fails for a reason of its own, the next one is tried.
 */
function withoutCopies(announcing: Announcing): Announcing {
  const inHand = new Map<string, Promise<Announced>>();
  const run = (given: GivenAnnouncement): Promise<Announced> => {
    const { call } = given;
    const first = inHand.get(call);
    if (first) {
      return first.then(asKnown, (error: Error) => (isOfOneRow(error) ? run(given) : Promise.reject(error)));
    }
    const announced = announcing.run(given);
    inHand.set(call, announced);
    const forget = (): void => void inHand.delete(call);
    announced.then(forget, forget);
    return announced;
  };
  return { run };
}

const asKnown = ({ session }: Pick<Announced, 'session'>): Announced => ({
  session,
  changed: false,
  late: session.announcedAt === null,
  debt: null,
});
