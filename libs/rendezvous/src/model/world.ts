import { keyString, type CallKey } from '@greenroom/contracts';
import { Broker, BROKER_HOP_MS, RemoteCache, type Fate } from './broker';
import { FlakyLink, type LinkBehaviour } from './flaky-link';
import { Gateway, type SocketPlan } from './gateway';
import { Ingest, type RelayPlan, type WebhookPlan } from './ingest';
import { Journal } from './journal';
import { Remote, type Outage } from './remote';
import { RemoteStore } from './remote-store';
import { Timeline, type RunScheduler } from './timeline';

/** bound of one hop to or from the store, ms */
export const STORE_HOP_MS = 25;
/** when a client of the store, of the cache, gives up, ms */
export const STORE_HANGS_MS = 1000;
export const CACHE_HANGS_MS = 300;

/** Calls whose keys differ in one part only. */
export const CALLS: readonly CallKey[] = [
  { provider: 'exotel', account: 'default', callId: 'call-0001' },
  { provider: 'twilio', account: 'default', callId: 'call-0001' },
  { provider: 'exotel', account: 'other', callId: 'call-0001' },
];

type Of<Plan> = Plan & { call: number };

/** Everything that happens in a run, but for the order of what happens at the same time. */
interface WholePlan {
  sockets: readonly (Of<SocketPlan> & { gateway: number })[];
  webhooks: readonly Of<WebhookPlan>[];
  pollMs: number;
  /** status webhooks that say that the call is over */
  endings: readonly { at: number; call: number }[];
  /** 0 to 1, one after the other */
  jitter: readonly number[];
  relay: RelayPlan | null;
  drops: readonly { at: number; gateway: number }[];
  halfOpen: readonly { at: number; gateway: number }[];
  flushes: readonly { at: number }[];
  /** events for which there is no reason */
  noise: readonly { at: number; call: number }[];
  fates: readonly Fate[];
  link: LinkBehaviour;
  storeOutages: readonly Outage[];
  /** of the cache and, by `refuses`, of the whole of Redis: the links go down as well and nothing is kept */
  cacheOutages: readonly Outage[];
  /** every so many reads of the cache answer with the session of another call; 0: none does */
  confused: number;
  /** the cache keeps nothing of what it is given */
  forgetful: boolean;
}

type Given = 'sockets' | 'webhooks' | 'pollMs';

/** What is not given is as on a good day. */
export type WorldPlan = Pick<WholePlan, Given> & Partial<WholePlan>;

export const RELAY: RelayPlan = { intervalMs: 200, minAgeMs: 400 };

const GOOD_DAY: Omit<WholePlan, Given> = {
  endings: [],
  jitter: [0.5],
  relay: RELAY,
  drops: [],
  halfOpen: [],
  flushes: [],
  noise: [],
  fates: ['arrives'],
  link: { resends: true, watchdogMs: 3000, delayMs: 0 },
  storeOutages: [],
  cacheOutages: [],
  confused: 0,
  forgetful: false,
};

/** One run: two gateways, an ingest with its worker, a store and a broker, on one timeline. */
export class World {
  readonly plan: WholePlan;
  readonly journal = new Journal();
  readonly timeline: Timeline;
  readonly store: RemoteStore;
  readonly broker: Broker;
  readonly gateways: readonly Gateway[];
  readonly links: readonly FlakyLink[];
  private readonly ingest: Ingest;
  private running = 0;

  constructor(
    private readonly scheduler: RunScheduler,
    given: WorldPlan,
  ) {
    this.plan = { ...GOOD_DAY, ...given };
    this.timeline = new Timeline(scheduler);
    const { journal, plan, timeline } = this;
    const remote = (name: string, hopMs: number, hangMs: number, outages: readonly Outage[]) =>
      new Remote(timeline, { name, hopMs, hangMs, outages });
    const redis = remote('cache', BROKER_HOP_MS, CACHE_HANGS_MS, plan.cacheOutages);
    const postgres = remote('store', STORE_HOP_MS, STORE_HANGS_MS, plan.storeOutages);
    this.store = new RemoteStore(timeline, postgres, journal);
    this.broker = new Broker(timeline, journal, plan);
    const { store } = this;
    const cache = new RemoteCache(this.broker, redis, plan.confused);
    this.ingest = new Ingest(timeline, store, cache, journal, plan.relay);
    this.links = [0, 1].map(() => new FlakyLink(this.broker, redis, plan.link));
    const onWaitOver = () => this.checkTimers();
    this.gateways = this.links.map((link, index) => {
      const options = { pollMs: plan.pollMs, random: inTurn(plan.jitter) };
      const ports = { timeline, journal, store, cache, link, onWaitOver };
      return new Gateway(`gateway-${index}`, ports, options);
    });
  }

  get waits() {
    return this.gateways.flatMap(({ waits }) => waits);
  }

  /** Nothing that was begun is still under way. */
  get over(): boolean {
    return this.running === 0;
  }

  /** Lets everything happen that is planned, and all that follows from it. */
  async run(): Promise<void> {
    this.begin();
    while (this.scheduler.count() > 0) {
      // `waitIdle` does the same, in a multiple of the time
      await this.scheduler.waitOne();
      await allPromisesDone();
    }
  }

  private begin(): void {
    const { plan, ingest } = this;
    for (const each of plan.sockets)
      this.do(each.at, () => this.gateways[each.gateway]?.stream(keyOf(each), each));
    for (const each of plan.webhooks) this.do(each.at, () => ingest.webhook(keyOf(each), each));
    for (const each of plan.endings) this.do(each.at, () => ingest.callEnded(keyOf(each)));
    for (const { at, gateway } of plan.drops) this.do(at, () => this.links[gateway]?.drop());
    for (const { at, gateway } of plan.halfOpen) this.do(at, () => this.links[gateway]?.deafen());
    for (const { at } of plan.flushes) this.do(at, () => this.broker.flush());
    for (const each of plan.noise) this.do(each.at, () => this.broker.publish(keyString(keyOf(each)), null));
    for (const { from, how } of plan.cacheOutages) if (how === 'refuses') this.do(from, () => this.crash());
  }

  /** At once, and not when they would have fired anyway. */
  private checkTimers(): void {
    const waiting = this.waits.some(({ result }) => result === null);
    const { timersLeft } = this.timeline;
    if (!waiting && timersLeft > 0) this.journal.accuse(`I5: ${timersLeft} timers after the last wait`);
  }

  private crash(): void {
    this.broker.flush();
    this.links.forEach((link) => link.drop());
  }

  private do(at: number, what: () => Promise<void> | void | undefined): void {
    this.running += 1;
    void this.timeline
      .sleep(at)
      .then(what)
      .then(() => (this.running -= 1));
  }
}

const allPromisesDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const keyOf = ({ call }: { call: number }): CallKey => CALLS[call % CALLS.length] as CallKey;

function inTurn(values: readonly number[]): () => number {
  let index = 0;
  return () => values[index++ % values.length] ?? 0.5;
}
