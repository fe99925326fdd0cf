import { sessionReadyChannel, SessionReadySchema, type CallKey } from '@greenroom/contracts';
import type { SessionSignal, Subscription } from '@greenroom/rendezvous';
import type { Redis } from 'ioredis';
import { sidOf } from './sid';

const PING_MS = 1000;
/** A link that answers no ping for so long is dead, whatever TCP believes. */
const SILENCE_MS = 3000;
/** channels in one SUBSCRIBE */
const BATCH = 1000;

interface Channel {
  wakes: Set<() => void>;
  acknowledged: Promise<boolean>;
}

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
  private readonly channels = new Map<string, Channel>();
  private readonly restored: (() => void)[] = [];
  private watchdog: NodeJS.Timeout | null = null;
  private unansweredSince: number | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly options: { environment: string; onForeignEvent?: () => void; onDeadLink?: () => void },
  ) {}

  /** Begins to listen; connecting is the caller's. */
  start(): void {
    this.redis.on('message', (channel, text) => this.receive(channel, text));
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
    this.restored.push(listener);
  }

  subscribe(key: CallKey, wake: () => void): Subscription {
    const name = sessionReadyChannel(this.options.environment, sidOf(key));
    const channel = this.channels.get(name) ?? this.open(name);
    const listener = () => wake();
    channel.wakes.add(listener);
    return {
      acknowledged: channel.acknowledged,
      close: () => {
        channel.wakes.delete(listener);
        if (channel.wakes.size > 0 || this.channels.get(name) !== channel) return;
        this.channels.delete(name);
        this.redis.unsubscribe(name).catch(() => undefined);
      },
    };
  }

  private open(name: string): Channel {
    const acknowledged = this.redis.subscribe(name).then(
      () => true,
      () => false,
    );
    const channel = { wakes: new Set<() => void>(), acknowledged };
    this.channels.set(name, channel);
    return channel;
  }

  private receive(name: string, text: string): void {
    if (eventOf(text)?.environment !== this.options.environment) this.options.onForeignEvent?.();
    else this.channels.get(name)?.wakes.forEach((wake) => wake());
  }

  private async restore(): Promise<void> {
    this.unansweredSince = null;
    const names = [...this.channels.keys()];
    try {
      for (let start = 0; start < names.length; start += BATCH) {
        await this.redis.subscribe(...names.slice(start, start + BATCH));
      }
    } catch {
      return; // the link is gone again: the next `ready` comes here
    }
    this.restored.forEach((listener) => listener());
  }

  private watch(): void {
    if (this.redis.status !== 'ready') return;
    if (this.unansweredSince !== null && performance.now() - this.unansweredSince > SILENCE_MS) {
      this.unansweredSince = null;
      this.options.onDeadLink?.();
      this.redis.disconnect(true);
      return;
    }
    this.unansweredSince ??= performance.now();
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
