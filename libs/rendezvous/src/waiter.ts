import { keyString, type CallKey, type Found, type Session } from '@greenroom/contracts';
import { isTakeable } from './session-state';

export type AwaitResult =
  | { outcome: 'ready'; session: Session; found: Found; waitedMs: number }
  | { outcome: 'timed-out'; waitedMs: number }
  | { outcome: 'cancelled'; waitedMs: number };

/**
 * One stream that waits for its session. It settles once: whatever comes first of a session, the deadline and the
 * caller's leaving. Later ones change nothing.
 */
export class Waiter {
  readonly id: string;
  readonly result: Promise<AwaitResult>;
  /** a session that is only `received`: good enough at the deadline, not before */
  private pending: { session: Session; found: Found } | null = null;
  private resolve!: (result: AwaitResult) => void;
  private settledYet = false;
  private atDeadline = false;

  constructor(
    readonly key: CallKey,
    private readonly waitedMs: () => number,
  ) {
    this.id = keyString(key);
    this.result = new Promise((resolve) => (this.resolve = resolve));
  }

  get settled(): boolean {
    return this.settledYet;
  }

  /**
   * A session was seen somewhere. One of another key is never taken, whatever the store said; nor is one that another
   * stream of this call opened when its own wait had ended with nothing. At the deadline a look that is still under way
   * may see our own tombstone before we hear that it was written.
   */
  offer(session: Session, found: Found): void {
    if (this.settledYet || keyString(session) !== this.id) return;
    if (session.announcedAt === null && !isTakeable(session)) return;
    if (this.atDeadline && session.state === 'timed_out') return;
    if (isTakeable(session)) this.settle({ outcome: 'ready', session, found, waitedMs: this.waitedMs() });
    else this.pending = { session, found };
  }

  /** The deadline: a session that is only `received` is taken as it is. False if there is none. */
  takePending(): boolean {
    this.atDeadline = true;
    if (!this.pending) return this.settledYet;
    this.settle({ outcome: 'ready', ...this.pending, waitedMs: this.waitedMs() });
    return true;
  }

  timeOut(): void {
    this.settle({ outcome: 'timed-out', waitedMs: this.waitedMs() });
  }

  cancel(): void {
    this.settle({ outcome: 'cancelled', waitedMs: this.waitedMs() });
  }

  private settle(result: AwaitResult): void {
    if (this.settledYet) return;
    this.settledYet = true;
    this.resolve(result);
  }
}
