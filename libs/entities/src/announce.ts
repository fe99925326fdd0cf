import type { Announcement } from '@greenroom/contracts';
import type { Announced, AnnounceOptions } from '@greenroom/rendezvous';
import type { Pool } from 'pg';
import { ANNOUNCE, ANNOUNCE_MANY } from './announce-statements';
import { Batcher } from './batcher';
import { keyValues, toSession, type SessionRow } from './session-row';
import { FIND, FIND_MANY } from './session-statements';

/** An announcement as the parameters of its statement. */
export interface GivenAnnouncement {
  key: [provider: string, account: string, callId: string];
  phone: string | null;
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
  return { key, phone: customer.phone, values };
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
  const values = ANNOUNCE_VALUES.map((column) => given.map((each) => each.values[column]));
  const { rows } = await pool.query<AnnouncedRow>({ ...ANNOUNCE_MANY, values });
  const results = new Map(rows.map((row) => [nameOf(row), written(row)]));
  const known = given.filter(({ key }) => !results.has(key.join('|')));
  if (known.length > 0) {
    const keys = [0, 1, 2].map((column) => known.map(({ key }) => key[column]));
    const found = await pool.query<SessionRow>({ ...FIND_MANY, values: keys });
    for (const row of found.rows) results.set(nameOf(row), unchanged(row));
  }
  return given.map(({ key }) => results.get(key.join('|')) ?? unchanged(undefined));
}

const ANNOUNCE_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

const nameOf = (row: SessionRow): string => `${row.provider}|${row.account}|${row.call_id}`;

const written = (row: AnnouncedRow): Announced => ({
  session: toSession(row),
  changed: true,
  late: false,
  debt: row.debt,
});

function unchanged(row: SessionRow | undefined): Announced {
  if (!row) throw new Vanished();
  const session = toSession(row);
  return { session, changed: false, late: session.announcedAt === null, debt: null };
}

class Vanished extends Error {
  constructor() {
    super('The session that was just written cannot be read.');
  }
}

/** A constraint or a value (22, 23), or a lock that somebody holds on one of the rows (40P01, 55P03). */
function isOfOneRow(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof Vanished || /^(22...|23...|40P01|55P03)$/.test(code);
}

/**
 * Announcements, naturally batched. One that comes while the database is idle is a statement by itself; under load up to
 * 64 are one statement, which costs Postgres a third of theirs. A call, and a customer, is in one batch at a time.
 *
 * Two statements in flight keep Postgres busy while we deal with the results of one. What has waited as long as the pool
 * would have let it wait for a connection is refused, so that it can be kept elsewhere.
 */
export const batchedAnnouncing = (pool: Pool): Batcher<GivenAnnouncement, Announced> =>
  new Batcher({
    one: (given) => announceOne(pool, given),
    many: (given) => announceMany(pool, given),
    keysOf: ({ key, phone }) => (phone === null ? [key.join('|')] : [key.join('|'), `${key[1]}|${phone}`]),
    isOfOneItem: isOfOneRow,
    ...{ atOnce: 2, most: 64, mostWaiting: 1024, longestWaitMs: 500 },
  });
