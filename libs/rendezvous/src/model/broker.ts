import { keyString, type CallKey, type Session } from '@greenroom/contracts';
import type { SessionCache, SessionPublisher } from '../ports';
import { isTakeable } from '../session-state';
import type { Journal } from './journal';
import type { Remote } from './remote';
import { Pipe, type Timeline } from './timeline';

/**
 * What becomes of a message on its way to a subscriber. `bare`: it comes without its session, as from an older publisher;
 * `foreign`: with that of another call.
 */
export type Fate = 'arrives' | 'lost' | 'twice' | 'late' | 'bare' | 'foreign';

/** bound of one hop to or from the broker, ms */
export const BROKER_HOP_MS = 20;
const LATE_MS = 900;

/** One connection of one subscriber: once it is cut it never comes back, the next one begins with no subscription. */
export class Wire {
  readonly subscribed = new Set<string>();
  readonly toBroker: Pipe;
  readonly toClient: Pipe;
  cut = false;
  /** half-open: both ends believe in it, and nothing passes */
  deaf = false;

  constructor(timeline: Timeline, delayMs: number) {
    this.toBroker = new Pipe(timeline, delayMs, BROKER_HOP_MS);
    this.toClient = new Pipe(timeline, delayMs, BROKER_HOP_MS);
  }

  get passes(): boolean {
    return !this.cut && !this.deaf;
  }
}

type Receive = (name: string, told: Session | null) => void;

interface Subscriber {
  wire: Wire;
  receive: Receive;
}

interface Message {
  name: string;
  told: Session | null;
}

/** Redis: sessions that it may lose at any moment, and channels whose messages reach only who is subscribed right now. */
export class Broker {
  readonly sessions = new Map<string, Session>();
  private readonly subscribers = new Set<Subscriber>();
  private readonly publishing: ((name: string) => void)[] = [];
  private messages = 0;

  constructor(
    readonly timeline: Timeline,
    readonly journal: Journal,
    private readonly options: { fates: readonly Fate[]; forgetful: boolean },
  ) {}

  connect(delayMs: number, receive: Receive): Wire {
    const wire = new Wire(this.timeline, delayMs);
    this.subscribers.add({ wire, receive });
    return wire;
  }

  /** Names that are subscribed on connections through which something still passes. */
  get subscriptions(): number {
    return [...this.subscribers].reduce((sum, { wire }) => sum + (wire.passes ? wire.subscribed.size : 0), 0);
  }

  flush(): void {
    if (this.sessions.size > 0) this.journal.note('cache lost');
    this.sessions.clear();
  }

  keep(session: Session): void {
    if (!this.options.forgetful) this.sessions.set(keyString(session), session);
  }

  onPublish(listener: (name: string) => void): void {
    this.publishing.push(listener);
  }

  /** @param told the session that the message brings */
  publish(name: string, told: Session | null): void {
    this.publishing.forEach((listener) => listener(name));
    for (const subscriber of this.subscribers) {
      const { wire } = subscriber;
      if (wire.cut || !wire.subscribed.has(name)) continue;
      if (wire.deaf) this.journal.note('event into a half-open link');
      else this.send({ name, told }, subscriber);
    }
  }

  /** What stands in the broker under another name. */
  sessionOfAnother(name: string): Session | null {
    return [...this.sessions].find(([other]) => other !== name)?.[1] ?? null;
  }

  private send({ name, told }: Message, subscriber: Subscriber): void {
    const { fates } = this.options;
    const fate = fates[this.messages++ % fates.length] ?? 'arrives';
    if (fate !== 'arrives') this.journal.note(`event ${fate}`);
    const brought = this.broughtAs(fate, { name, told });
    const deliver = () =>
      subscriber.wire.toClient.send('message', () => {
        if (subscriber.wire.passes) subscriber.receive(name, brought);
      });
    if (fate === 'lost') return;
    if (fate === 'late') void this.timeline.sleep(LATE_MS).then(deliver);
    else deliver();
    if (fate === 'twice') deliver();
  }

  private broughtAs(fate: Fate, { name, told }: Message): Session | null {
    if (fate === 'foreign') return this.sessionOfAnother(name);
    return fate === 'bare' ? null : told;
  }
}

/** The broker's sessions, as a client with a connection for commands sees them. */
export class RemoteCache implements SessionCache, SessionPublisher {
  private reads = 0;

  /** @param confused every so many reads answer with the session of another call as well; 0 for none */
  constructor(
    private readonly broker: Broker,
    private readonly remote: Remote,
    private readonly confused = 0,
  ) {}

  find(key: CallKey): Promise<Session | null> {
    const id = keyString(key);
    return this.remote.call('get', () =>
      Promise.resolve(this.foreign(id) ?? this.broker.sessions.get(id) ?? null),
    );
  }

  findMany(keys: readonly CallKey[]): Promise<Session[]> {
    const ids = keys.map(keyString);
    return this.remote.call('mget', () => {
      const foreign = this.foreign(ids[0] ?? '');
      const own = ids.flatMap((id) => this.broker.sessions.get(id) ?? []);
      return Promise.resolve(foreign ? [foreign, ...own.slice(1)] : own);
    });
  }

  put(session: Session): Promise<void> {
    return this.remote.call('set', () => {
      const before = this.broker.sessions.get(keyString(session));
      if (before && isTakeable(before) && !isTakeable(session))
        this.broker.journal.accuse(`a ${before.state} session was written over with a ${session.state} one`);
      return Promise.resolve(this.broker.keep(session));
    });
  }

  publish(session: Session): Promise<void> {
    return this.remote.call('set+publish', () => {
      this.broker.keep(session);
      this.broker.publish(keyString(session), session);
      return Promise.resolve();
    });
  }

  private foreign(id: string): Session | undefined {
    this.reads += 1;
    if (this.confused === 0 || this.reads % this.confused !== 0) return undefined;
    const other = this.broker.sessionOfAnother(id);
    if (other) this.broker.journal.note('foreign session answered');
    return other ?? undefined;
  }
}
