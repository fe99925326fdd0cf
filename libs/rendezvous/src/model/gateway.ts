import { keyString, type CallKey } from '@greenroom/contracts';
import { awaitSession, LAST_LOOK_MS } from '../await-session';
import type { LookPorts } from '../look';
import type { Claim } from '../ports';
import type { AwaitResult } from '../waiter';
import { WaitingRoom } from '../waiting-room';
import { watchSession } from '../watch-session';
import { signalOver, type FlakyLink } from './flaky-link';
import type { Journal } from './journal';
import type { RemoteStore } from './remote-store';
import type { Timeline } from './timeline';

export interface SocketPlan {
  /** virtual ms at which the stream says which call it is */
  at: number;
  timeoutMs: number;
  concedeAs: 'timed_out' | 'received';
  /** ms after `at` at which the caller leaves; null: stays */
  leavesMs: number | null;
  /** ms for which a claimed call is driven */
  talksMs: number;
  /** ms for which the process then stands still, as in a long collection of garbage, before it goes on writing */
  freezesMs?: number;
}

/** One stream's wait, for the judges of a run. */
export interface Wait {
  key: CallKey;
  plan: SocketPlan;
  startedAt: number;
  result: AwaitResult | null;
  endedAt: number;
}

interface GatewayPorts {
  timeline: Timeline;
  journal: Journal;
  store: RemoteStore;
  cache: LookPorts['cache'];
  link: FlakyLink;
  onWaitOver: () => void;
}

const LEASE_MS = 600;
const CLAIM_TRIES = 3;

/** A process that answers media streams: the code under test, over the ports of the model. */
export class Gateway {
  readonly room: WaitingRoom;
  readonly waits: Wait[] = [];
  private readonly ports;

  constructor(
    private readonly name: string,
    private readonly world: GatewayPorts,
    options: { pollMs: number; random: () => number },
  ) {
    const { timeline, store, cache, link, journal } = world;
    const onFault = (where: string) => journal.note(`fault of the ${where}`);
    const ports = {
      cache,
      store: this.oneSweepAtATime(store),
      signal: signalOver(link),
      clock: timeline.clock,
      onFault,
    };
    this.room = new WaitingRoom(ports, { maxWaiters: 10, ...options });
    this.ports = { ...ports, room: this.room };
  }

  async stream(key: CallKey, plan: SocketPlan): Promise<void> {
    const { timeline } = this.world;
    const caller = new AbortController();
    const wait: Wait = { key, plan, startedAt: timeline.now(), result: null, endedAt: 0 };
    this.waits.push(wait);
    const owner = `${this.name}-${this.waits.length}`;
    if (plan.leavesMs !== null) void timeline.sleep(plan.leavesMs).then(() => caller.abort());
    const { timeoutMs, concedeAs } = plan;
    wait.result = await awaitSession({ key, timeoutMs, concedeAs, signal: caller.signal }, this.ports);
    wait.endedAt = timeline.now();
    this.world.onWaitOver();
    this.noteResult(wait.result, plan.timeoutMs);
    const goesOn = wait.result.outcome === 'timed-out' && concedeAs === 'received';
    if (goesOn) await this.goOnWithout(key, plan);
    if (wait.result.outcome === 'ready' || goesOn) await this.drive(key, owner, plan);
  }

  /** However many reasons there are to look for all streams, the store is asked once at a time. */
  private oneSweepAtATime(store: RemoteStore): RemoteStore {
    let sweeps = 0;
    const findMany: RemoteStore['findMany'] = async (keys) => {
      sweeps += 1;
      if (sweeps > 1) this.world.journal.accuse('I5: two sweeps at a time');
      return store.findMany(keys).finally(() => (sweeps -= 1));
    };
    return Object.create(store, { findMany: { value: findMany } }) as RemoteStore;
  }

  private noteResult(result: AwaitResult, timeoutMs: number): void {
    const { journal } = this.world;
    if (result.outcome !== 'ready') return journal.note(result.outcome);
    journal.note(`found by ${result.found}`);
    const { state } = result.session;
    if (state === 'received') journal.note('taken as it is');
    if (state === 'timed_out') journal.note('found a tombstone');
    if (result.found !== 'database' || state === 'received') return;
    if (result.waitedMs >= timeoutMs) journal.note('found by the last word');
    else if (result.waitedMs >= timeoutMs - LAST_LOOK_MS) journal.note('found by the last look');
  }

  private async goOnWithout(key: CallKey, plan: SocketPlan): Promise<void> {
    const { timeline, journal } = this.world;
    let stopped = false;
    const stop = watchSession(key, this.ports, (session) => {
      journal.note('came after all');
      if (keyString(session) !== keyString(key)) journal.accuse('I2: a watcher was given a foreign session');
      if (session.announcedAt === null) journal.accuse('a watcher was given what nobody announced');
      if (stopped) journal.accuse('a watcher was told after it had stopped');
    });
    await timeline.sleep(plan.talksMs);
    stopped = true;
    stop();
  }

  /** Claims the call, renews, ends; after each answer that was lost or refused as the real one does. */
  private async drive(key: CallKey, owner: string, plan: SocketPlan): Promise<void> {
    const { store, journal, timeline } = this.world;
    const claim = await this.claim(key, owner);
    if (!claim) return;
    await timeline.sleep(plan.freezesMs ?? 0);
    const endsAt = timeline.now() + plan.talksMs;
    while (timeline.now() < endsAt) {
      await timeline.sleep(LEASE_MS / 3);
      if ((await store.renew(claim, LEASE_MS).catch(() => 0)) === null) return journal.note('claim lost');
    }
    const ending = { outcome: 'completed', closeCode: 1000 } as const;
    if ((await store.finish(claim, ending).catch(() => true)) === false) journal.note('claim lost');
  }

  private async claim(key: CallKey, owner: string): Promise<Claim | null> {
    const { store, journal, timeline } = this.world;
    for (let tries = 0; tries < CLAIM_TRIES; tries += 1) {
      const request = { key, owner, leaseMs: LEASE_MS, found: null, waitedMs: 0 };
      const claimed = await store.claim(request).catch(() => ({ kind: 'failed' as const }));
      journal.note(`claim ${claimed.kind}`);
      if (claimed.kind === 'claimed') return { key, owner, epoch: claimed.epoch };
      if (claimed.kind === 'over') return null;
      await timeline.sleep(LEASE_MS / 2);
    }
    return null;
  }
}
