/** One line of the table. */
export interface Row {
  /** what was measured, with its unit */
  name: string;
  ours: number;
  /** the same of what it is compared with, from the same run; null: there is nothing to compare with */
  baseline: number | null;
  /** ours to the baseline */
  ratio: number | null;
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
}

export function row(name: string, measured: Measured, goal: Goal | null = null): Row {
  const { ours, baseline = null } = measured;
  const ratio = measured.ratio ?? ratioOf(ours, baseline);
  const holds = goal && goal.holds({ ours, ratio });
  return { name, ours, baseline, ratio, goal: goal && goal.text, holds };
}

/** Null: there is nothing to divide by. */
export const ratioOf = (ours: number, baseline: number | null): number | null =>
  baseline === null || baseline === 0 ? null : ours / baseline;
