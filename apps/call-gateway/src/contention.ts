/** An owner that has heard nothing of its caller for so long lets another connection take over. Frames come every 20 to 100 ms. */
export const SILENT_MS = 3000;
/** An owner that does not yield within this time hears its caller: a second stream of the call is turned away. */
const CHALLENGE_MS = SILENT_MS + 1500;

/**
 * A call that another connection drives is waited for, since that one may be the dead end of a connection that the
 * provider has just made anew: it is taken over when its owner yields or its lease runs out, and given up when the
 * owner renews although it had the time to yield.
 */
export class Contention {
  private since: number | null = null;
  private firstLease: number | null = null;

  constructor(private readonly leaseMs: number) {}

  /**
   * Is the call still waited for?
   * @param leaseUntil of its owner, by the store's clock; 0: the claim stands in Redis, and nothing is known of its lease
   * @param now clock time
   */
  isOpen(leaseUntil: number, now: number): boolean {
    this.since ??= now;
    if (leaseUntil > 0) this.firstLease ??= leaseUntil;
    const renewed = this.firstLease !== null && leaseUntil > this.firstLease;
    return now - this.since <= (renewed ? CHALLENGE_MS : CHALLENGE_MS + this.leaseMs);
  }
}
