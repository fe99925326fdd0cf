import { errorFields, workerConnection, workJobs, type JobHandlers, type Logger } from '@greenroom/platform';

type Worker = ReturnType<typeof workJobs>;
type Connection = ReturnType<typeof workerConnection>;

const WATCH_MS = 5000;
/** A worker that has not become ready again by then, although Redis answers, never will. */
const STUCK_MS = 15_000;

interface RunnerConfig {
  QUEUE_REDIS_URL?: string | undefined;
  REDIS_URL: string;
  ENVIRONMENT: string;
}

/**
 * The BullMQ worker of this process. At least once: every handler may be run again for the same job.
 * BullMQ's workers are known to idle for ever after some failovers, so one that has stopped running is made anew.
 */
export class JobRunner {
  private connection: Connection | null = null;
  private worker: Worker | null = null;
  private watchdog: NodeJS.Timeout | null = null;
  private idleSince: number | null = null;

  constructor(
    private readonly config: RunnerConfig,
    private readonly handlers: JobHandlers,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.open();
    this.watchdog = setInterval(() => void this.watch(), WATCH_MS);
  }

  /** Jobs in hand are finished; no new one is taken. */
  async stop(): Promise<void> {
    if (this.watchdog) clearInterval(this.watchdog);
    await this.close();
  }

  private open(): void {
    const { QUEUE_REDIS_URL, REDIS_URL, ENVIRONMENT } = this.config;
    const report = (error: unknown) => this.logger.warn(errorFields(error), 'job queue error');
    this.connection = workerConnection(QUEUE_REDIS_URL ?? REDIS_URL, report);
    this.worker = workJobs(this.connection, ENVIRONMENT, this.handlers, report);
    this.worker.run().catch(report);
  }

  private async close(): Promise<void> {
    const { worker, connection } = this;
    // without Redis it cannot say goodbye, and must not wait for it
    await worker?.close(connection?.status !== 'ready').catch(() => undefined);
    connection?.disconnect();
  }

  private async watch(): Promise<void> {
    if (this.connection?.status !== 'ready' || this.worker?.isRunning()) {
      this.idleSince = null;
      return;
    }
    this.idleSince ??= performance.now();
    if (performance.now() - this.idleSince < STUCK_MS) return;
    this.idleSince = null;
    this.logger.warn('job worker does not run, making it anew');
    await this.close();
    this.open();
  }
}
