import { type Compared } from './rounds';
import { ratioOf, type Spread } from './statistics';

/** One line of the table. */
export interface Row {
  /** what was measured, with its unit */
  name: string;
  ours: number;
  /** the same of what it is compared with, from the same run; null: there is nothing to compare with */
  baseline: number | null;
  /** ours to the baseline */
  ratio: number | null;
  /** least and most of the rounds' ratios, or of ours where there is no baseline; null: there were no rounds */
  spread: readonly [least: number, most: number] | null;
  /** in words; null: a figure to know, and no promise */
  goal: string | null;
  holds: boolean | null;
}

export type Figures = Pick<Row, 'ours' | 'ratio'>;

export interface Goal {
  text: string;
  holds: (figures: Figures) => boolean;
}

export const atMost = (limit: number): Goal => ({
  text: `≤ ${limit}`,
  holds: ({ ours }) => ours <= limit,
});

export const below = (limit: number): Goal => ({
  text: `< ${limit}`,
  holds: ({ ours }) => ours < limit,
});

export const atLeast = (limit: number): Goal => ({
  text: `≥ ${limit}`,
  holds: ({ ours }) => ours >= limit,
});

/** All that there was. */
export const all: Goal = {
  text: 'all',
  holds: ({ ratio }) => ratio === 1,
};

/** A ratio that cannot be told is none that holds. */
export const ratioAtMost = (limit: number): Goal => ({
  text: `ratio ≤ ${limit}`,
  holds: ({ ratio }) => ratio !== null && ratio <= limit,
});

export const ratioAtLeast = (limit: number): Goal => ({
  text: `ratio ≥ ${limit}`,
  holds: ({ ratio }) => ratio !== null && ratio >= limit,
});

interface Measured {
  ours: number;
  baseline?: number;
  /** ours to the baseline if left out; where there were rounds, the median of theirs */
  ratio?: number;
  spread?: Row['spread'];
}

export function row(name: string, measured: Measured, goal: Goal | null = null): Row {
  const { ours, baseline = null, spread = null } = measured;
  const ratio = measured.ratio ?? ratioOf(ours, baseline);
  const holds = goal && goal.holds({ ours, ratio });
  return { name, ours, baseline, ratio, spread, goal: goal && goal.text, holds };
}

/** Rounds of two variants: the medians, and the ratios of the rounds. */
export function comparedRow(
  name: string,
  { ours, baseline, ratio }: Compared,
  goal: Goal | null = null,
): Row {
  const measured = { ours: ours.median, baseline: baseline.median };
  if (!ratio) return row(name, measured, goal);
  return row(name, { ...measured, ratio: ratio.median, spread: [ratio.least, ratio.most] }, goal);
}

/** Rounds of ours alone. */
export const spreadRow = (name: string, ours: Spread, goal: Goal | null = null): Row =>
  row(name, { ours: ours.median, spread: [ours.least, ours.most] }, goal);

/** Both have to hold. */
export const both = (one: Goal, other: Goal): Goal => ({
  text: `${one.text} and ${other.text}`,
  holds: (figures) => one.holds(figures) && other.holds(figures),
});
