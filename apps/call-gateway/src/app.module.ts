import { AdminServer, createRegistry, type Logger } from '@greenroom/platform';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Assistants } from './assistants';
import type { AnswerPorts } from './call';
import { compose } from './compose';
import type { GatewayConfig } from './config';
import { LiveStreams } from './live-streams';
import { ANSWER_PORTS, CONNECTION_OPTIONS, MediaGateway } from './media.gateway';
import { Stores } from './stores';

/** How long turns are tried to be written after the last call, while Postgres is away. */
const TURNS_MS = 5000;
const DRAIN_MS = Symbol('DrainMs');
export const UPGRADE_OPTIONS = Symbol('UpgradeOptions');

/** The composition root of the process that answers media streams. */
@Module({})
export class AppModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly stores: Stores,
    private readonly streams: LiveStreams,
    private readonly admin: AdminServer,
    private readonly assistants: Assistants,
    @Inject(ANSWER_PORTS) private readonly answer: AnswerPorts,
    @Inject(DRAIN_MS) private readonly drainMs: number,
  ) {}

  static with(config: GatewayConfig, logger: Logger): DynamicModule {
    const registry = createRegistry('gateway');
    const { stores, streams, answer, connection, upgrades } = compose(config, logger, registry);
    return {
      module: AppModule,
      providers: [
        MediaGateway,
        { provide: Stores, useValue: stores },
        { provide: Assistants, useValue: answer.assistants },
        { provide: LiveStreams, useValue: streams },
        { provide: ANSWER_PORTS, useValue: answer },
        { provide: CONNECTION_OPTIONS, useValue: connection },
        { provide: UPGRADE_OPTIONS, useValue: upgrades },
        { provide: DRAIN_MS, useValue: config.DRAIN_SECONDS * 1000 },
        { provide: AdminServer, useFactory: () => new AdminServer(registry, stores.probes) },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.assistants.open();
    await this.stores.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.admin.markDraining();
    await this.streams.drain(this.drainMs);
    const { turns, recordings, commands } = this.answer;
    await Promise.all([turns.drain(TURNS_MS), recordings.drain(), commands.drain()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.assistants.close();
    await this.stores.close();
    await this.admin.close();
  }
}
