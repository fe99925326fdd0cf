import { errorFields, type Logger } from '@greenroom/platform';
import type { NextStep } from '@greenroom/contracts';
import type {
  Claim,
  ClaimCache,
  ClaimRequest,
  Clock,
  Ending,
  NextStepCache,
  SessionStore,
} from '@greenroom/rendezvous';
import { Contention, SILENT_MS } from './contention';

const TICK_MS = 1000;
/** A claim in Redis that is taken for so long is free as soon as somebody else asks. */
const YIELDED_MS = 1;
/** The caller hears silence meanwhile, so no longer; either store is enough for the provider to be told. */
const DECIDE_MS = 1500;
/** A store that has not answered by then is taken for away, and there is time left for Redis. */
const DECIDE_IN_STORE_MS = 700;
/** How long the end of a call is tried to be written while the store is away. */
const FINISH_MS = 30_000;

export interface ClaimPorts {
  store: SessionStore;
  claims: ClaimCache;
  nextSteps: NextStepCache;
  clock: Clock;
  logger: Logger;
}

export interface ClaimWatch {
  /** clock time of the last message from the provider */
  lastMessageAt: () => number;
  /** somebody else has written to the session, such as a webhook that came late */
  onChanged: () => void;
}

/**
 * The right of one connection to drive a call.
 *
 * - **Settled**: the store knows it, under an epoch. Its lease is renewed at a third of its length. A renewal that
 *   fails is tried again: while the store is away nobody else can claim there either.
 * - **Provisional**: the store was away, so the claim stands in Redis only. Every tick tries to settle it. If another
 *   connection turns out to have the call in the store, nothing is said while that one is given the time to yield.
 * - **Lost**: another epoch has begun, or the store says that the call is over. `lost` is aborted: stop speaking.
 *
 * `holds` is asked before anything is sent. It is false after the process did not run for most of a lease (it was
 * paused, or the machine slept): somebody else may own the call by now, so nothing is said until a renewal has
 * succeeded.
 */
export class CallClaim {
  private readonly losing = new AbortController();
  private cancelTick: () => void;
  private lastTickAt: number;
  private renewedAt: number;
  private epoch: number | null;
  private version: number;
  private yielding = false;
  private settling: Promise<void> | null = null;
  private doubtful = false;
  private over = false;
  private readonly contention: Contention;

  /** @param settled what the store has answered; null: provisional */
  constructor(
    private readonly request: ClaimRequest,
    settled: { epoch: number; version: number } | null,
    private readonly ports: ClaimPorts,
    private readonly watch: ClaimWatch,
  ) {
    this.epoch = settled?.epoch ?? null;
    this.version = settled?.version ?? 0;
    this.lastTickAt = ports.clock.now();
    this.renewedAt = this.lastTickAt;
    this.contention = new Contention(request.leaseMs);
    this.cancelTick = ports.clock.after(TICK_MS, () => void this.tick());
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  get holds(): boolean {
    const paused = this.ports.clock.now() - this.lastTickAt > this.doubtMs;
    return !this.over && !this.doubtful && !paused;
  }

  /** Ends the session, unless the claim is lost: then nothing is written. Never rejects. */
  async finish(ending: Ending): Promise<void> {
    const { store, claims, clock, logger } = this.ports;
    const { key, owner } = this.request;
    this.stop();
    if (this.losing.signal.aborted) return;
    const until = clock.now() + FINISH_MS;
    for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 4000)) {
      try {
        const claim = await this.settled();
        if (claim) await store.finish(claim, ending);
        if (claim === null) return;
        await claims.release(key, owner).catch(() => undefined);
        return;
      } catch (error) {
        if (clock.now() > until)
          return logger.error(errorFields(error), 'end of the call could not be written');
      }
      await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    }
  }

  /**
   * What the call goes on with when its stream is closed. Resolves when the provider can be told so, or after a bounded
   * time. Never rejects.
   */
  decideNext(next: NextStep): Promise<void> {
    const { clock, logger } = this.ports;
    return new Promise((resolve) => {
      const cancel = clock.after(DECIDE_MS, resolve);
      void this.writeNext(next)
        .catch((error: unknown) => logger.error(errorFields(error), 'next step of the call not written'))
        .finally(() => {
          cancel();
          resolve();
        });
    });
  }

  private async writeNext(next: NextStep): Promise<void> {
    const { store, nextSteps, logger } = this.ports;
    try {
      const decided = await this.inTime(DECIDE_IN_STORE_MS, async () => {
        const claim = await this.settled();
        return claim !== null && (await store.decideNext(claim, next));
      });
      // another connection drives the call, and decides what is next
      if (!decided) return;
    } catch (error) {
      logger.warn(errorFields(error), 'next step of the call stands in Redis only');
    }
    await nextSteps.put(this.request.key, next);
  }

  private inTime<T>(ms: number, run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.ports.clock.after(ms, () => reject(new Error('The store does not answer.')));
      run().then(resolve, reject).finally(cancel);
    });
  }

  private get doubtMs(): number {
    return this.request.leaseMs * 0.8;
  }

  private async tick(): Promise<void> {
    const { clock, logger } = this.ports;
    const now = clock.now();
    if (now - this.lastTickAt > this.doubtMs) this.doubtful = true;
    this.lastTickAt = now;
    const silent = this.isSilent(now);
    const due = silent !== this.yielding || this.doubtful || now - this.renewedAt >= this.request.leaseMs / 3;
    try {
      if (this.epoch === null) await this.settle();
      else if (due) await this.renew(this.epoch, silent);
    } catch (error) {
      logger.warn(errorFields(error), 'claim not renewed, trying again');
    }
    if (!this.over) this.cancelTick = clock.after(TICK_MS, () => void this.tick());
  }

  private isSilent(now: number): boolean {
    return now - this.watch.lastMessageAt() > SILENT_MS;
  }

  private async renew(epoch: number, silent: boolean): Promise<void> {
    const { key, owner, leaseMs } = this.request;
    const startedAt = this.ports.clock.now();
    const version = await this.ports.store.renew({ key, owner, epoch }, leaseMs, silent);
    if (version === null) return this.lose();
    this.renewedAt = startedAt;
    this.yielding = silent;
    this.doubtful = false;
    if (version !== this.version) this.watch.onChanged();
    this.version = version;
  }

  /**
   * One at a time: two claims of one owner are two epochs, and the end of a call that is written under the first of
   * them changes nothing. Nothing happens while the store knows no such call yet.
   */
  private settle(): Promise<void> {
    this.settling ??= this.settleOnce().finally(() => (this.settling = null));
    return this.settling;
  }

  private async settleOnce(): Promise<void> {
    const { store, claims, clock, logger } = this.ports;
    const { key, owner } = this.request;
    const leaseMs = this.isSilent(clock.now()) ? YIELDED_MS : this.request.leaseMs;
    if (!(await claims.take(key, owner, leaseMs).catch(() => true))) return this.lose();
    const result = await store.claim(this.request);
    if (result.kind === 'unknown') return;
    if (result.kind === 'owned' && this.contention.isOpen(result.leaseUntil, clock.now())) {
      this.doubtful = true;
      return;
    }
    if (result.kind !== 'claimed') return this.lose();
    this.epoch = result.epoch;
    this.version = result.session.version;
    this.renewedAt = clock.now();
    this.doubtful = false;
    logger.info({ epoch: result.epoch }, 'claim settled');
    // the call began with what Redis had of its session, or with nothing
    this.watch.onChanged();
    await claims.release(key, owner).catch(() => undefined);
  }

  /** The claim under its epoch; null if it is lost. Rejects while the store is away or has not heard of the call. */
  private async settled(): Promise<Claim | null> {
    const { key, owner } = this.request;
    if (this.epoch === null) await this.settle();
    if (this.losing.signal.aborted) return null;
    if (this.epoch === null) throw new Error('The session is not written yet.');
    return { key, owner, epoch: this.epoch };
  }

  private lose(): void {
    this.stop();
    this.losing.abort();
  }

  private stop(): void {
    this.over = true;
    this.cancelTick();
  }
}
