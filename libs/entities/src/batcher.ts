/** What a `Batcher` runs, and how much of it. */
export interface BatcherOptions<Item, Result> {
  one: (item: Item) => Promise<Result>;
  /** All of them or none. @returns as many results, in the order of the items */
  many: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items that share a key are never in hand at the same time, and go in the order in which they came. */
  keysOf: (item: Item) => readonly string[];
  /** May one of several items have caused this error? Then each is run by itself, so that it fails alone. */
  isOfOneItem: (error: unknown) => boolean;
  /** runs in flight */
  atOnce: number;
  /** items in one run */
  most: number;
  /** items that wait; one more is refused */
  mostWaiting: number;
  /** ms; what has waited longer is refused: whoever asked for it has given up */
  longestWaitMs: number;
  /** monotonic, in ms */
  now?: () => number;
  /** Runs it when all is taken in that has come by now. */
  soon?: (run: () => void) => void;
}

interface Waiting<Item, Result> {
  item: Item;
  keys: readonly string[];
  since: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Told to the caller of each item when all runs of the batch are over. */
type Settle = () => void;

/**
 * Natural batching. As long as fewer than `atOnce` runs are in flight, an item goes in the very turn of the event loop in
 * which it has come, alone or with those that came in the same turn; otherwise it waits and goes with all that comes
 * meanwhile. Nothing waits for a timer, so batches grow with the load and nobody waits without it.
 *
 * One item's error is its own; an error that none of the items has caused (the other side is away, or out of time) is
 * everybody's at once, since to try each by itself would take as long again for each.
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private readonly inHand = new Set<string>();
  private running = 0;
  private pumping = false;
  private idle: (() => void)[] = [];
  private readonly now: () => number;
  private readonly soon: (run: () => void) => void;

  constructor(private readonly options: BatcherOptions<Item, Result>) {
    this.now = options.now ?? (() => performance.now());
    this.soon = options.soon ?? setImmediate;
  }

  /** Rejects with the item's own error, with its batch's, or because too much waits. */
  run(item: Item): Promise<Result> {
    if (this.waiting.length >= this.options.mostWaiting) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const keys = this.options.keysOf(item);
      this.waiting.push({ item, keys, since: this.now(), resolve, reject });
      this.pumpSoon();
    });
  }

  /** Resolves when nothing waits and nothing runs. */
  drain(): Promise<void> {
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  private isIdle(): boolean {
    return this.running === 0 && this.waiting.length === 0;
  }

  private pumpSoon(): void {
    if (this.pumping) return;
    this.pumping = true;
    this.soon(() => this.pump());
  }

  private pump(): void {
    this.pumping = false;
    while (this.running < this.options.atOnce) {
      const batch = this.take();
      if (batch.length === 0) break;
      void this.start(batch);
    }
    if (this.isIdle()) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** The first of those that wait, without those whose keys are in hand or belong to somebody ahead of them. */
  private take(): Waiting<Item, Result>[] {
    const { most, longestWaitMs } = this.options;
    const now = this.now();
    const batch: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    const ahead = new Set<string>();
    for (const each of this.waiting) {
      if (now - each.since > longestWaitMs) {
        each.reject(tooLate(longestWaitMs));
        continue;
      }
      const free = batch.length < most && !each.keys.some((key) => this.inHand.has(key) || ahead.has(key));
      if (free) for (const key of each.keys) this.inHand.add(key);
      else for (const key of each.keys) ahead.add(key);
      (free ? batch : left).push(each);
    }
    this.waiting = left;
    return batch;
  }

  private async start(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.running += 1;
    const [first] = batch;
    const settled =
      batch.length === 1 && first ? [await this.runAlone(first)] : await this.runTogether(batch);
    this.running -= 1;
    for (const { keys } of batch) for (const key of keys) this.inHand.delete(key);
    this.pumpSoon();
    for (const settle of settled) settle();
  }

  private async runTogether(batch: readonly Waiting<Item, Result>[]): Promise<Settle[]> {
    try {
      const results = await this.options.many(batch.map(({ item }) => item));
      return batch.map(
        ({ resolve }, index) =>
          () =>
            resolve(results[index] as Result),
      );
    } catch (error) {
      if (this.options.isOfOneItem(error)) return Promise.all(batch.map((each) => this.runAlone(each)));
      return batch.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
  }

  private async runAlone({ item, resolve, reject }: Waiting<Item, Result>): Promise<Settle> {
    try {
      const result = await this.options.one(item);
      return () => resolve(result);
    } catch (error) {
      return () => reject(error);
    }
  }
}

const tooMany = (): Error => new Error('Too much is waiting to be written.');
const tooLate = (ms: number): Error => new Error(`It has waited for more than ${ms} ms to be written.`);
