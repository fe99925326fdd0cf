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

/** Ends the sessions of gateways that have died, and those that nobody answered. Several may run. */
export class Reaper {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

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
      const { lost, unanswered } = await this.store.reap(this.options);
      if (unanswered > 0) this.options.onReaped('no-stream', unanswered);
      if (lost.length === 0) return;
      this.logger.warn({ lost: lost.length }, 'calls of dead gateways ended');
      this.options.onReaped('lost', lost.length);
      await this.options.onLost(lost);
    } catch (error) {
      this.logger.warn(errorFields(error), 'cannot look for dead calls, trying again');
    }
  }
}
