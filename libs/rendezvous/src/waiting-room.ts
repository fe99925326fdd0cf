import type { CallKey } from '@greenroom/contracts';
import { lookMany, type LookPorts } from './look';
import type { Clock, SessionSignal } from './ports';
import type { Waiter } from './waiter';

export interface WaitingRoomOptions {
  /** how many streams may wait at once in this process */
  maxWaiters: number;
  /** ms between two safety polls; each is moved by up to 20 % so that processes do not poll in step */
  pollMs: number;
  /** 0 to 1 */
  random: () => number;
}

/** So many calls are looked for in one go: more would hold up the events of others. */
const LOOKED_FOR_AT_ONCE = 500;

/**
 * All streams of this process that wait for a session, and the one safety poll that looks for all of them at once.
 *
 * The event makes a wait short; the poll makes it correct. It covers every way in which an event can be lost: a
 * publisher that died, a link that dropped or went half-open, a cache that was emptied. A subscription that came back
 * triggers the same sweep at once. At most one sweep runs; one that is asked for meanwhile runs after it.
 */
export class WaitingRoom {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private count = 0;
  private cancelTick: (() => void) | null = null;
  private sweeping: Promise<void> | null = null;
  private sweepAgain = false;

  constructor(
    private readonly ports: LookPorts & { signal: SessionSignal; clock: Clock },
    private readonly options: WaitingRoomOptions,
  ) {
    ports.signal.onRestored(() => void this.sweep());
  }

  get size(): number {
    return this.count;
  }

  get full(): boolean {
    return this.count >= this.options.maxWaiters;
  }

  enter(waiter: Waiter): void {
    const same = this.waiters.get(waiter.id) ?? new Set();
    this.waiters.set(waiter.id, same.add(waiter));
    this.count += 1;
    this.cancelTick ??= this.scheduleTick();
  }

  leave(waiter: Waiter): void {
    const same = this.waiters.get(waiter.id);
    if (!same?.delete(waiter)) return;
    this.count -= 1;
    if (same.size === 0) this.waiters.delete(waiter.id);
    if (this.count > 0) return;
    this.cancelTick?.();
    this.cancelTick = null;
  }

  /** Looks for every waiting stream now. */
  async sweep(): Promise<void> {
    if (this.sweeping) {
      this.sweepAgain = true;
      return this.sweeping;
    }
    this.sweeping = this.sweepOnce();
    await this.sweeping;
    this.sweeping = null;
    if (!this.sweepAgain) return;
    this.sweepAgain = false;
    await this.sweep();
  }

  private async sweepOnce(): Promise<void> {
    const keys: CallKey[] = [];
    for (const [first] of this.waiters.values()) if (first) keys.push(first.key);
    if (keys.length === 0) return;
    for (let from = 0; from < keys.length; from += LOOKED_FOR_AT_ONCE) {
      for (const session of await lookMany(keys.slice(from, from + LOOKED_FOR_AT_ONCE), this.ports)) {
        const id = `${session.provider}|${session.account}|${session.callId}`;
        this.waiters.get(id)?.forEach((waiter) => waiter.offer(session, 'poll'));
      }
    }
  }

  private scheduleTick(): () => void {
    const jitter = 0.8 + 0.4 * this.options.random();
    return this.ports.clock.after(this.options.pollMs * jitter, () => {
      this.cancelTick = null;
      void this.sweep().finally(() => {
        if (this.count > 0) this.cancelTick ??= this.scheduleTick();
      });
    });
  }
}
