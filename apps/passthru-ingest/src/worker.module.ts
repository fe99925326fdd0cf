import {
  AdminServer,
  BackgroundCommands,
  Counter,
  createRegistry,
  type CallControl,
  type JobHandlers,
  type Logger,
} from '@greenroom/platform';
import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { openCallControl } from './call-control';
import type { WorkerConfig } from './config';
import { enrichSession, type EnrichPorts } from './enrich/enrich-session';
import { hangUpLost } from './hang-up-lost';
import { QUEUE_TIMEOUT_MS } from './issue-commands';
import { JobRunner } from './job-runner';
import { OutboxRelay } from './outbox-relay';
import { Reaper } from './reaper';
import { storeSpooled } from './spool';
import { Stores } from './stores';

/** The composition root of the process that works the outbox and the jobs off. */
@Module({})
export class WorkerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly stores: Stores,
    private readonly relay: OutboxRelay,
    private readonly jobs: JobRunner,
    private readonly reaper: Reaper,
    private readonly admin: AdminServer,
    private readonly background: BackgroundCommands,
  ) {}

  static with(config: WorkerConfig, logger: Logger): DynamicModule {
    const registry = createRegistry('worker');
    const stores = new Stores(config, 'greenroom-worker', logger);
    const tell = { publisher: stores.cache, queue: stores.jobs };
    const control = openCallControl(config, registry, logger);
    const background = new BackgroundCommands(control);
    const shared: Shared = { config, stores, registry, logger, control, background };
    return {
      module: WorkerModule,
      providers: [
        { provide: Stores, useValue: stores },
        { provide: AdminServer, useFactory: () => new AdminServer(registry, stores.probes) },
        { provide: BackgroundCommands, useValue: background },
        { provide: JobRunner, useFactory: () => jobRunner(shared) },
        { provide: Reaper, useFactory: () => reaper(shared) },
        {
          provide: OutboxRelay,
          useFactory: () => {
            const relayed = new Counter({
              name: 'greenroom_outbox_delivered_total',
              help: 'Sessions told by the relay since they could not be told right after their commit',
              registers: [registry],
            });
            return new OutboxRelay(stores.outbox, tell, logger, {
              intervalMs: config.RELAY_INTERVAL_MS,
              retentionMs: config.OUTBOX_RETENTION_HOURS * 3_600_000,
              onDelivered: (count) => relayed.inc(count),
            });
          },
        },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.stores.open();
    this.relay.start();
    this.jobs.start();
    this.reaper.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.admin.markDraining();
    await Promise.all([this.relay.stop(), this.jobs.stop(), this.reaper.stop()]);
    await this.background.drain();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stores.close();
    await this.admin.close();
  }
}

interface Shared {
  config: WorkerConfig;
  stores: Stores;
  registry: ReturnType<typeof createRegistry>;
  logger: Logger;
  control: CallControl;
  background: BackgroundCommands;
}

function reaper({ config, stores, registry, logger, background }: Shared): Reaper {
  const reaped = new Counter({
    name: 'greenroom_reaped_sessions_total',
    help: 'Sessions that were ended since their gateway had died, or since no stream had asked for them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return new Reaper(stores.sessions, logger, {
    intervalMs: config.REAP_INTERVAL_MS,
    graceMs: config.REAP_GRACE_MS,
    unansweredMs: config.UNANSWERED_MS,
    onReaped: (outcome, count) => reaped.inc({ outcome }, count),
    onLost: (calls) =>
      hangUpLost(calls, {
        ...{ commandQueue: stores.jobs, background, logger },
        queueTimeoutMs: QUEUE_TIMEOUT_MS,
      }),
  });
}

function jobRunner({ config, stores, registry, logger, control }: Shared): JobRunner {
  const asked = new Counter({
    name: 'greenroom_crm_lookups_total',
    help: 'Look-ups in the accounts’ CRMs by how they ended',
    labelNames: ['result'],
    registers: [registry],
  });
  const ports: EnrichPorts = {
    store: stores.sessions,
    outbox: stores.outbox,
    publisher: stores.cache,
    queue: stores.jobs,
    accounts: config.accounts,
    logger,
    count: (result) => asked.inc({ result }),
  };
  const spooled = storeSpooled(stores.sessions);
  const handlers: JobHandlers = {
    'enrich-session': ({ key }) => enrichSession(key, ports),
    'store-announcement': (data) => spooled.announcement(data),
    'store-call-event': (data, createdAt) => spooled.callEvent(data, createdAt),
    'run-call-command': async ({ key, command }) => void (await control.run(key, command)),
  };
  return new JobRunner(config, handlers, logger);
}
