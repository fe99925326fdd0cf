import {
  keyString,
  type Announcement,
  type CallEnded,
  type CallKey,
  type Customer,
  type CustomerUpdate,
  type NextStep,
  type Session,
  type SessionState,
} from '@greenroom/contracts';
import { endsSession, mergeCallEnd, UNTOLD, type CallEnd } from './call-end';
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
} from './ports';
import { advances } from './session-state';

interface Row {
  session: Session;
  owner: string | null;
  epoch: number;
  leaseUntil: number;
  yielding: boolean;
  next: NextStep | null;
  ending: Ending | null;
  end: CallEnd;
  events: CallEvent[];
}

/** A store for one process: the fake of the specs, held to the same contract as the real one. */
export class MemorySessionStore implements SessionStore {
  readonly rows = new Map<string, Row>();
  readonly customers = new Map<string, Customer>();
  private ids = 0;

  /** @param now wall clock in unix ms, for leases */
  constructor(private readonly now: () => number = Date.now) {}

  find(key: CallKey): Promise<Session | null> {
    return settle(() => this.rows.get(keyString(key))?.session ?? null);
  }

  findMany(keys: readonly CallKey[]): Promise<Session[]> {
    return settle(() => keys.flatMap((key) => this.rows.get(keyString(key))?.session ?? []));
  }

  announce(announcement: Announcement, options: AnnounceOptions): Promise<Announced> {
    return settle(() => {
      const row =
        this.rows.get(keyString(announcement)) ?? this.open(announcement, 'received', options.sessionId);
      const { session } = row;
      const closed = session.state === 'timed_out' || session.state === 'ended';
      if (session.announcedAt !== null || closed) {
        return { session, changed: false, late: session.announcedAt === null, debt: null };
      }
      const state = options.pending ? 'received' : 'ready';
      row.session = {
        ...session,
        direction: announcement.direction,
        from: announcement.from,
        to: announcement.to,
        attributes: announcement.attributes,
        customer: this.upsertCustomer(announcement),
        enrichment: options.pending ? 'pending' : 'none',
        announcedAt: this.now(),
        state: advances(session.state, state) ? state : session.state,
        version: session.version + (row.events.length > 0 ? 1 : 0),
      };
      row.events.push({ type: 'announced', data: {} });
      return { session: row.session, changed: true, late: false, debt: null };
    });
  }

  enrich(key: CallKey, update: CustomerUpdate | null): Promise<Session | null> {
    return settle(() => {
      const row = this.rows.get(keyString(key));
      if (row?.session.enrichment !== 'pending') return null;
      const customer =
        row.session.customer && update ? merge(row.session.customer, update) : row.session.customer;
      if (customer) this.customers.set(`${key.account}|${customer.phone}`, customer);
      this.change(row, {
        customer,
        enrichment: update ? 'merged' : 'gave-up',
        state: advances(row.session.state, 'ready') ? 'ready' : row.session.state,
      });
      return row.session;
    });
  }

  concede({ key, as }: Concession): Promise<Session> {
    return settle(() => {
      const known = this.rows.get(keyString(key));
      if (known) return known.session;
      const row = this.open(key, as);
      row.events.push({ type: 'wait-timed-out', data: {} });
      return row.session;
    });
  }

  claim(request: ClaimRequest): Promise<ClaimResult> {
    return settle((): ClaimResult => {
      const row = this.rows.get(keyString(request.key));
      if (!row) return { kind: 'unknown' };
      if (!['received', 'ready', 'active'].includes(row.session.state)) return { kind: 'over' };
      if (isHeld(row, request.owner, this.now())) return { kind: 'owned', leaseUntil: row.leaseUntil };
      row.owner = request.owner;
      row.yielding = false;
      row.epoch += 1;
      row.leaseUntil = this.now() + request.leaseMs;
      this.change(row, { state: 'active' });
      return { kind: 'claimed', session: row.session, epoch: row.epoch };
    });
  }

  renew(claim: Claim, leaseMs: number, yielding = false): Promise<number | null> {
    return settle(() => {
      const row = this.owned(claim);
      if (!row) return null;
      row.leaseUntil = this.now() + leaseMs;
      row.yielding = yielding;
      return row.session.version;
    });
  }

  decideNext(claim: Claim, next: NextStep): Promise<boolean> {
    return settle(() => {
      const row = this.owned(claim);
      if (!row) return false;
      row.next = next;
      this.addEvent(row, { type: 'next-step-decided', data: { next }, once: 'next-step-decided' });
      return true;
    });
  }

  findOutlook(key: CallKey): Promise<Outlook | null> {
    return settle(() => {
      const row = this.rows.get(keyString(key));
      return row ? { state: row.session.state, next: row.next } : null;
    });
  }

  finish(claim: Claim, ending: Ending): Promise<boolean> {
    return settle(() => {
      const row = this.owned(claim);
      if (!row) return false;
      row.ending = ending;
      if (ending.outcome === 'transferred') row.next = 'transfer';
      row.owner = null;
      this.change(row, { state: 'ended' });
      return true;
    });
  }

  callEnded(ended: CallEnded, details: CallEvent['data']): Promise<void> {
    return settle(() => {
      const row = this.rows.get(keyString(ended.key));
      if (!row) return;
      row.end = mergeCallEnd(row.end, ended);
      if (endsSession(ended) || row.next === null) tellEnd(row.events, ended, details);
      if (!endsSession(ended) || !isUnanswered(row.session.state)) return;
      row.ending = { outcome: 'no-stream', closeCode: null };
      this.change(row, { state: 'ended' });
    });
  }

  reap(limits: { graceMs: number; unansweredMs: number }): Promise<Reaped> {
    return settle(() => {
      const now = this.now();
      const lost: CallKey[] = [];
      let unanswered = 0;
      for (const row of this.rows.values()) {
        const { state, announcedAt, provider, account, callId } = row.session;
        if (state === 'active' && row.owner !== null && row.leaseUntil < now - limits.graceMs) {
          lost.push({ provider, account, callId });
          row.owner = null;
          row.ending = { outcome: 'lost', closeCode: null };
          this.change(row, { state: 'ended' });
        } else if (isUnanswered(state) && (announcedAt ?? now) < now - limits.unansweredMs) {
          unanswered += 1;
          row.ending = { outcome: 'no-stream', closeCode: null };
          this.change(row, { state: 'ended' });
        }
      }
      return { lost, unanswered };
    });
  }

  record(key: CallKey, event: CallEvent): Promise<void> {
    return settle(() => {
      const row = this.rows.get(keyString(key));
      if (row) this.addEvent(row, event);
    });
  }

  private addEvent(row: Row, event: CallEvent): void {
    if (event.once !== undefined && row.events.some((known) => known.once === event.once)) return;
    row.events.push(event);
  }

  private owned(claim: Claim): Row | null {
    const row = this.rows.get(keyString(claim.key));
    return row && row.owner === claim.owner && row.epoch === claim.epoch ? row : null;
  }

  private change(row: Row, changes: Partial<Session>): void {
    row.session = { ...row.session, ...changes, version: row.session.version + 1 };
  }

  private open(key: CallKey, state: SessionState, sessionId = this.nextId()): Row {
    const session: Session = {
      sessionId,
      provider: key.provider,
      account: key.account,
      callId: key.callId,
      state,
      version: 1,
      direction: 'inbound',
      from: null,
      to: null,
      customer: null,
      attributes: {},
      enrichment: 'none',
      announcedAt: null,
    };
    const row: Row = {
      session,
      owner: null,
      epoch: 0,
      leaseUntil: 0,
      yielding: false,
      next: null,
      ending: null,
      end: UNTOLD,
      events: [],
    };
    this.rows.set(keyString(key), row);
    return row;
  }

  private upsertCustomer({ account, customer }: Announcement): Customer | null {
    if (!customer) return null;
    const id = `${account}|${customer.phone}`;
    const known = this.customers.get(id);
    const merged = known ? merge(known, customer) : { customerId: this.nextId(), ...customer };
    this.customers.set(id, merged);
    return merged;
  }

  private nextId(): string {
    this.ids += 1;
    return `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }
}

/** by another owner, who has neither let go nor let his lease run out */
const isHeld = (row: Row, owner: string, now: number): boolean =>
  row.owner !== null && row.owner !== owner && !row.yielding && row.leaseUntil >= now;

const isUnanswered = (state: SessionState): boolean => state === 'received' || state === 'ready';

/** One line, of the first that knew a reason; before that, of the first. */
function tellEnd(events: CallEvent[], { reason, source }: CallEnded, details: CallEvent['data']): void {
  const line = { type: 'call-ended', data: { ...details, reason, source }, once: 'call-ended' };
  const told = events.findIndex(({ once }) => once === line.once);
  if (told < 0) events.push(line);
  else if (events[told]?.data['reason'] === null && reason !== null) events[told] = line;
}

function merge(known: Customer, update: CustomerUpdate): Customer {
  return {
    ...known,
    fullName: update.fullName ?? known.fullName,
    language: update.language ?? known.language,
    attributes: { ...known.attributes, ...update.attributes },
  };
}

/** As a remote store does: never within the caller's turn, and an exception is a rejection. */
async function settle<T>(run: () => T): Promise<T> {
  await Promise.resolve();
  return run();
}
