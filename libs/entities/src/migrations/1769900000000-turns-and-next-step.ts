import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // no default: the table is not rewritten, and calls wait for it no longer than for its lock
  `ALTER TABLE call_sessions ADD COLUMN next_step text`,
  `
      CREATE TABLE call_turns (
        session_id uuid NOT NULL CONSTRAINT call_turns_session_id REFERENCES call_sessions (id) ON DELETE CASCADE,
        number int NOT NULL,
        who text NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        ended_by text NOT NULL,
        text text,
        digits text,
        length_ms int,
        heard_ms int,
        heard_text text,
        speech_ms int,
        step text,
        CONSTRAINT call_turns_pkey PRIMARY KEY (session_id, number)
      )`,
];

/** What was said in a call, turn by turn, and what the call goes on with after its stream. */
export class TurnsAndNextStep1769900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only go forward: write a new one that mends this one.'));
  }
}
