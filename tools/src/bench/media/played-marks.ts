/** Plays what comes one after the other, as Twilio does, and says when a mark has been reached. */
export class PlayedMarks {
  /** clock time, ms */
  private playedUntil = 0;
  private readonly waiting = new Map<string, () => void>();

  constructor(
    private readonly clock: { now: () => number; after: (ms: number, run: () => void) => () => void },
    private readonly played: (mark: string) => void,
  ) {}

  audio(ms: number): void {
    this.playedUntil = Math.max(this.clock.now(), this.playedUntil) + ms;
  }

  mark(name: string): void {
    const inMs = Math.max(0, this.playedUntil - this.clock.now());
    const cancel = this.clock.after(inMs, () => {
      this.waiting.delete(name);
      this.played(name);
    });
    this.waiting.set(name, cancel);
  }

  /** What was not played yet is thrown away, and its marks come back at once. */
  clear(): void {
    this.playedUntil = 0;
    const names = [...this.waiting.keys()];
    this.stop();
    names.forEach((name) => this.played(name));
  }

  stop(): void {
    for (const cancel of this.waiting.values()) cancel();
    this.waiting.clear();
  }
}
