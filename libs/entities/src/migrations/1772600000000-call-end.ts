import type { MigrationInterface, QueryRunner } from 'typeorm';

// no defaults: the table is not rewritten, and calls wait for it no longer than for its lock
const STATEMENT = `
      ALTER TABLE call_sessions
        ADD COLUMN end_reason text,
        ADD COLUMN call_ended_at timestamptz,
        ADD COLUMN call_ms int`;

/** Why and when the call itself was over, by its provider. */
export class CallEnd1772600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STATEMENT);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only go forward: write a new one that mends this one.'));
  }
}
