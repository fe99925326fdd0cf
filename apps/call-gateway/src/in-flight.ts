const FIRST_PLACES = 8;

/** The ends of the messages that were sent and may not have been played yet, by the clock: the lead's worth of them. */
export class InFlight {
  private ends = new Float64Array(FIRST_PLACES);
  private first = 0;
  private count = 0;

  /** @param end later than that of the message before it; @param now clock time: what has ended by then is forgotten */
  add(end: number, now: number): void {
    while (this.count > 0 && this.at(0) <= now) this.dropFirst();
    if (this.count === this.ends.length) this.grow();
    this.ends[(this.first + this.count) % this.ends.length] = end;
    this.count += 1;
  }

  /** When the message that is being played has been played; null: none is. */
  endAfter(now: number): number | null {
    while (this.count > 0 && this.at(0) <= now) this.dropFirst();
    return this.count > 0 ? this.at(0) : null;
  }

  /** messages that there is room for: twice as many as ever were in flight at once, at most */
  get places(): number {
    return this.ends.length;
  }

  clear(): void {
    this.count = 0;
  }

  private at(index: number): number {
    return this.ends[(this.first + index) % this.ends.length] ?? 0;
  }

  private dropFirst(): void {
    this.first = (this.first + 1) % this.ends.length;
    this.count -= 1;
  }

  private grow(): void {
    const ends = new Float64Array(2 * this.ends.length);
    for (let index = 0; index < this.count; index += 1) ends[index] = this.at(index);
    this.ends = ends;
    this.first = 0;
  }
}
