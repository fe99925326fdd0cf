import { type Clock } from './clock';

/** A clock for specs: time passes when it is told to. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Runs what is due, in its order. */
  pass(ms: number): void {
    this.time += ms;
    const due = [...this.timers].filter(({ at }) => at <= this.time).sort((a, b) => a.at - b.at);
    for (const timer of due) if (this.timers.delete(timer)) timer.run();
  }
}
