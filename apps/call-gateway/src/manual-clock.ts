import type { Clock } from '@greenroom/rendezvous';

interface Timer {
  at: number;
  run: () => void;
}

/** A clock for specs: time passes when it is told to, from timer to timer. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();
  /** timers that were armed so far */
  armed = 0;

  /** @param late ms by which the next timer is late, or early if negative */
  constructor(private readonly late: () => number = () => 0) {}

  readonly now = (): number => this.time;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.time + ms + this.late(), run };
    this.armed += 1;
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  /** timers that wait */
  get waiting(): number {
    return this.timers.size;
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (let timer = this.next(end); timer; timer = this.next(end)) {
      this.timers.delete(timer);
      this.time = Math.max(this.time, timer.at);
      timer.run();
    }
    this.time = Math.max(this.time, end);
  }

  private next(end: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.timers) if (timer.at <= end && timer.at < (next?.at ?? Infinity)) next = timer;
    return next;
  }
}
