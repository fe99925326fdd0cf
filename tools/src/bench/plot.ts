/** A picture for the report. */
export interface Plot {
  title: string;
  /** what the axes are, with their units */
  x: string;
  y: string;
  /** logarithmic: latencies over several powers of ten */
  logX?: boolean;
  series: { name: string; points: readonly Point[] }[];
}

export type Point = readonly [x: number, y: number];

/** Enough for a smooth line, however many values there are. */
const POINTS = 200;

/** Which share of the values, in %, is at most so large: rising from 0 to 100. */
export function distributionOf(values: readonly number[]): Point[] {
  const sorted = values.toSorted((a, b) => a - b);
  const step = Math.max(1, sorted.length / POINTS);
  const points: Point[] = [];
  for (let at = step; at < sorted.length + step; at += step) {
    const rank = Math.min(sorted.length, Math.round(at));
    const value = sorted[rank - 1];
    if (value !== undefined) points.push([value, (100 * rank) / sorted.length]);
  }
  return points;
}
