import { type Span } from './axis';

/**
 * A row for each span, from 0, so that no two in one row overlap: the first that is free. Null where all rows are
 * taken. Expects the spans by their beginnings.
 */
export function stackRows(spans: readonly Span[], mostRows: number): (number | null)[] {
  const ends: number[] = [];
  return spans.map(({ fromMs, toMs }) => {
    const free = ends.findIndex((end) => end <= fromMs);
    const row = free >= 0 ? free : ends.length;
    if (row >= mostRows) return null;
    ends[row] = toMs;
    return row;
  });
}
