/** Further behind than so many places nothing is late over a WebSocket, so the numbering has begun anew. */
const RESTART_BEHIND = 50;

/**
 * Puts numbered items in order, where a provider does not promise that audio comes in the order in which it was said
 * (Telnyx: developers.telnyx.com, "Stream call media over WebSocket").
 *
 * An item that is due is released at once, with whatever waited for it. An early one waits for those before it, and never
 * more than `maxHeld` do: one more, and the gap is given up. A late one, or one that was here before, is dropped. A
 * numbering that wraps round, or begins anew, is known by falling more than 50 places behind: what waited is then released
 * first. One that begins anew closer than that is dropped until it has caught up.
 *
 * There is no clock in it: what waits is released by later items or by `flush`, so nothing waits for more than `maxHeld`
 * items.
 */
export class Reorder<T> {
  private readonly maxHeld: number;
  private next: number;
  private begun = false;
  /** early items by their number; never the one that is due */
  private readonly held = new Map<number, T>();
  private droppedItems = 0;
  private gapsGivenUp = 0;

  /** @param options.first number of a stream's first item; a stream that begins with another costs one gap at most */
  constructor({ maxHeld, first = 1 }: { maxHeld: number; first?: number }) {
    this.maxHeld = maxHeld;
    this.next = first;
  }

  /** items that came too late, or twice, so far */
  get dropped(): number {
    return this.droppedItems;
  }

  /** gaps that were given up, so far */
  get gaps(): number {
    return this.gapsGivenUp;
  }

  /** items that wait now */
  get waiting(): number {
    return this.held.size;
  }

  /**
   * @param sequence a whole number; null: not numbered, so it goes past all that waits
   * @returns what is due now, in order
   */
  push(sequence: number | null, item: T): T[] {
    if (sequence === null) return [item];
    const before = this.restartAt(sequence);
    if (sequence < this.next || this.held.has(sequence)) {
      this.droppedItems++;
      return before;
    }
    this.held.set(sequence, item);
    return [...before, ...this.release()];
  }

  /** All that waits, in order: the stream has ended. */
  flush(): T[] {
    const waiting = [...this.held].sort(([a], [b]) => a - b);
    const last = waiting.at(-1);
    if (last) this.next = last[0] + 1;
    this.begun ||= last !== undefined;
    this.held.clear();
    return waiting.map(([, item]) => item);
  }

  /** @returns what has to go before the new numbering's first item */
  private restartAt(sequence: number): T[] {
    const beginsLower = !this.begun && sequence < this.next;
    const anew = this.begun && this.next - sequence > RESTART_BEHIND;
    if (!beginsLower && !anew) return [];
    // before anything was released, what waits is of the same numbering
    const before = anew ? this.flush() : [];
    this.next = sequence;
    return before;
  }

  private release(): T[] {
    const due: T[] = [];
    for (;;) {
      while (this.held.has(this.next)) {
        due.push(this.held.get(this.next) as T);
        this.held.delete(this.next++);
      }
      this.begun ||= due.length > 0;
      if (this.held.size <= this.maxHeld) return due;
      this.gapsGivenUp++;
      this.next = Math.min(...this.held.keys());
    }
  }
}
