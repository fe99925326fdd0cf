/** The middle of them; of an even number, the mean of the two in the middle. @throws {RangeError} if there are none */
export function median(values: readonly number[]): number {
  const sorted = sortedOf(values);
  const half = sorted.length / 2;
  const upper = at(sorted, Math.floor(half));
  return Number.isInteger(half) ? (at(sorted, half - 1) + upper) / 2 : upper;
}

/**
 * Nearest rank: one of the values that were measured.
 * @param part 0.99 for the 99th
 * @throws {RangeError} if there are none
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = sortedOf(values);
  return at(sorted, Math.ceil(part * sorted.length) - 1);
}

/** How many of them it holds for, 0 to 1. @throws {RangeError} if there are none */
export function shareOf(values: readonly number[], holds: (value: number) => boolean): number {
  return values.filter(holds).length / sortedOf(values).length;
}

/** What a figure was over several rounds. */
export interface Spread {
  least: number;
  median: number;
  most: number;
}

/** @throws {RangeError} if there are none */
export function spreadOf(values: readonly number[]): Spread {
  return { least: percentile(values, 0), median: median(values), most: percentile(values, 1) };
}

function sortedOf(values: readonly number[]): number[] {
  // a figure of nothing would pass for one
  if (values.length === 0) throw new RangeError('Nothing was measured.');
  return values.toSorted((a, b) => a - b);
}

/** The nearest that there is. */
function at(sorted: readonly number[], index: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN;
}

/** Null: there is nothing to divide by. */
export const ratioOf = (ours: number, baseline: number | null): number | null =>
  baseline === null || baseline === 0 ? null : ours / baseline;
