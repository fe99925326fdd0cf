import { createHash } from 'node:crypto';
import {
  jobId,
  JOBS,
  queuePrefix,
  QUEUES,
  type CallKey,
  type JobName,
  type RunCallCommand,
  type StoreAnnouncement,
  type StoreCallEvent,
} from '@greenroom/contracts';
import { Queue, Worker, type Job, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { sidOf } from './sid';

/** Behind all others, since each holds a worker up while Postgres hangs, and a call does not wait for it. */
const LATER = 10;

/** Tried for as long as it takes, every one to two seconds: Postgres may be away for hours. */
const UNTIL_WRITTEN: JobsOptions = {
  priority: LATER,
  attempts: 100_000,
  backoff: { type: 'fixed', delay: 1500, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: 10_000,
};

const A_FEW_TIMES: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: { age: 3600, count: 10_000 },
  removeOnFail: 1000,
};

/**
 * Gone as soon as it was run, since it may hold a secret. The provider repeats its webhooks for some minutes: that a
 * command was asked for is remembered for longer, without what it said.
 */
const ONCE = { attempts: 1, removeOnComplete: true, removeOnFail: true } satisfies JobsOptions;
const REMEMBERED_MS = 3_600_000;

/**
 * Adds jobs. One a call and kind, so that any number of repeats is one job. Rejects at once when Redis cannot be
 * reached: BullMQ itself would wait for it.
 */
export class SessionJobs {
  private queue: Queue | null = null;

  constructor(
    private readonly connection: Redis,
    private readonly environment: string,
    private readonly report: (error: Error) => void,
  ) {}

  /** Once the connection has begun to connect: BullMQ gives up for ever on one that fails its first try. */
  open(): void {
    const { connection, environment, report } = this;
    this.queue = new Queue(QUEUES.sessions, { connection, prefix: queuePrefix(environment) });
    this.queue.on('error', report);
  }

  async enrich({ provider, account, callId }: CallKey): Promise<void> {
    const key = { provider, account, callId };
    await this.add('enrich-session', { key }, jobId('enrich-session', sidOf(key)), A_FEW_TIMES);
  }

  async storeAnnouncement(data: StoreAnnouncement): Promise<void> {
    const id = jobId('store-announcement', sidOf(data.announcement));
    await this.add('store-announcement', data, id, UNTIL_WRITTEN);
  }

  async storeCallEvent(data: StoreCallEvent): Promise<void> {
    const fact = createHash('sha256')
      .update(`${sidOf(data.key)} ${data.event.once}`)
      .digest('hex');
    await this.add('store-call-event', data, jobId('store-call-event', fact), UNTIL_WRITTEN);
  }

  async runCallCommand(data: RunCallCommand): Promise<void> {
    const id = jobId('run-call-command', `${data.command.kind}-${sidOf(data.key)}`);
    await this.add('run-call-command', data, id, { ...ONCE, deduplication: { id, ttl: REMEMBERED_MS } });
  }

  async close(): Promise<void> {
    if (this.connection.status === 'ready') await this.queue?.close();
  }

  private ready(): Queue {
    if (!this.queue || this.connection.status !== 'ready')
      throw new Error('The queue’s Redis is not connected.');
    return this.queue;
  }

  private async add<Name extends JobName>(
    name: Name,
    data: z.input<(typeof JOBS)[Name]>,
    id: string,
    options: JobsOptions,
  ): Promise<void> {
    await this.ready().add(name, JOBS[name].parse(data), { ...options, jobId: id });
  }
}

export type JobHandlers = {
  /** `createdAt`: unix ms at which the job was added */
  [Name in JobName]: (data: z.infer<(typeof JOBS)[Name]>, createdAt: number) => Promise<void>;
};

/** Works jobs off. Every job name has exactly one handler: the compiler sees to it. */
export function workJobs(
  connection: Redis,
  environment: string,
  handlers: JobHandlers,
  report: (error: Error) => void,
): Worker {
  const worker = new Worker(QUEUES.sessions, (job) => run(job, handlers), {
    connection,
    prefix: queuePrefix(environment),
    concurrency: 50,
    autorun: false,
  });
  worker.on('error', report);
  worker.on('failed', (_, error) => report(error));
  return worker;
}

async function run({ name, data, timestamp }: Job, handlers: JobHandlers): Promise<void> {
  if (!Object.hasOwn(JOBS, name)) throw new Error(`No handler for the job ${name}.`);
  await dispatch(name as JobName, { data: data as unknown, timestamp }, handlers);
}

function dispatch<Name extends JobName>(
  name: Name,
  job: { data: unknown; timestamp: number },
  handlers: JobHandlers,
): Promise<void> {
  return handlers[name](JOBS[name].parse(job.data) as z.infer<(typeof JOBS)[Name]>, job.timestamp);
}
