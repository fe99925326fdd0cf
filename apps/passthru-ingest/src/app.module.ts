import { CallRecords } from '@greenroom/entities';
import {
  AdminServer,
  BackgroundCommands,
  createRegistry,
  systemClock,
  type Logger,
} from '@greenroom/platform';
import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { openCallControl } from './call-control';
import type { IngestConfig } from './config';
import { ErrorFilter } from './error-filter';
import { LOOK_TIMEOUT_MS } from './find-next-step';
import { createIngestMetrics } from './ingest-metrics';
import { QUEUE_TIMEOUT_MS } from './issue-commands';
import { publishTogether } from './publish-together';
import type { WebhookPorts } from './receive-webhook';
import { API_KEYS, SessionsController } from './sessions.controller';
import { Stores } from './stores';
import { WEBHOOK_PORTS, WebhooksController } from './webhooks.controller';

/** The composition root of the process that takes webhooks. */
@Module({})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly stores: Stores,
    private readonly admin: AdminServer,
    private readonly background: BackgroundCommands,
  ) {}

  static with(config: IngestConfig, logger: Logger): DynamicModule {
    const registry = createRegistry('ingest');
    const metrics = createIngestMetrics(registry);
    const stores = new Stores(config, 'greenroom-ingest', logger);
    const background = new BackgroundCommands(openCallControl(config, registry, logger));
    const ports: WebhookPorts = {
      store: stores.sessions,
      outbox: stores.outbox,
      publisher: publishTogether(stores.cache),
      cache: stores.cache,
      nextSteps: stores.nextSteps,
      spool: stores.jobs,
      queue: stores.jobs,
      commandQueue: stores.jobs,
      background,
      clock: systemClock,
      metrics,
      logger,
      accounts: config.accounts,
      demo: config.DEMO_MODE,
      storeTimeoutMs: config.STORE_TIMEOUT_MS,
      publishTimeoutMs: config.PUBLISH_TIMEOUT_MS,
      nextStepWaitMs: config.NEXT_STEP_WAIT_MS,
      lookTimeoutMs: LOOK_TIMEOUT_MS,
      queueTimeoutMs: QUEUE_TIMEOUT_MS,
      publicBaseUrl: config.PUBLIC_BASE_URL.replace(/\/$/, ''),
      mediaUrl: config.mediaUrl,
      tokenSecrets: config.STREAM_TOKEN_SECRETS,
      tokenMs: config.STREAM_TOKEN_SECONDS * 1000,
    };
    return {
      module: AppModule,
      controllers: [WebhooksController, SessionsController],
      providers: [
        { provide: Stores, useValue: stores },
        { provide: AdminServer, useFactory: () => new AdminServer(registry, stores.probes) },
        { provide: BackgroundCommands, useValue: background },
        { provide: CallRecords, useFactory: () => new CallRecords(stores.dataSource) },
        { provide: WEBHOOK_PORTS, useValue: ports },
        { provide: API_KEYS, useValue: config.API_KEYS },
        { provide: APP_FILTER, useValue: new ErrorFilter(logger) },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.stores.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.admin.markDraining();
    await this.background.drain();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stores.close();
    await this.admin.close();
  }
}
