import { sessionReadyChannel, SessionReadySchema, type CallKey } from '@greenroom/contracts';
import { ChannelRegistry, type SessionSignal, type Subscription, type Wake } from '@greenroom/rendezvous';
import type { Redis } from 'ioredis';
import { sidOf } from './sid';

const PING_MS = 1000;
/**
 * A link that answers no ping for so long is dead, whatever TCP believes. Looked at with each ping, so it is found 3 to
 * 4 s after it has died.
 */
const SILENCE_MS = 2500;

/**
 * Wake-ups through Redis pub/sub: a channel a call, all on one connection, so that an event reaches only the gateway
 * that waits for it.
 *
 * ioredis emits `ready` before it has subscribed anew and never says when it has, so a look at that moment can miss
 * what is published right after it. Therefore its own re-subscription is off: on `ready` we subscribe all channels
 * that are waited for, and only when Redis has acknowledged that are the listeners of `onRestored` called.
 *
 * A half-open link looks healthy for many minutes. A ping a second tells.
 */
export class RedisSessionSignal implements SessionSignal {
  private readonly channels: ChannelRegistry;
  private watchdog: NodeJS.Timeout | null = null;
  private unansweredSince: number | null = null;
  private givenUp: string[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly options: { environment: string; onForeignEvent?: () => void; onDeadLink?: () => void },
  ) {
    this.channels = new ChannelRegistry({
      subscribe: async (names) => {
        this.unsubscribe();
        await redis.subscribe(...names);
      },
      unsubscribe: (name) => {
        this.givenUp.push(name);
        if (this.givenUp.length === 1) setImmediate(() => this.unsubscribe());
      },
    });
  }

  /**
   * What was given up in one turn of the event loop goes out together, behind what the waits that have just ended do next;
   * but ahead of the next subscription, which may be of the same channel.
   */
  private unsubscribe(): void {
    if (this.givenUp.length === 0) return;
    void this.redis.unsubscribe(...this.givenUp).catch(() => undefined);
    this.givenUp = [];
  }

  /** Begins to listen; connecting is the caller's. */
  start(): void {
    this.redis.on('message', (channel, text) => this.receive(channel, text));
    this.redis.on('connect', () => (this.unansweredSince = null));
    this.redis.on('ready', () => void this.restore());
    this.watchdog = setInterval(() => this.watch(), PING_MS);
  }

  stop(): void {
    if (this.watchdog) clearInterval(this.watchdog);
  }

  get size(): number {
    return this.channels.size;
  }

  onRestored(listener: () => void): void {
    this.channels.onRestored(listener);
  }

  subscribe(key: CallKey, wake: Wake): Subscription {
    return this.channels.subscribe(sessionReadyChannel(this.options.environment, sidOf(key)), wake);
  }

  private receive(name: string, text: string): void {
    const event = eventOf(text);
    if (event?.environment !== this.options.environment) this.options.onForeignEvent?.();
    else this.channels.receive(name, event.session ?? null);
  }

  private async restore(): Promise<void> {
    this.unansweredSince = null;
    await this.channels.restore();
  }

  private watch(): void {
    const { status } = this.redis;
    if (status !== 'connect' && status !== 'ready') return;
    if (this.unansweredSince !== null && performance.now() - this.unansweredSince > SILENCE_MS) {
      this.unansweredSince = null;
      this.options.onDeadLink?.();
      this.redis.disconnect(true);
      return;
    }
    this.unansweredSince ??= performance.now();
    // until it is ready, the client's own first commands are the ping, and only this watch gives up on them
    if (status !== 'ready') return;
    this.redis.ping().then(
      () => (this.unansweredSince = null),
      () => undefined,
    );
  }
}

function eventOf(text: string) {
  try {
    return SessionReadySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
