/*
 *            failures in a row                pause is over
 *   closed ---------------------> open ------------------------> probing
 *     ^                            ^     (one request is let on)    |
 *     |                            +------------- it failed --------+
 *     +------------------------------ it succeeded -----------------+
 */

export interface BreakerLimits {
  /** failures in a row that open it */
  failures: number;
  /** ms for which it stays open */
  pauseMs: number;
}

/** Keeps requests from what does not work. Whoever is let on must say how it went. Times are ms of one clock. */
export class Breaker {
  private failedInARow = 0;
  private openUntil: number | null = null;

  constructor(private readonly limits: BreakerLimits) {}

  /** Whether a request may be made now. */
  admits(now: number): boolean {
    if (this.openUntil === null) return true;
    if (now < this.openUntil) return false;
    // the probe has as long as a pause to say how it went
    this.openUntil = now + this.limits.pauseMs;
    return true;
  }

  succeeded(): void {
    this.failedInARow = 0;
    this.openUntil = null;
  }

  failed(now: number): void {
    this.failedInARow += 1;
    if (this.failedInARow >= this.limits.failures) this.openUntil = now + this.limits.pauseMs;
  }
}
