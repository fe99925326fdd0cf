import {
  assertMigrated,
  createDataSource,
  createPool,
  PgOutbox,
  PgSessionStore,
  warmUp,
} from '@greenroom/entities';
import {
  commandConnection,
  connectSoon,
  errorFields,
  queueConnection,
  RedisNextSteps,
  RedisSessionCache,
  SessionJobs,
  type Logger,
  type Probe,
} from '@greenroom/platform';

interface StoreConfig {
  DATABASE_URL: string;
  DATABASE_POOL_SIZE: number;
  REDIS_URL: string;
  QUEUE_REDIS_URL?: string | undefined;
  ENVIRONMENT: string;
  SESSION_CACHE_SECONDS: number;
}

/** What this app keeps open: Postgres, Redis for the session cache, Redis for jobs. Constructing connects nothing. */
export class Stores {
  readonly dataSource;
  readonly sessions: PgSessionStore;
  readonly outbox: PgOutbox;
  private readonly pool;
  private readonly redis;
  private readonly queueRedis;
  readonly cache: RedisSessionCache;
  readonly nextSteps: RedisNextSteps;
  readonly jobs: SessionJobs;
  readonly probes: Readonly<Record<string, Probe>>;

  constructor(config: StoreConfig, service: string, logger: Logger) {
    const report = (what: string) => (error: unknown) =>
      logger.debug({ ...errorFields(error), what }, 'store error');
    const database = { url: config.DATABASE_URL, applicationName: service, onPoolError: report('postgres') };
    this.dataSource = createDataSource(database);
    this.pool = createPool({ ...database, poolSize: config.DATABASE_POOL_SIZE });
    this.sessions = new PgSessionStore(this.pool);
    this.outbox = new PgOutbox(this.pool, report('outbox'));
    this.redis = commandConnection(config.REDIS_URL, report('redis'));
    this.queueRedis = queueConnection(config.QUEUE_REDIS_URL ?? config.REDIS_URL, report('queue redis'));
    const { ENVIRONMENT: environment, SESSION_CACHE_SECONDS: ttlSeconds } = config;
    this.cache = new RedisSessionCache(this.redis, { environment, ttlSeconds });
    this.nextSteps = new RedisNextSteps(this.redis, { environment, ttlSeconds });
    this.jobs = new SessionJobs(this.queueRedis, environment, report('queue'));
    this.probes = {
      postgres: () => this.pool.query('SELECT 1'),
      redis: () => this.redis.ping(),
      'queue redis': () => this.queueRedis.ping(),
    };
  }

  /** @throws if Postgres cannot be reached or its schema is too old; Redis may be away */
  async open(): Promise<void> {
    await this.dataSource.initialize();
    await assertMigrated(this.dataSource);
    // what cannot be opened now, such as on a busy machine, is opened when it is needed
    await warmUp(this.pool).catch(() => undefined);
    await Promise.all([connectSoon(this.redis), connectSoon(this.queueRedis)]);
    this.jobs.open();
  }

  async close(): Promise<void> {
    await this.jobs.close().catch(() => undefined);
    this.redis.disconnect();
    this.queueRedis.disconnect();
    await this.outbox.drain();
    await this.pool.end();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
