import type { CallKey, Turn } from '@greenroom/contracts';
import type { Pool } from 'pg';
import { keyValues } from './session-row';

/** A turn, and the call that it belongs to. */
export interface KeyedTurn {
  key: CallKey;
  turn: Turn;
}

/**
 * One array a column, so that any number of turns of any number of calls is one statement. Written in the order of
 * their key, since two batches that share turns must not wait for each other; of two alike, the first.
 */
const WRITE = {
  name: 'greenroom-write-turns',
  text: `WITH given AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::float8[], $7::float8[],
       $8::text[], $9::text[], $10::text[], $11::int[], $12::int[], $13::text[], $14::int[], $15::text[])
     WITH ORDINALITY AS t (provider, account, call_id, number, who, started_ms, ended_ms, ended_by, text, digits,
       length_ms, heard_ms, heard_text, speech_ms, step, place)
   ), known AS (
     SELECT s.id, given.* FROM given
     JOIN call_sessions s ON s.provider = given.provider AND s.account = given.account AND s.call_id = given.call_id
   ), written AS (
     INSERT INTO call_turns (session_id, number, who, started_at, ended_at, ended_by, text, digits, length_ms,
       heard_ms, heard_text, speech_ms, step)
     SELECT id, number, who, to_timestamp(started_ms / 1000), to_timestamp(ended_ms / 1000), ended_by, text, digits,
       length_ms, heard_ms, heard_text, speech_ms, step
     FROM known ORDER BY id, number, place
     ON CONFLICT (session_id, number) DO NOTHING
   )
   SELECT place::int AS place FROM given WHERE place NOT IN (SELECT place FROM known)`,
};

/** What was said in the calls. It stands in Postgres alone: Redis holds no transcripts. */
export class PgTurnStore {
  constructor(private readonly pool: Pool) {}

  /**
   * Writes turns that have ended, in one statement and one transaction. A turn is written once: repeats of its number
   * change nothing, whatever they say. Rejects, having written none of them, when the database cannot be reached.
   * @param batch a few hundred at most: the statement has 800 ms
   * @returns those whose call is not written yet, since the database was away when it was announced; try them again
   * @throws {z.ZodError} if a key is malformed
   */
  async write<Given extends KeyedTurn>(batch: readonly Given[]): Promise<Given[]> {
    if (batch.length === 0) return [];
    const rows = batch.map(({ key, turn }) => [...keyValues(key), ...turnValues(turn)]);
    const values = rows[0]!.map((_, column) => rows.map((row) => row[column]));
    const { rows: unknown } = await this.pool.query<{ place: number }>({ ...WRITE, values });
    return unknown.flatMap(({ place }) => batch[place - 1] ?? []);
  }
}

const turnValues = (turn: Turn): (string | number | null)[] => [
  turn.number,
  turn.who,
  Math.round(turn.startedAt),
  Math.round(turn.endedAt),
  turn.endedBy,
  storable(turn.text),
  storable(turn.digits),
  whole(turn.lengthMs),
  whole(turn.heardMs),
  storable(turn.heardText),
  whole(turn.speechMs),
  storable(turn.step),
];

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

/** Postgres takes no NUL in text: one in a transcript would keep the whole batch from being written, for ever. */
const storable = (text: string | null): string | null => text?.replaceAll('\0', '') ?? null;
