import type { Clock } from '../ports';

/** The part of `fc.scheduler()` that the model needs: it chooses which of the tasks at hand is done next. */
export interface TaskScheduler {
  schedule(task: Promise<void>, label: string): Promise<void>;
}

/** And to have them done, one after the other. */
export interface RunScheduler extends TaskScheduler {
  count(): number;
  waitOne(): Promise<void>;
}

interface Timer {
  due: number;
  run: () => void;
}

/** ms by which a timer may fire late, as on a busy event loop */
export const TIMER_LAG_MS = 5;
const MAX_PASSES = 20_000;

/**
 * Virtual time. Each step of the model happens at a moment that the scheduler chooses, but within its bound: time does
 * not pass beyond the bound of a step that is still to come. So every order is possible, and nothing takes for ever.
 * That time passes is itself a task of the scheduler.
 */
export class Timeline {
  private time = 0;
  private readonly steps = new Set<{ due: number }>();
  private readonly timers = new Set<Timer>();
  private passing = false;
  private passes = 0;
  private armed = 0;

  /** the clock of the code under test */
  readonly clock: Clock = {
    now: () => this.time,
    after: (ms, run) => {
      this.armed += 1;
      let over = false;
      const end = () => {
        if (!over) this.armed -= 1;
        over = true;
      };
      const cancel = this.at(this.time + ms, () => {
        if (over) return;
        end();
        run();
      });
      return () => {
        end();
        cancel();
      };
    },
  };

  constructor(private readonly scheduler: TaskScheduler) {}

  now(): number {
    return this.time;
  }

  /** timers of the code under test that have neither fired nor been cancelled */
  get timersLeft(): number {
    return this.armed;
  }

  /** The run did not come to an end by itself. */
  get endless(): boolean {
    return this.passes >= MAX_PASSES;
  }

  /** Something that happens elsewhere: resolves at the chosen moment, at most `withinMs` from now. */
  async step(label: string, withinMs: number): Promise<void> {
    const step = { due: this.time + withinMs };
    this.steps.add(step);
    this.letTimePass();
    await this.scheduler.schedule(Promise.resolve(), label);
    this.steps.delete(step);
    this.letTimePass();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.time + ms, resolve));
  }

  private at(due: number, run: () => void): () => void {
    const timer = { due, run };
    this.timers.add(timer);
    this.letTimePass();
    return () => this.timers.delete(timer);
  }

  private letTimePass(): void {
    if (this.passing || this.nextStop() === null || this.endless) return;
    this.passing = true;
    void this.scheduler.schedule(Promise.resolve(), 'time passes').then(() => {
      this.passing = false;
      this.pass();
      this.letTimePass();
    });
  }

  /** When the next thing is due; null if there is nothing, or if something has to happen before time may pass. */
  private nextStop(): number | null {
    let next = Infinity;
    for (const { due } of this.steps) {
      if (due <= this.time) return null;
      next = Math.min(next, due);
    }
    for (const { due } of this.timers) next = Math.min(next, due);
    return next === Infinity ? null : Math.max(next, this.time);
  }

  private pass(): void {
    const next = this.nextStop();
    if (next === null) return;
    this.passes += 1;
    this.time = next;
    for (const timer of this.timers) {
      if (timer.due > next) continue;
      this.timers.delete(timer);
      void this.step('timer', TIMER_LAG_MS).then(timer.run);
    }
  }
}

/** Things that arrive in the order in which they were sent: one direction of a connection. */
export class Pipe {
  private last: Promise<void> = Promise.resolve();

  /** What is sent arrives after `delayMs`, and at most `withinMs` later. */
  constructor(
    private readonly timeline: Timeline,
    private readonly delayMs: number,
    private readonly withinMs: number,
  ) {}

  send(label: string, arrive: () => void): void {
    const { timeline } = this;
    const due = timeline.now() + this.delayMs + this.withinMs;
    const delayed = this.delayMs > 0 ? timeline.sleep(this.delayMs) : Promise.resolve();
    this.last = Promise.all([this.last, delayed])
      .then(() => timeline.step(label, Math.max(0, due - timeline.now())))
      .then(arrive);
  }
}
