import {
  sessionCacheKey,
  sessionReadyChannel,
  SessionSchema,
  type CallKey,
  type Session,
  type SessionReady,
} from '@greenroom/contracts';
import type { SessionCache, SessionPublisher } from '@greenroom/rendezvous';
import type { Redis } from 'ioredis';
import { observePublished } from './observe-published';
import { sidOf } from './sid';

/**
 * Characters of a session that its event brings along; whoever waits for a larger one reads it. Redis keeps what a
 * subscriber has not taken yet in memory, and drops the connection when that is too much.
 */
const MOST_BROUGHT = 8192;

interface Asked {
  name: string;
  resolve: (text: string | null) => void;
  reject: (error: unknown) => void;
}

/** The fast copy of sessions, and their announcement, in Redis. */
export class RedisSessionCache implements SessionCache, SessionPublisher {
  private asked: Asked[] = [];
  /** Of the keys that are looked for, each second while their calls wait: to check and hash them would be most of that. */
  private readonly names = new WeakMap<CallKey, string>();

  constructor(
    private readonly redis: Redis,
    private readonly options: { environment: string; ttlSeconds: number },
  ) {}

  async find(key: CallKey): Promise<Session | null> {
    return parse(await this.ask(this.nameOf(key)));
  }

  async findMany(keys: readonly CallKey[]): Promise<Session[]> {
    if (keys.length === 0) return [];
    const texts = await this.redis.mget(keys.map((key) => this.nameOf(key)));
    return texts.flatMap((text) => parse(text) ?? []);
  }

  async put(session: Session): Promise<void> {
    await this.redis.set(this.nameOf(session), JSON.stringify(session), 'EX', this.options.ttlSeconds);
  }

  publish(session: Session): Promise<void> {
    return this.publishMany([session]);
  }

  /**
   * All of them or none, in one MULTI: under memory pressure Redis refuses SET and lets PUBLISH pass, which would wake a
   * waiter to nothing.
   */
  async publishMany(sessions: readonly Session[]): Promise<void> {
    const { environment, ttlSeconds } = this.options;
    const multi = this.redis.multi();
    for (const session of sessions) {
      observePublished(session);
      const { provider, account, callId, version } = session;
      const sid = sidOf(session);
      const text = JSON.stringify(session);
      const event: SessionReady = {
        type: 'session-ready',
        environment,
        key: { provider, account, callId },
        version,
        session: text.length > MOST_BROUGHT ? undefined : session,
      };
      multi
        .set(sessionCacheKey(environment, sid), text, 'EX', ttlSeconds)
        .publish(sessionReadyChannel(environment, sid), JSON.stringify(event));
    }
    const replies = await multi.exec();
    const failed = replies?.find(([error]) => error)?.[0];
    if (failed || !replies) throw failed ?? new Error('Redis discarded the transaction.');
  }

  /**
   * What is asked in one turn of the event loop is asked together. Under load many events come at once, each of them is
   * followed by a look, and a write to the socket for each would cost more than all the rest of it.
   */
  private ask(name: string): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.asked.push({ name, resolve, reject });
      if (this.asked.length === 1) queueMicrotask(() => this.askAll());
    });
  }

  private askAll(): void {
    const asked = this.asked;
    this.asked = [];
    const [only, ...others] = asked;
    if (only && others.length === 0) this.redis.get(only.name).then(only.resolve, only.reject);
    else
      this.redis.mget(asked.map(({ name }) => name)).then(
        (texts) => asked.forEach(({ resolve }, index) => resolve(texts[index] ?? null)),
        (error: unknown) => asked.forEach(({ reject }) => reject(error)),
      );
  }

  private nameOf(key: CallKey): string {
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = sessionCacheKey(this.options.environment, sidOf(key));
    this.names.set(key, name);
    return name;
  }
}

/** What is not a session of this version of the program is as good as absent: Postgres has the truth. */
function parse(text: string | null): Session | null {
  if (text === null) return null;
  try {
    return SessionSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
