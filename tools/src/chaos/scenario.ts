import { type Rig, type RigOptions } from './rig';

export type Size = 'full' | 'short';

/** One fault, what is put through it, and the promise that has to hold. */
export interface Scenario {
  name: string;
  what: string;
  /** the promise, for the table */
  bound: string;
  /** scenarios that name the same object run on the same rig, one after the other */
  rig: RigOptions;
  /** left out of the short form: it lasts as long as the leases and pings that it waits for */
  onlyFull?: true;
  run: (rig: Rig, size: Size) => Promise<Outcome>;
}

/** What a scenario has measured. */
export interface Outcome {
  /** calls, webhooks or sockets, whichever the scenario is about */
  placed: number;
  found: number;
  lost: number;
  /** the measure that the bound is about, ms; null where there is none */
  worstMs: number | null;
  /** figures worth telling */
  notes: string[];
  /** one sentence for each promise that did not hold */
  faults: string[];
  ok: boolean;
}

/** Collects what a scenario sees. */
export class Findings {
  readonly notes: string[] = [];
  readonly faults: string[] = [];

  note(text: string): void {
    this.notes.push(text);
  }

  /** @param otherwise the fault, if it does not hold */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.faults.push(otherwise);
  }

  outcome(figures: Pick<Outcome, 'placed' | 'found' | 'lost' | 'worstMs'>): Outcome {
    const { worstMs } = figures;
    return {
      ...figures,
      worstMs: worstMs === null ? null : Math.round(worstMs),
      notes: this.notes,
      faults: this.faults,
      ok: this.faults.length === 0,
    };
  }
}

/** Nearest rank; 0 for an empty list. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}

export const worst = (values: readonly number[]): number => Math.max(0, ...values);
