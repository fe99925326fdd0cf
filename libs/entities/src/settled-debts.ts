import { setTimeout as sleep } from 'node:timers/promises';

/** Far below the age at which the relay takes a row for forgotten (400 ms), long enough to make many marks one. */
const GATHER_MS = 20;
/** Kept while they cannot be written; one more is left to the relay. */
const MOST = 10_000;

/**
 * Debts of the outbox that were paid and are still to be marked, gathered for a moment and marked together, one statement
 * at a time. Nobody waits for that, so here a timer costs nothing but a session that is told twice if the process dies.
 */
export class SettledDebts {
  private debts: string[] = [];
  private marking: Promise<void> | null = null;
  private hurry = new AbortController();

  /** @param onLost told why debts were left to the relay */
  constructor(
    private readonly mark: (debts: readonly string[]) => Promise<void>,
    private readonly onLost: (error: unknown) => void,
  ) {}

  add(debt: string): void {
    if (this.debts.length >= MOST) return this.onLost(new Error('Too many debts wait to be marked.'));
    this.debts.push(debt);
    this.marking ??= this.markAll();
  }

  /** Resolves when all that was added is marked or given up: after two statements, if nothing is added meanwhile. */
  async drain(): Promise<void> {
    this.hurry.abort();
    await this.marking;
    this.hurry = new AbortController();
  }

  private async markAll(): Promise<void> {
    while (this.debts.length > 0) {
      await sleep(GATHER_MS, undefined, { signal: this.hurry.signal }).catch(() => undefined);
      await this.mark(this.debts.splice(0)).catch(this.onLost);
    }
    this.marking = null;
  }
}
