import { JOBS, queuePrefix, QUEUES, enrichJobId, type CallKey, type JobName } from '@greenroom/contracts';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { sidOf } from './sid';

/** Adds jobs. An id a call, so that any number of repeats is one job. */
export class SessionJobs {
  private readonly queue: Queue;

  constructor(connection: Redis, environment: string, report: (error: Error) => void) {
    this.queue = new Queue(QUEUES.sessions, {
      connection,
      prefix: queuePrefix(environment),
      skipWaitingForReady: true,
      defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 500 }, removeOnFail: 1000 },
    });
    this.queue.on('error', report);
  }

  async enrich(key: CallKey): Promise<void> {
    const { provider, account, callId } = key;
    const data = JOBS['enrich-session'].parse({ key: { provider, account, callId } });
    const options = { jobId: enrichJobId(sidOf(key)), removeOnComplete: { age: 3600, count: 10_000 } };
    await this.queue.add('enrich-session' satisfies JobName, data, options);
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

export type JobHandlers = { [Name in JobName]: (data: z.infer<(typeof JOBS)[Name]>) => Promise<void> };

/** Works jobs off. Every job name has exactly one handler: the compiler sees to it. */
export function workJobs(
  connection: Redis,
  environment: string,
  handlers: JobHandlers,
  report: (error: Error) => void,
): Worker {
  const worker = new Worker(
    QUEUES.sessions,
    async ({ name, data }) => {
      if (!Object.hasOwn(JOBS, name)) throw new Error(`No handler for the job ${name}.`);
      const known = name as JobName;
      await handlers[known](JOBS[known].parse(data));
    },
    { connection, prefix: queuePrefix(environment), concurrency: 50, autorun: false },
  );
  worker.on('error', report);
  worker.on('failed', (_, error) => report(error));
  return worker;
}
