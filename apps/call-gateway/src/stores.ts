import {
  assertMigrated,
  createDataSource,
  createPool,
  PgSessionStore,
  PgTurnStore,
  warmUp,
} from '@greenroom/entities';
import {
  commandConnection,
  connectSoon,
  errorFields,
  RedisClaims,
  RedisNextSteps,
  RedisSessionCache,
  RedisSessionSignal,
  RedisUsedTokens,
  subscriberConnection,
  type Logger,
  type Probe,
} from '@greenroom/platform';
import type { GatewayConfig } from './config';

/** The provider waits with its handshake while Redis is asked about a token. */
const USED_WITHIN_MS = 250;

/** What this app keeps open: Postgres, Redis for commands, Redis for events. Constructing connects nothing. */
export class Stores {
  private readonly dataSource;
  private readonly pool;
  private readonly redis;
  private readonly subscriber;
  readonly sessions: PgSessionStore;
  readonly cache: RedisSessionCache;
  readonly claims: RedisClaims;
  readonly nextSteps: RedisNextSteps;
  readonly turns: PgTurnStore;
  readonly usedTokens: RedisUsedTokens;
  readonly signal: RedisSessionSignal;
  readonly probes: Readonly<Record<string, Probe>>;

  constructor(
    config: GatewayConfig,
    logger: Logger,
    counters: { onForeignEvent: () => void; onDeadLink: () => void },
  ) {
    const report = (what: string) => (error: unknown) =>
      logger.debug({ ...errorFields(error), what }, 'store error');
    const database = {
      url: config.DATABASE_URL,
      applicationName: 'greenroom-gateway',
      onPoolError: report('postgres'),
    };
    const { ENVIRONMENT: environment, SESSION_CACHE_SECONDS: ttlSeconds } = config;
    this.dataSource = createDataSource(database);
    this.pool = createPool({ ...database, poolSize: config.DATABASE_POOL_SIZE });
    this.sessions = new PgSessionStore(this.pool);
    this.redis = commandConnection(config.REDIS_URL, report('redis'));
    this.subscriber = subscriberConnection(config.REDIS_URL, report('redis events'));
    this.cache = new RedisSessionCache(this.redis, { environment, ttlSeconds });
    this.claims = new RedisClaims(this.redis, environment);
    this.nextSteps = new RedisNextSteps(this.redis, { environment, ttlSeconds });
    this.turns = new PgTurnStore(this.pool);
    this.usedTokens = new RedisUsedTokens(this.redis, {
      environment,
      withinMs: USED_WITHIN_MS,
      now: Date.now,
    });
    this.signal = new RedisSessionSignal(this.subscriber, { environment, ...counters });
    this.probes = {
      postgres: () => this.pool.query('SELECT 1'),
      redis: () => this.redis.ping(),
      'redis events': () => this.subscriber.ping(),
    };
  }

  /** @throws if Postgres cannot be reached or its schema is too old; Redis may be away */
  async open(): Promise<void> {
    await this.dataSource.initialize();
    await assertMigrated(this.dataSource);
    // what cannot be opened now, such as on a busy machine, is opened when it is needed
    await warmUp(this.pool).catch(() => undefined);
    await this.dataSource.destroy();
    this.signal.start();
    await Promise.all([connectSoon(this.redis), connectSoon(this.subscriber)]);
  }

  async close(): Promise<void> {
    this.signal.stop();
    this.redis.disconnect();
    this.subscriber.disconnect();
    await this.pool.end();
  }
}
