import { type Row } from './row';

const COLUMNS = ['what', 'ours', 'baseline', 'ratio', 'goal', 'holds'] as const;
/** figures stand under each other by their last digit */
const RIGHT = new Set<number>([1, 2, 3]);

export function table(rows: readonly Row[]): string[] {
  const lines = rows.map((row) => [
    row.name,
    figure(row.ours),
    figure(row.baseline),
    ratioCell(row),
    row.goal ?? '-',
    row.holds === null ? '-' : row.holds ? 'yes' : 'NO',
  ]);
  const widths = COLUMNS.map((title, at) =>
    Math.max(title.length, ...lines.map((cells) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (RIGHT.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line)];
}

/** With what the rounds were between, where there were any. */
function ratioCell({ ratio, spread }: Row): string {
  const between = spread === null ? '' : ` (${figure(spread[0])}..${figure(spread[1])})`;
  return `${figure(ratio)}${between}`;
}

/** Three digits or more, and no more behind the point than were measured. */
export function figure(value: number | null): string {
  if (value === null) return '-';
  const size = Math.abs(value);
  return value.toFixed(Number.isInteger(value) || size >= 1000 ? 0 : size >= 100 ? 1 : 2);
}

export function verdict(rows: readonly Row[], tookMs: number): string {
  const promised = rows.filter(({ holds }) => holds !== null);
  const kept = promised.filter(({ holds }) => holds).length;
  return `${kept} of ${promised.length} goals hold (${rows.length} rows, ${Math.round(tookMs / 1000)} s).`;
}
