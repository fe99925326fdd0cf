import type { CallKey } from '@greenroom/contracts';
import { errorFields, type Logger } from '@greenroom/platform';
import type { SessionStore } from '@greenroom/rendezvous';

export interface ReaperOptions {
  intervalMs: number;
  /** after the end of its lease a call is given so long to be renewed after all */
  graceMs: number;
  /** a session that no stream has asked for is ended after so long */
  unansweredMs: number;
  onReaped: (outcome: 'lost' | 'no-stream', count: number) => void;
  /** told of calls whose gateway has died; never rejects */
  onLost: (calls: readonly CallKey[]) => Promise<void>;
}

/**
 * Ends the sessions of gateways that have died, and those that nobody answered. Several may run.
 *
 * A lease that runs out while the store is away says nothing of its owner, who could not renew it. When the store is back,
 * owners have the grace to do so: until then, the time that it was away is no time of a lease.
 */
export class Reaper {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  /** monotonic, in ms: the last answer before the store was away, and when leases can be believed again */
  private answeredAt = performance.now();
  private believesFrom = 0;
  private away = false;

  constructor(
    private readonly store: SessionStore,
    private readonly logger: Logger,
    private readonly options: ReaperOptions,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.reap();
    }, this.options.intervalMs);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  private async reap(): Promise<void> {
    try {
      const { lost, unanswered } = await this.store.reap({ ...this.options, graceMs: this.graceMs() });
      this.answered();
      if (unanswered > 0) this.options.onReaped('no-stream', unanswered);
      if (lost.length === 0) return;
      this.logger.warn({ lost: lost.length }, 'calls of dead gateways ended');
      this.options.onReaped('lost', lost.length);
      await this.options.onLost(lost);
    } catch (error) {
      this.away = true;
      this.logger.warn(errorFields(error), 'cannot look for dead calls, trying again');
    }
  }

  private graceMs(): number {
    const now = performance.now();
    const believed = !this.away && now >= this.believesFrom;
    return this.options.graceMs + (believed ? 0 : Math.ceil(now - this.answeredAt));
  }

  private answered(): void {
    const now = performance.now();
    if (this.away) this.believesFrom = now + this.options.graceMs;
    this.away = false;
    if (now >= this.believesFrom) this.answeredAt = now;
  }
}
