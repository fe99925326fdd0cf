import type {
  Announcement,
  CallEnded,
  CallKey,
  CustomerUpdate,
  NextStep,
  Session,
  SessionState,
} from '@greenroom/contracts';
import type {
  Announced,
  AnnounceOptions,
  CallEvent,
  Claim,
  ClaimRequest,
  ClaimResult,
  Concession,
  Ending,
  Outlook,
  Reaped,
  SessionStore,
} from '@greenroom/rendezvous';
import type { Pool, QueryResultRow } from 'pg';
import { batchedAnnouncing, givenOf, type Announcing } from './announce';
import { batchedClaiming, givenClaimOf, type Claiming } from './claim';
import { batchedFinding, type Finding } from './find-together';
import { batchedRenewing, givenRenewalOf, type Renewing } from './renew-together';
import { columnsOf, keptKeyValues, keyValues, toSession, type SessionRow } from './session-row';
import {
  CALL_ENDED,
  CONCEDE,
  DECIDE_NEXT,
  ENRICH,
  FIND_MANY,
  FIND_OUTLOOK,
  FINISH,
  NOW,
  REAP,
  RECORD,
} from './session-statements';

/** The truth about sessions, in Postgres. What a method writes is one statement, and so one transaction. */
export class PgSessionStore implements SessionStore {
  constructor(
    private readonly pool: Pool,
    private readonly announcing: Announcing = batchedAnnouncing(pool),
    private readonly claiming: Claiming = batchedClaiming(pool),
    private readonly finding: Finding = batchedFinding(pool),
    private readonly renewing: Renewing = batchedRenewing(pool),
  ) {}

  async find(key: CallKey): Promise<Session | null> {
    return this.finding.run(keyValues(key));
  }

  async findMany(keys: readonly CallKey[]): Promise<Session[]> {
    if (keys.length === 0) return [];
    const rows = await this.run<SessionRow>(FIND_MANY, columnsOf(keys.map(keptKeyValues)));
    return rows.map(toSession);
  }

  async announce(announcement: Announcement, options: AnnounceOptions): Promise<Announced> {
    return this.announcing.run(givenOf(announcement, options));
  }

  async enrich(key: CallKey, update: CustomerUpdate | null): Promise<Session | null> {
    const changed = await this.run(ENRICH, [
      ...keyValues(key),
      update !== null,
      update?.fullName ?? null,
      update?.language ?? null,
      update?.attributes ?? {},
    ]);
    return changed.length > 0 ? this.mustFind(key) : null;
  }

  async concede({ key, as, waitedMs }: Concession): Promise<Session> {
    await this.run(CONCEDE, [...keyValues(key), as, Math.round(waitedMs)]);
    return this.mustFind(key);
  }

  async claim(request: ClaimRequest): Promise<ClaimResult> {
    return this.claiming.run(givenClaimOf(request));
  }

  async renew(claim: Claim, leaseMs: number, yielding = false): Promise<number | null> {
    return this.renewing.run(givenRenewalOf(claim, leaseMs, yielding));
  }

  async decideNext(claim: Claim, next: NextStep): Promise<boolean> {
    const rows = await this.run(DECIDE_NEXT, [...claimValues(claim), next]);
    return rows.length > 0;
  }

  async findOutlook(key: CallKey): Promise<Outlook | null> {
    const [row] = await this.run<{ state: SessionState; next_step: NextStep | null }>(
      FIND_OUTLOOK,
      keyValues(key),
    );
    return row ? { state: row.state, next: row.next_step } : null;
  }

  async finish(claim: Claim, ending: Ending): Promise<boolean> {
    const rows = await this.run(FINISH, [...claimValues(claim), ending.outcome, ending.closeCode]);
    return rows.length > 0;
  }

  async callEnded(ended: CallEnded, details: CallEvent['data']): Promise<void> {
    const { key, reason, endedAt, durationMs, source } = ended;
    const data = { ...details, reason, source };
    await this.run(CALL_ENDED, [...keyValues(key), reason, wholeMs(endedAt), wholeMs(durationMs), data]);
  }

  async reap(limits: { graceMs: number; unansweredMs: number }): Promise<Reaped> {
    type Row = Pick<SessionRow, 'provider' | 'account' | 'call_id'> & { outcome: string };
    const [asked] = await this.run<{ now: string }>(NOW, []);
    const rows = await this.run<Row>(REAP, [limits.graceMs, limits.unansweredMs, asked?.now]);
    const lost = rows
      .filter(({ outcome }) => outcome === 'lost')
      .map(({ provider, account, call_id: callId }) => ({ provider, account, callId }));
    return { lost, unanswered: rows.length - lost.length };
  }

  async record(key: CallKey, event: CallEvent): Promise<void> {
    await this.run(RECORD, [...keyValues(key), event.type, event.data, event.once ?? null]);
  }

  private async run<Row extends QueryResultRow>(
    statement: { name: string; text: string },
    values: unknown[],
  ): Promise<Row[]> {
    return (await this.pool.query<Row>({ ...statement, values })).rows;
  }

  private async mustFind(key: CallKey): Promise<Session> {
    const session = await this.find(key);
    if (!session) throw new Error('The session that was just written cannot be read.');
    return session;
  }
}

const wholeMs = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

const claimValues = (claim: Claim): [string, string, string, string, number] => [
  ...keyValues(claim.key),
  claim.owner,
  claim.epoch,
];
