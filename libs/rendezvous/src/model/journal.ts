/** What happened in one run: which situations were met, and which promises were broken. */
export class Journal {
  readonly met = new Map<string, number>();
  readonly violations: string[] = [];

  note(situation: string): void {
    this.met.set(situation, (this.met.get(situation) ?? 0) + 1);
  }

  accuse(violation: string): void {
    this.violations.push(violation);
  }

  /** Adds what was met to the totals of all runs. */
  addTo(totals: Map<string, number>): void {
    for (const [situation, count] of this.met) totals.set(situation, (totals.get(situation) ?? 0) + count);
  }
}
