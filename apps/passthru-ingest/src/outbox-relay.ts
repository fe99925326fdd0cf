import { setTimeout as sleep } from 'node:timers/promises';
import type { PgOutbox } from '@greenroom/entities';
import { errorFields, type Logger } from '@greenroom/platform';
import { tellSession, type TellPorts } from './tell-session';

const BATCH = 200;
/** Younger rows are most likely being told by the process that wrote them. */
const MIN_AGE_MS = 400;
const MAX_PAUSE_MS = 2000;
const PRUNE_EVERY_MS = 60_000;

export interface RelayOptions {
  intervalMs: number;
  retentionMs: number;
  onDelivered: (count: number) => void;
}

/**
 * Tells what could not be told right after the commit: the process died in between, or Redis was away.
 * Several may run; each takes rows that no other holds. A failure lengthens the pause, a success resets it.
 */
export class OutboxRelay {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private prunedAt = performance.now();

  constructor(
    private readonly outbox: PgOutbox,
    private readonly ports: TellPorts,
    private readonly logger: Logger,
    private readonly options: RelayOptions,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves when the batch at hand is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      const { delivered, error } = await this.relayOnce();
      failures = error ? failures + 1 : 0;
      if (error)
        this.logger.warn({ ...errorFields(error), failures }, 'outbox cannot be delivered, trying again');
      if (delivered === BATCH) continue;
      const pause = Math.min(MAX_PAUSE_MS, this.options.intervalMs * 2 ** Math.min(failures, 5));
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  private async relayOnce(): Promise<{ delivered: number; error: unknown }> {
    try {
      const deliver = (session: Parameters<typeof tellSession>[0]) => tellSession(session, this.ports);
      const result = await this.outbox.relay(deliver, { limit: BATCH, minAgeMs: MIN_AGE_MS });
      if (result.delivered > 0) this.options.onDelivered(result.delivered);
      await this.pruneNowAndThen();
      return result;
    } catch (error) {
      return { delivered: 0, error };
    }
  }

  private async pruneNowAndThen(): Promise<void> {
    if (performance.now() - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = performance.now();
    const pruned = await this.outbox.prune(this.options.retentionMs);
    if (pruned > 0) this.logger.debug({ pruned }, 'outbox pruned');
  }
}
