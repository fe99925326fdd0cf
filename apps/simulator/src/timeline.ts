/** `api`: a command over the provider's REST API; `record`: what Greenroom wrote itself, by the database's clock. */
export type Who = 'provider' | 'ingest' | 'gateway' | 'api' | 'record';

export interface TimelineEntry {
  /** ms since the call began */
  atMs: number;
  who: Who;
  what: string;
  /** set where it is more than a note */
  kind?: 'mark' | 'mark-lost' | 'digit' | 'clear' | undefined;
}

/** What happened on one call, and when. */
export class Timeline {
  readonly startedAt = new Date();
  private readonly origin = performance.now();
  private readonly entries: TimelineEntry[] = [];

  constructor(private readonly watch: (entry: TimelineEntry) => void = () => undefined) {}

  /** @param kind what it is if it is more than a note */
  add(who: Who, what: string, kind?: TimelineEntry['kind']): void {
    const atMs = Math.round(this.timeOf(performance.now()));
    this.put(kind === undefined ? { atMs, who, what } : { atMs, who, what, kind });
  }

  /** @param now by `performance.now()`; @returns ms since the call began */
  timeOf(now: number): number {
    return now - this.origin;
  }

  /** Puts in what Greenroom wrote down by its own clock; what lies far outside the call belongs to another one. */
  merge(events: readonly { at: string; what: string }[]): void {
    const endMs = performance.now() - this.origin;
    for (const { at, what } of events) {
      const atMs = Date.parse(at) - this.startedAt.getTime();
      if (atMs > -1000 && atMs < endMs + 1000) this.put({ atMs, who: 'record', what });
    }
  }

  list(): TimelineEntry[] {
    return this.entries.toSorted((a, b) => a.atMs - b.atMs);
  }

  private put(entry: TimelineEntry): void {
    this.entries.push(entry);
    this.watch(entry);
  }
}
