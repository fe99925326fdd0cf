import type { CallKey, Turn } from '@greenroom/contracts';
import { errorFields, type Logger } from '@greenroom/platform';
import type { Clock } from '@greenroom/rendezvous';

export interface KeyedTurn {
  key: CallKey;
  turn: Turn;
}

/** Keeps turns; a repeat of a number changes nothing. */
export interface TurnStore {
  /**
   * Rejects, having written none, while it is away.
   * @returns those whose call is not known there yet: to be tried again
   */
  write<Given extends KeyedTurn>(batch: readonly Given[]): Promise<Given[]>;
}

export interface TurnWriterPorts {
  store: TurnStore;
  clock: Clock;
  logger: Logger;
  /** told of turns that could not be kept */
  onLost: (count: number) => void;
}

interface Waiting extends KeyedTurn {
  since: number;
}

const BATCH = 200;
/** Of all calls of this process, while the store is away. */
const MAX_WAITING = 20_000;
/** A call that is not known by then never will be. */
const MAX_AGE_MS = 600_000;
const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 4000;

/**
 * Writes turns of all calls, in the background: what has come while one batch was being written goes with the next.
 * While the store is away, they wait in memory, up to a number; no call waits for them.
 */
export class TurnWriter {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private pauseMs = 0;
  private settled: (() => void)[] = [];

  constructor(private readonly ports: TurnWriterPorts) {}

  get size(): number {
    return this.waiting.length;
  }

  add(key: CallKey, turn: Turn): void {
    this.waiting.push({ key, turn, since: this.ports.clock.now() });
    if (this.waiting.length > MAX_WAITING)
      this.lose(this.waiting.splice(0, this.waiting.length - MAX_WAITING));
    this.wake();
  }

  /** Resolves when everything is written, or after so long: what is left then is lost. */
  async drain(maxMs: number): Promise<void> {
    if (this.waiting.length > 0 || this.writing) {
      await new Promise<void>((resolve) => {
        const cancel = this.ports.clock.after(maxMs, resolve);
        this.settled.push(() => {
          cancel();
          resolve();
        });
      });
    }
    this.lose(this.waiting.splice(0));
  }

  private wake(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
      if (this.waiting.length > 0) this.wake();
      else this.settled.splice(0).forEach((tell) => tell());
    });
  }

  private async writeAll(): Promise<void> {
    await this.pause();
    const batch = this.waiting.splice(0, BATCH);
    const again = await this.write(batch);
    const away = again === batch;
    const stuck = away || (again.length === batch.length && this.waiting.length === 0);
    this.pauseMs = stuck ? Math.min(Math.max(MIN_PAUSE_MS, this.pauseMs * 2), MAX_PAUSE_MS) : 0;
    if (again.length > 0 && !stuck) this.pauseMs = MIN_PAUSE_MS;
    // behind the others: a call that is not known may stay so for long, and its turns may fill a batch
    this.waiting = away ? [...again, ...this.waiting] : [...this.waiting, ...again];
  }

  /** @returns the batch itself where the store is away, otherwise what it does not know yet */
  private async write(batch: Waiting[]): Promise<Waiting[]> {
    try {
      const unknown = await this.ports.store.write(batch);
      const now = this.ports.clock.now();
      const old = unknown.filter(({ since }) => now - since > MAX_AGE_MS);
      this.lose(old);
      return unknown.filter((one) => !old.includes(one));
    } catch (error) {
      this.ports.logger.warn(errorFields(error), 'turns not written, trying again');
      return batch;
    }
  }

  private pause(): Promise<void> {
    const { pauseMs } = this;
    if (pauseMs === 0) return Promise.resolve();
    return new Promise((resolve) => this.ports.clock.after(pauseMs, resolve));
  }

  private lose(turns: readonly Waiting[]): void {
    if (turns.length === 0) return;
    this.ports.logger.error({ turns: turns.length }, 'turns could not be kept');
    this.ports.onLost(turns.length);
  }
}
