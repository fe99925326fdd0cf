import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `
      CREATE TABLE customers (
        id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT customers_pkey PRIMARY KEY,
        account text NOT NULL,
        phone text NOT NULL,
        full_name text,
        language text,
        attributes jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT customers_account_phone UNIQUE (account, phone)
      )`,
  `
      CREATE TABLE call_sessions (
        id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT call_sessions_pkey PRIMARY KEY,
        provider text NOT NULL,
        account text NOT NULL,
        call_id text NOT NULL,
        state text NOT NULL,
        version int NOT NULL DEFAULT 1,
        direction text NOT NULL DEFAULT 'inbound',
        from_number text,
        to_number text,
        customer_id uuid CONSTRAINT call_sessions_customer REFERENCES customers (id),
        attributes jsonb NOT NULL DEFAULT '{}',
        enrichment text NOT NULL DEFAULT 'none',
        announced_at timestamptz,
        owner text,
        epoch int NOT NULL DEFAULT 0,
        lease_until timestamptz,
        yielding boolean NOT NULL DEFAULT false,
        found text,
        waited_ms int,
        outcome text,
        close_code int,
        started_at timestamptz,
        ended_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT call_sessions_key UNIQUE (provider, account, call_id),
        CONSTRAINT call_sessions_state CHECK (state IN ('received', 'ready', 'timed_out', 'active', 'ended')),
        CONSTRAINT call_sessions_call_id CHECK (length(call_id) BETWEEN 8 AND 160)
      )`,
  `CREATE INDEX call_sessions_leased ON call_sessions (lease_until) WHERE owner IS NOT NULL`,
  `CREATE INDEX call_sessions_unanswered ON call_sessions (created_at) WHERE state IN ('received', 'ready')`,
  `
      CREATE TABLE call_events (
        id bigserial CONSTRAINT call_events_pkey PRIMARY KEY,
        session_id uuid NOT NULL CONSTRAINT call_events_session_id REFERENCES call_sessions (id) ON DELETE CASCADE,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        type text NOT NULL,
        data jsonb NOT NULL DEFAULT '{}',
        once text
      )`,
  `CREATE INDEX call_events_session ON call_events (session_id)`,
  `CREATE UNIQUE INDEX call_events_once ON call_events (session_id, once) WHERE once IS NOT NULL`,
  `
      CREATE TABLE outbox (
        id bigserial CONSTRAINT outbox_pkey PRIMARY KEY,
        session_id uuid NOT NULL CONSTRAINT outbox_session_id REFERENCES call_sessions (id) ON DELETE CASCADE,
        version int NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        published_at timestamptz
      )`,
  `CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL`,
];

/** Customers, sessions, the timeline and the outbox. Forward only: a mistake is mended by a later migration. */
export class Initial1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only go forward: write a new one that mends this one.'));
  }
}
