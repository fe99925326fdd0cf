import { keyString, type CallKey, type Session } from '@greenroom/contracts';
import { MemorySessionStore } from '../memory-session-store';
import type { Claim, ClaimRequest, Ending, SessionStore } from '../ports';
import { stateRank } from '../session-state';
import type { Journal } from './journal';
import type { Remote } from './remote';
import type { Timeline } from './timeline';

/** When a session was first written with what a webhook told of it, and when it became ready. */
export interface Commit {
  announcedAt: number;
  readyAt: number | null;
}

/** A write under a claim, or the claim itself, in the order in which the store did them. */
export interface OwnerWrite {
  kind: 'claim' | 'renew' | 'finish';
  id: string;
  owner: string;
  /** of the claim that was won, or under which was written; null: the claim was not won */
  epoch: number | null;
  accepted: boolean;
  /** the row is not what it was before */
  changed: boolean;
  /** until when the owner before holds it, unix ms of the store; 0: nobody does */
  heldUntil: number;
  heldBy: string | null;
  at: number;
}

/** unix ms at virtual 0: what the store's own clock shows has nothing to do with that of the waiters */
const EPOCH = 1_700_000_000_000;

type Operations = Pick<
  SessionStore,
  'find' | 'findMany' | 'announce' | 'enrich' | 'concede' | 'claim' | 'renew' | 'finish' | 'callEnded'
>;

/**
 * Postgres, with its outbox, as its clients see it. Each operation is one transaction, done in one moment; after each,
 * all rows are compared with what they were: states and versions only grow, and a call has one session (I4).
 */
export class RemoteStore implements Operations {
  readonly commits = new Map<string, Commit>();
  /** versions that the world has to be told of: written with the session, whoever dies afterwards */
  readonly outbox = new Map<string, { key: CallKey; version: number; at: number }>();
  readonly ownerWrites: OwnerWrite[] = [];
  onOwed: () => void = () => undefined;
  private readonly inner: MemorySessionStore;
  private readonly seen = new Map<string, Session>();

  constructor(
    private readonly timeline: Timeline,
    private readonly remote: Remote,
    private readonly journal: Journal,
  ) {
    this.inner = new MemorySessionStore(() => EPOCH + timeline.now());
  }

  /** what stands in the table now, for the judges of a run */
  row(key: CallKey) {
    return this.inner.rows.get(keyString(key));
  }

  get customers(): number {
    return this.inner.customers.size;
  }

  find(key: CallKey) {
    return this.run('find', () => this.inner.find(key));
  }

  findMany(keys: readonly CallKey[]) {
    return this.run('findMany', () => this.inner.findMany(keys));
  }

  announce(...args: Parameters<SessionStore['announce']>) {
    return this.run('announce', async () => {
      const announced = await this.inner.announce(...args);
      if (announced.changed && this.commits.has(keyString(announced.session)))
        this.journal.accuse(`I4: ${keyString(announced.session)} was written twice`);
      if (announced.changed) this.owe(announced.session);
      else this.journal.note(announced.late ? 'announced too late' : 'announced again');
      return announced;
    });
  }

  enrich(...args: Parameters<SessionStore['enrich']>) {
    return this.run('enrich', async () => {
      const enriched = await this.inner.enrich(...args);
      if (enriched) this.owe(enriched);
      return enriched;
    });
  }

  concede(...args: Parameters<SessionStore['concede']>) {
    return this.run('concede', () => this.inner.concede(...args));
  }

  claim(request: ClaimRequest) {
    return this.run('claim', () =>
      this.record('claim', request, async () => {
        const result = await this.inner.claim(request);
        return { result, epoch: result.kind === 'claimed' ? result.epoch : null };
      }),
    );
  }

  renew(claim: Claim, leaseMs: number) {
    return this.run('renew', () =>
      this.record('renew', claim, async () => {
        const result = await this.inner.renew(claim, leaseMs);
        return { result, epoch: claim.epoch, accepted: result !== null };
      }),
    );
  }

  finish(claim: Claim, ending: Ending) {
    return this.run('finish', () =>
      this.record('finish', claim, async () => {
        const result = await this.inner.finish(claim, ending);
        return { result, epoch: claim.epoch, accepted: result };
      }),
    );
  }

  callEnded(...args: Parameters<SessionStore['callEnded']>) {
    return this.run('callEnded', () => this.inner.callEnded(...args));
  }

  /** The world was told of this version. */
  pay(session: Session): void {
    const id = keyString(session);
    if ((this.outbox.get(id)?.version ?? Infinity) <= session.version) this.outbox.delete(id);
  }

  private async record<T>(
    kind: OwnerWrite['kind'],
    { key, owner }: { key: CallKey; owner: string },
    act: () => Promise<{ result: T; epoch: number | null; accepted?: boolean }>,
  ): Promise<T> {
    const row = this.row(key);
    const { owner: heldBy = null, leaseUntil: heldUntil = 0 } = row?.owner ? row : {};
    const before = JSON.stringify(row);
    const { result, epoch, accepted = epoch !== null } = await act();
    const changed = JSON.stringify(this.row(key)) !== before;
    const at = EPOCH + this.timeline.now();
    this.ownerWrites.push({
      kind,
      id: keyString(key),
      owner,
      epoch,
      accepted,
      changed,
      heldBy,
      heldUntil,
      at,
    });
    return result;
  }

  private run<T>(operation: string, act: () => Promise<T>): Promise<T> {
    return this.remote.call(operation, async () => {
      const result = await act();
      this.compare();
      return result;
    });
  }

  private owe(session: Session): void {
    const id = keyString(session);
    const now = this.timeline.now();
    const commit = this.commits.get(id) ?? { announcedAt: now, readyAt: null };
    if (session.state !== 'received') commit.readyAt ??= now;
    this.commits.set(id, commit);
    this.outbox.set(id, { key: session, version: session.version, at: now });
    this.onOwed();
  }

  private compare(): void {
    for (const [id, { session }] of this.inner.rows) {
      const before = this.seen.get(id);
      if (before && stateRank(session.state) < stateRank(before.state)) {
        this.journal.accuse(`I4: ${id} went from ${before.state} back to ${session.state}`);
      }
      if (before && session.version < before.version)
        this.journal.accuse(`I4: the version of ${id} went back`);
      if (before && before.sessionId !== session.sessionId) this.journal.accuse(`I4: ${id} has two sessions`);
      this.seen.set(id, session);
    }
  }
}
