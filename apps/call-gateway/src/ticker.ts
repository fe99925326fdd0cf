import type { Clock } from '@greenroom/rendezvous';
import { AlarmHeap, type HeapEntry } from './alarm-heap';

/** So much later than the earliest alarm is due the ticker wakes, so that those close behind it need no waking of their own. */
const TOGETHER_MS = 1;

/** One callback that is run at a time which may be set again and again; it allocates nothing. */
export interface Alarm {
  /** Runs once at that clock time, and not at one that was set before. A time that has passed means soon, not now. */
  set(at: number): void;
  /** Does not run, unless it is set again. */
  cancel(): void;
}

/**
 * The one timer behind the audio of all calls. An alarm is due at an absolute time of the monotonic clock, so what is
 * late makes nothing after it late. It is never early, and late by up to 2 ms (and by what the event loop is late):
 * alarms that are due within that time are run in one go.
 *
 * An alarm that is put off stays where it stands in the heap until its old time comes, and one that is cancelled
 * likewise: neither touches the heap nor the timer. Nothing is armed while no alarm is set.
 */
export class Ticker {
  private readonly heap = new AlarmHeap<Entry>();
  /** those that are run in this waking */
  private readonly ringing: Entry[] = [];
  /** alarms that are set */
  private waiting = 0;
  private cancelTimer: (() => void) | null = null;
  /** what the timer was armed for */
  private wakesFor = Infinity;
  private awake = false;

  /** @param onFault told of what an alarm throws; the others are run all the same */
  constructor(
    private readonly clock: Clock,
    private readonly onFault: (error: unknown) => void,
  ) {}

  now(): number {
    return this.clock.now();
  }

  alarm(run: () => void): Alarm {
    return new Entry(run, this.set, this.cancel);
  }

  private readonly set = (entry: Entry, at: number): void => {
    if (entry.due === Infinity) this.waiting += 1;
    entry.due = at;
    if (entry.place < 0) {
      entry.key = at;
      this.heap.add(entry);
    } else if (at < entry.key) this.heap.moveUp(entry, at);
    if (at < this.wakesFor && !this.awake) this.arm(at);
  };

  private readonly cancel = (entry: Entry): void => {
    if (entry.due === Infinity) return;
    entry.due = Infinity;
    this.waiting -= 1;
    if (this.waiting > 0 || this.awake) return;
    this.heap.clear();
    this.disarm();
  };

  private arm(at: number): void {
    this.cancelTimer?.();
    this.wakesFor = at;
    // timers count whole ms, and from the beginning of the event loop's turn: one that comes too soon is armed anew
    this.cancelTimer = this.clock.after(Math.max(0, Math.ceil(at - this.now())) + TOGETHER_MS, this.wake);
  }

  private disarm(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.wakesFor = Infinity;
  }

  private readonly wake = (): void => {
    this.cancelTimer = null;
    this.awake = true;
    const now = this.now();
    for (let entry = this.next(); entry && entry.due <= now; entry = this.next()) {
      this.heap.removeFirst();
      this.ringing.push(entry);
    }
    for (const entry of this.ringing) this.ring(entry, now);
    this.ringing.length = 0;
    this.awake = false;
    const next = this.next();
    if (next) this.arm(next.due);
    else this.disarm();
  };

  /** The alarm that is due first; those that were put off or cancelled are put where they belong on the way. */
  private next(): Entry | undefined {
    for (;;) {
      const { first } = this.heap;
      if (!first || first.due === first.key) return first;
      if (first.due === Infinity) this.heap.removeFirst();
      else this.heap.delayFirst(first.due);
    }
  }

  /** Unless an alarm that was run before it has cancelled it, or put it off. */
  private ring(entry: Entry, now: number): void {
    if (entry.due > now) return;
    entry.due = Infinity;
    this.waiting -= 1;
    try {
      entry.run();
    } catch (error) {
      this.onFault(error);
    }
  }
}

class Entry implements Alarm, HeapEntry {
  /** clock time; Infinity: it is not set */
  due = Infinity;
  /** where it stands in the heap; it may be due later than that, or not at all */
  key = Infinity;
  place = -1;

  constructor(
    readonly run: () => void,
    private readonly setIn: (entry: Entry, at: number) => void,
    private readonly cancelIn: (entry: Entry) => void,
  ) {}

  set(at: number): void {
    this.setIn(this, at);
  }

  cancel(): void {
    this.cancelIn(this);
  }
}
