/** What stands in an `AlarmHeap`. */
export interface HeapEntry {
  /** the smallest comes first; only the heap changes it while the entry is in there */
  key: number;
  /** where it stands; -1: not in there */
  place: number;
}

/** A binary heap that knows where its entries stand, so that one that is in there can be moved up without a search. */
export class AlarmHeap<Entry extends HeapEntry> {
  private readonly entries: Entry[] = [];

  get first(): Entry | undefined {
    return this.entries[0];
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    this.rise(entry, this.entries.length - 1);
  }

  /** @param key smaller than the entry's */
  moveUp(entry: Entry, key: number): void {
    entry.key = key;
    this.rise(entry, entry.place);
  }

  /** @param key larger than that of the first */
  delayFirst(key: number): void {
    const { first } = this;
    if (!first) return;
    first.key = key;
    this.sink(first);
  }

  removeFirst(): void {
    const last = this.entries.pop();
    const { first } = this;
    if (first) first.place = -1;
    if (!last) return;
    last.place = -1;
    if (this.entries.length > 0) this.sink(last);
  }

  clear(): void {
    for (const entry of this.entries) entry.place = -1;
    this.entries.length = 0;
  }

  /** From an empty place, or its own, towards the root. */
  private rise(entry: Entry, from: number): void {
    const { entries } = this;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = entries[above] as Entry;
      if (parent.key <= entry.key) break;
      entries[place] = parent;
      parent.place = place;
      place = above;
    }
    entries[place] = entry;
    entry.place = place;
  }

  /** From the root towards the leaves; what stood at the root is the entry itself, or gone. */
  private sink(entry: Entry): void {
    const { entries } = this;
    const { length } = entries;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= length) break;
      if (below + 1 < length && (entries[below + 1] as Entry).key < (entries[below] as Entry).key) below += 1;
      const child = entries[below] as Entry;
      if (child.key >= entry.key) break;
      entries[place] = child;
      child.place = place;
      place = below;
    }
    entries[place] = entry;
    entry.place = place;
  }
}
