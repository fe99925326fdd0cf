import type {
  Announcement,
  CallEnded,
  CallKey,
  CallOutcome,
  CustomerUpdate,
  Found,
  NextStep,
  Session,
  SessionState,
} from '@greenroom/contracts';

/** Reads by key. A key that is missing or malformed throws before any query is sent. */
export interface SessionReader {
  find(key: CallKey): Promise<Session | null>;
  /** One round trip whatever the number of keys. The order is any; absent ones are left out. */
  findMany(keys: readonly CallKey[]): Promise<Session[]>;
}

export interface AnnounceOptions {
  /** the CRM has to be asked first, so the session begins as `received` */
  pending: boolean;
  /** id of a new session, where it was given out before it could be written */
  sessionId?: string;
}

export interface Announced {
  session: Session;
  /** false: this call was known already, nothing was written */
  changed: boolean;
  /** a stream waited for this call, gave up and was closed before this announcement came */
  late: boolean;
  /** names what the outbox now owes, for whoever tells of the session at once; null: nothing, or there is no outbox */
  debt: string | null;
}

export interface Concession {
  key: CallKey;
  as: 'timed_out' | 'received';
  waitedMs: number;
}

export interface ClaimRequest {
  key: CallKey;
  /** name of the connection that wants to drive the call, unique in the deployment */
  owner: string;
  leaseMs: number;
  found: Found | null;
  waitedMs: number;
}

export type ClaimResult =
  | { kind: 'claimed'; session: Session; epoch: number }
  /**
   * Another connection drives it. Its lease ends at this unix ms by the store's clock: the same again some time later
   * means that its owner does not renew.
   */
  | { kind: 'owned'; leaseUntil: number }
  /** ended, or a tombstone */
  | { kind: 'over' }
  /** the store has never heard of it, or not yet */
  | { kind: 'unknown' };

/** A claim that was won: every later write carries it, and changes nothing once another epoch has begun. */
export interface Claim {
  key: CallKey;
  owner: string;
  epoch: number;
}

export interface Ending {
  outcome: CallOutcome;
  /** WebSocket close code that we sent or received; null where there was none */
  closeCode: number | null;
}

export interface Reaped {
  lost: readonly CallKey[];
  unanswered: number;
}

/** How a call stands towards what comes after its stream. */
export interface Outlook {
  state: SessionState;
  /** what its driver has decided; null: nothing, or nothing yet */
  next: NextStep | null;
}

/** A line of a call's timeline. `once` makes repeats of the same fact one line. */
export interface CallEvent {
  type: string;
  data: Readonly<Record<string, string | number | boolean | null>>;
  once?: string;
}

/**
 * The truth about sessions (Postgres).
 *
 * Identity: one row a key. Idempotency: any number of the same call, in any order, leaves the same row; states only
 * move forward and each change adds one to the version. Failure: rejects when the store cannot be reached, never
 * half-writes.
 */
export interface SessionStore extends SessionReader {
  /**
   * Writes customer and session in one transaction, and owes the world a `session-ready`.
   */
  announce(announcement: Announcement, options: AnnounceOptions): Promise<Announced>;
  /** The CRM's answer, or null when its budget is spent. Null result: there was nothing pending. */
  enrich(key: CallKey, update: CustomerUpdate | null): Promise<Session | null>;
  /**
   * The last word of a wait that found nothing. `timed_out` leaves a tombstone, `received` opens a session without a
   * customer so that the call can go on. If the session has come meanwhile, it is given back as it is: whoever wrote
   * first wins, and the other obeys.
   */
  concede(concession: Concession): Promise<Session>;
  /** May be repeated by the same owner, whose first answer was lost: it wins again, with a new epoch. */
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /**
   * Extends the lease. `yielding`: the owner hears nothing of its caller, so another connection may take over at once.
   * Null: the claim is lost, stop speaking. Otherwise the version that now stands.
   */
  renew(claim: Claim, leaseMs: number, yielding?: boolean): Promise<number | null>;
  /**
   * What comes after the stream, written before the stream is closed: the provider asks as soon as it is. A decision
   * stands: no later owner takes it back, and repeats change nothing. False: the claim was lost before, nothing was
   * written.
   */
  decideNext(claim: Claim, next: NextStep): Promise<boolean>;
  /** What is to be said to a provider that asks what comes after the stream. Null: the call is not written here. */
  findOutlook(key: CallKey): Promise<Outlook | null>;
  /**
   * Ends the session. The outcome `transferred` is the decision too, in case that could not be written before. False:
   * the claim was lost before, nothing was written.
   */
  finish(claim: Claim, ending: Ending): Promise<boolean>;
  /**
   * The provider says that the call is over. The first that knows a reason decides it, times fill what is missing
   * (`mergeCallEnd`), and all of them together are one line `call-ended` on the timeline, which tells of the first that
   * knew a reason. Who knows a reason ends the session, unless a connection still drives it; who knows none tells of a
   * stream alone, and after a stream that was to be followed by something, of nothing. An unknown key changes nothing.
   * @param details for the timeline, in the provider's own words
   */
  callEnded(ended: CallEnded, details: CallEvent['data']): Promise<void>;
  /**
   * Ends, as `lost`, the sessions whose owner's lease ran out more than `graceMs` ago, and, as `no-stream`, those that
   * were announced more than `unansweredMs` ago and never answered.
   * @returns the lost ones, and how many were never answered
   */
  reap(limits: { graceMs: number; unansweredMs: number }): Promise<Reaped>;
  /** Adds a line to the timeline of a known call; an unknown key changes nothing. */
  record(key: CallKey, event: CallEvent): Promise<void>;
}

/**
 * The fast copy of sessions (Redis). It may lose everything at any moment: that costs time, never a call.
 * Rejects, soon, when it cannot be reached; whoever asks goes on without it.
 */
export interface SessionCache extends SessionReader {
  put(session: Session): Promise<void>;
}

/**
 * Claims while the store is away (Redis). Weaker than the store's: the owner settles with the store as soon as it is
 * back, and gives way if another connection was faster there.
 */
export interface ClaimCache {
  /** True if the call is now this owner's, or was already. */
  take(key: CallKey, owner: string, leaseMs: number): Promise<boolean>;
  release(key: CallKey, owner: string): Promise<void>;
}

/**
 * The fast copy of what comes after the stream (Redis), for when the store is away or slow. It knows no epochs, so it is
 * written only by an owner to whom the store has not said that the claim is lost.
 * Rejects, soon, when it cannot be reached; either copy is enough.
 */
export interface NextStepCache {
  put(key: CallKey, next: NextStep): Promise<void>;
  get(key: CallKey): Promise<NextStep | null>;
}

/** Tells the gateways that wait for a session of it, after it was put where they look first. */
export interface SessionPublisher {
  /** Puts and publishes together or not at all. May be repeated. */
  publish(session: Session): Promise<void>;
}

export interface Subscription {
  /** true once the subscription is known to be in force; false if it cannot be had now. Never rejects. */
  acknowledged: Promise<boolean>;
  close(): void;
}

/** @param told the session as its publisher put it into the cache, unchecked; null: look there */
export type Wake = (told: Session | null) => void;

/**
 * Wake-ups from other processes: at most once, perhaps late, perhaps never.
 * A subscription outlives a lost connection: the implementation makes it anew and, only when that is acknowledged,
 * calls the `onRestored` listeners, since whatever was published in between is gone.
 */
export interface SessionSignal {
  subscribe(key: CallKey, wake: Wake): Subscription;
  onRestored(listener: () => void): void;
}

/** Time as an argument. `now` is monotonic, in ms; the result of `after` cancels the timer. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): () => void;
}
