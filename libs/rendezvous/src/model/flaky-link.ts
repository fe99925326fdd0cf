import { keyString } from '@greenroom/contracts';
import { ChannelRegistry, type SubscriberLink } from '../channel-registry';
import type { SessionSignal } from '../ports';
import { BROKER_HOP_MS, type Broker, type Wire } from './broker';
import type { Remote } from './remote';

export interface LinkBehaviour {
  /** the client library sends unanswered commands again over a new connection, as ioredis does; else they fail */
  resends: boolean;
  /** ms after which a half-open link is noticed; null: never */
  watchdogMs: number | null;
  /** ms that everything on its way takes longer than on the broker's other connections, in either direction */
  delayMs: number;
}

interface Command {
  kind: 'subscribe' | 'unsubscribe';
  names: readonly string[];
  settle: { resolve: () => void; reject: (error: Error) => void };
}

/** ms between two attempts to connect */
const BACKOFF_MS = 60;

/**
 * The subscriber connection of a process, as ioredis keeps it: commands are refused while it is down; when it is lost
 * the broker forgets its subscriptions, and the client learns of the loss a little later; `ready` comes when it is
 * connected anew, with no subscription yet.
 */
export class FlakyLink implements SubscriberLink {
  readonly channels = new ChannelRegistry(this);
  /** virtual ms of the last `ready` */
  readyAt = 0;
  private ready = true;
  private wire: Wire;
  private readonly unanswered = new Set<Command>();
  private readonly wanted = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly remote: Remote,
    private readonly behaviour: LinkBehaviour,
  ) {
    this.wire = this.connect();
    broker.onPublish((name) => {
      if (this.wanted.has(name) && !this.wire.subscribed.has(name))
        broker.journal.note('event missed by a lost link');
    });
  }

  subscribe(names: readonly string[]): Promise<void> {
    return this.request('subscribe', names);
  }

  unsubscribe(name: string): void {
    this.request('unsubscribe', [name]).catch(() => undefined);
  }

  /** Nothing passes any more, and only a watchdog can tell. */
  deafen(): void {
    if (!this.ready || !this.wire.passes) return;
    this.broker.journal.note('link half-open');
    const { wire } = this;
    wire.deaf = true;
    const { watchdogMs } = this.behaviour;
    if (watchdogMs !== null) void this.broker.timeline.sleep(watchdogMs).then(() => this.giveUp(wire));
  }

  drop(): void {
    if (!this.ready || this.wire.cut) return;
    this.broker.journal.note(this.channels.size > 0 ? 'link lost while streams waited' : 'link lost');
    this.lose(this.wire);
  }

  private giveUp(wire: Wire): void {
    if (wire.cut) return;
    this.broker.journal.note('half-open link noticed');
    this.lose(wire);
  }

  private lose(wire: Wire): void {
    wire.cut = true;
    wire.subscribed.clear();
    void this.remake();
  }

  private async remake(): Promise<void> {
    const { timeline } = this.broker;
    await timeline.step('link closes', BROKER_HOP_MS);
    this.ready = false;
    if (!this.behaviour.resends) this.failAll();
    for (;;) {
      await timeline.sleep(BACKOFF_MS);
      await timeline.step('link connects', BROKER_HOP_MS);
      if (!this.remote.isDown()) break;
      this.failAll();
    }
    this.wire = this.connect();
    this.ready = true;
    this.readyAt = timeline.now();
    this.unanswered.forEach((command) => this.send(command));
    await this.channels.restore();
  }

  private connect(): Wire {
    return this.broker.connect(this.behaviour.delayMs, (name, told) => this.channels.receive(name, told));
  }

  private request(kind: Command['kind'], names: readonly string[]): Promise<void> {
    for (const name of names) this.wanted[kind === 'subscribe' ? 'add' : 'delete'](name);
    if (!this.ready) return Promise.reject(new Error('the link is down'));
    return new Promise((resolve, reject) => {
      const command = { kind, names, settle: { resolve, reject } };
      this.unanswered.add(command);
      this.send(command);
    });
  }

  private send(command: Command): void {
    const { wire } = this;
    wire.toBroker.send(command.kind, () => {
      if (!wire.passes) return;
      for (const name of command.names) {
        if (command.kind === 'subscribe') wire.subscribed.add(name);
        else wire.subscribed.delete(name);
      }
      wire.toClient.send(`${command.kind} acknowledged`, () => {
        if (wire.passes && this.unanswered.delete(command)) command.settle.resolve();
      });
    });
  }

  private failAll(): void {
    for (const { settle } of this.unanswered) settle.reject(new Error('the link was lost'));
    this.unanswered.clear();
  }
}

/** The glue between keys and channels, as thin as the real one. */
export const signalOver = ({ channels }: FlakyLink): SessionSignal => ({
  subscribe: (key, wake) => channels.subscribe(keyString(key), wake),
  onRestored: (listener) => channels.onRestored(listener),
});
