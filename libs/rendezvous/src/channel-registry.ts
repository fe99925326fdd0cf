import type { Session } from '@greenroom/contracts';
import type { Subscription, Wake } from './ports';

/** A connection to the broker, as its client library offers it. What is called first arrives first. */
export interface SubscriberLink {
  /** Resolves when the broker has acknowledged every name; rejects when the link is, or goes, down. */
  subscribe(names: readonly string[]): Promise<void>;
  /** May get lost: a link that goes down takes its subscriptions with it. */
  unsubscribe(name: string): void;
}

interface Channel {
  wakes: Set<Wake>;
  acknowledged: Promise<boolean>;
}

/** channels in one SUBSCRIBE */
const BATCH = 1000;

/**
 * The channels that somebody in this process waits on, and what has to happen when their link was lost: subscribe all
 * of them anew, and only when the broker has acknowledged that, call the listeners. A look before the acknowledgement
 * can miss what is published right after it.
 */
export class ChannelRegistry {
  private readonly channels = new Map<string, Channel>();
  private readonly restored: (() => void)[] = [];

  constructor(private readonly link: SubscriberLink) {}

  get size(): number {
    return this.channels.size;
  }

  onRestored(listener: () => void): void {
    this.restored.push(listener);
  }

  subscribe(name: string, wake: Wake): Subscription {
    const channel = this.channels.get(name) ?? this.open(name);
    const listener: Wake = (told) => wake(told);
    channel.wakes.add(listener);
    return {
      acknowledged: channel.acknowledged,
      close: () => {
        channel.wakes.delete(listener);
        if (channel.wakes.size > 0 || this.channels.get(name) !== channel) return;
        this.channels.delete(name);
        this.link.unsubscribe(name);
      },
    };
  }

  /** A message has come. */
  receive(name: string, told: Session | null): void {
    this.channels.get(name)?.wakes.forEach((wake) => wake(told));
  }

  /** The link is there again, with no subscription. If it is lost once more meanwhile, the next call makes up for it. */
  async restore(): Promise<void> {
    const acknowledged = this.request([...this.channels.keys()]);
    for (const channel of this.channels.values()) channel.acknowledged = acknowledged;
    if (await acknowledged) this.restored.forEach((listener) => listener());
  }

  private open(name: string): Channel {
    const channel = { wakes: new Set<Wake>(), acknowledged: this.request([name]) };
    this.channels.set(name, channel);
    return channel;
  }

  /**
   * All batches go out in one turn: between two turns a wait may end, and its channel would then be subscribed after it
   * was unsubscribed. For the same reason a name that nobody waits for any more is given back: the client may have sent
   * our request again over a new link, and an UNSUBSCRIBE in between could not be sent at all.
   */
  private async request(names: readonly string[]): Promise<boolean> {
    const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) =>
      names.slice(index * BATCH, (index + 1) * BATCH),
    );
    try {
      await Promise.all(batches.map((batch) => this.link.subscribe(batch)));
    } catch {
      return false;
    }
    for (const name of names) if (!this.channels.has(name)) this.link.unsubscribe(name);
    return true;
  }
}
