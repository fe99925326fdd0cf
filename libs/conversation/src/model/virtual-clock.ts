import { type TalkClock } from '../talk';

interface Timer {
  due: number;
  run: () => void;
}

/** Lets everything happen that waits for nothing but its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes when it is told to; between two timers all promises get their turn. */
export class VirtualClock implements TalkClock {
  private time = 1000;
  private readonly timers = new Set<Timer>();
  private readonly watched = new Set<Timer>();

  /** the clock of the code under test, whose timers are counted */
  readonly ofTalk: TalkClock = {
    now: () => this.time,
    after: (ms, run) => {
      const timer = this.arm(ms, () => {
        this.watched.delete(timer);
        run();
      });
      this.watched.add(timer);
      return () => {
        this.timers.delete(timer);
        this.watched.delete(timer);
      };
    },
  };

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = this.arm(ms, run);
    return () => this.timers.delete(timer);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.arm(ms, resolve));
  }

  get timersLeft(): number {
    return this.watched.size;
  }

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.run();
      await settled();
    }
    this.time = end;
  }

  private arm(ms: number, run: () => void): Timer {
    const timer = { due: this.time + ms, run };
    this.timers.add(timer);
    return timer;
  }

  private next(end: number): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.timers) {
      if (timer.due <= end && timer.due < (first?.due ?? Infinity)) first = timer;
    }
    return first;
  }
}
