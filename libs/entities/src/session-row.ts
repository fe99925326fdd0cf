import type { CallKey, Session } from '@greenroom/contracts';
import { CallKeySchema } from '@greenroom/contracts';

/** A session with its customer, as the statements of the store select it. */
export interface SessionRow {
  id: string;
  provider: Session['provider'];
  account: string;
  call_id: string;
  state: Session['state'];
  version: number;
  direction: Session['direction'];
  from_number: string | null;
  to_number: string | null;
  attributes: Record<string, string>;
  enrichment: Session['enrichment'];
  announced_at: Date | null;
  customer_id: string | null;
  phone: string;
  full_name: string | null;
  language: string | null;
  customer_attributes: Record<string, string>;
}

/** Columns of a `SessionRow`; `s` and `c` name the session's and the customer's relation. */
export const sessionColumns = (s: string, c: string): string => `
  ${s}.id, ${s}.provider, ${s}.account, ${s}.call_id, ${s}.state, ${s}.version, ${s}.direction, ${s}.from_number,
  ${s}.to_number, ${s}.attributes, ${s}.enrichment, ${s}.announced_at,
  ${c}.id AS customer_id, ${c}.phone, ${c}.full_name, ${c}.language, ${c}.attributes AS customer_attributes`;

export function toSession(row: SessionRow): Session {
  return {
    sessionId: row.id,
    provider: row.provider,
    account: row.account,
    callId: row.call_id,
    state: row.state,
    version: row.version,
    direction: row.direction,
    from: row.from_number,
    to: row.to_number,
    attributes: row.attributes,
    enrichment: row.enrichment,
    announcedAt: row.announced_at?.getTime() ?? null,
    customer:
      row.customer_id === null
        ? null
        : {
            customerId: row.customer_id,
            phone: row.phone,
            fullName: row.full_name,
            language: row.language,
            attributes: row.customer_attributes,
          },
  };
}

/**
 * The first three parameters of every statement about one call.
 * @throws {z.ZodError} if a part is missing or malformed: no statement may ever run with half a key
 */
export function keyValues(key: CallKey): [string, string, string] {
  const { provider, account, callId } = CallKeySchema.parse(key);
  return [provider, account, callId];
}

/** Of the keys that waiting calls are looked for by, each second: to check them each time would be most of that. */
const kept = new WeakMap<CallKey, [string, string, string]>();

/** The same of a key that is asked for again and again: as it was when it was checked. */
export function keptKeyValues(key: CallKey): [string, string, string] {
  const known = kept.get(key);
  if (known) return known;
  const values = keyValues(key);
  kept.set(key, values);
  return values;
}

/** A row's call, as `keyValues(...).join('|')` has it. */
export const nameOf = (row: Pick<SessionRow, 'provider' | 'account' | 'call_id'>): string =>
  `${row.provider}|${row.account}|${row.call_id}`;

/** In statements about one call, $1, $2, $3 are provider, account and call id. */
export const ofKey = (alias: string): string =>
  `${alias}.provider = $1 AND ${alias}.account = $2 AND ${alias}.call_id = $3`;

/**
 * CTE of a statement about several sessions: `h` is the id of each that `given` names by its key, locked, with these columns
 * of `given`. They are locked in the order in which `given` has them, each by a look into the index of its key. Where every
 * statement has them in the order of the key, no two wait for each other in a circle.
 */
export const lockedSessions = (...columns: string[]): string => `h AS MATERIALIZED (
     SELECT k.id, ${columns.map((column) => `g.${column}`).join(', ')}
     FROM given g CROSS JOIN LATERAL (
       SELECT id FROM call_sessions k
       WHERE k.provider = g.provider AND k.account = g.account AND k.call_id = g.call_id
       FOR NO KEY UPDATE
     ) k
   )`;

/** Parameters of one statement about each row, as those of one about all of them: an array for each column. */
export const columnsOf = (rows: readonly (readonly unknown[])[]): unknown[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((values) => values[column]));
