import { errorFields, workerConnection, workJobs, type JobHandlers, type Logger } from '@greenroom/platform';

/** The BullMQ worker of this process. At least once: every handler may be run again for the same job. */
export class JobRunner {
  private readonly connection;
  private readonly worker;

  constructor(
    config: { QUEUE_REDIS_URL?: string | undefined; REDIS_URL: string; ENVIRONMENT: string },
    handlers: JobHandlers,
    logger: Logger,
  ) {
    const report = (error: unknown) => logger.warn(errorFields(error), 'job queue error');
    this.connection = workerConnection(config.QUEUE_REDIS_URL ?? config.REDIS_URL, report);
    this.worker = workJobs(this.connection, config.ENVIRONMENT, handlers, report);
  }

  start(): void {
    void this.worker.run();
  }

  /** Jobs in hand are finished; no new one is taken. */
  async stop(): Promise<void> {
    await this.worker.close();
    this.connection.disconnect();
  }
}
