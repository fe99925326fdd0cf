import { type Measured } from './measure-groups';
import { type Row } from './row';

const COLUMNS = ['what', 'ours', 'baseline', 'ratio', 'goal', 'holds'] as const;
/** figures stand under each other by their last digit */
const RIGHT = new Set<number>([1, 2, 3]);

export function table(rows: readonly Row[]): string[] {
  const lines = rows.map((row) => [
    row.name,
    oursText(row),
    figure(row.baseline),
    ratioText(row),
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

/** With what the rounds were between, where there is no ratio of theirs. */
export const oursText = ({ ours, baseline, spread }: Row): string =>
  figure(ours) + (baseline === null ? between(spread) : '');

/** With what the rounds' ratios were between, where there were any. */
export const ratioText = ({ ratio, baseline, spread }: Row): string =>
  figure(ratio) + (baseline === null ? '' : between(spread));

const between = (spread: Row['spread']): string =>
  spread === null ? '' : ` (${figure(spread[0])}..${figure(spread[1])})`;

/** Three digits or more, and no more behind the point than were measured. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  return value.toFixed(Number.isInteger(value) || size >= 1000 ? 0 : size >= 100 ? 1 : 2);
}

/** How many goals were set, and how many of them hold. */
export function countGoals(rows: readonly Row[]): { set: number; held: number } {
  const set = rows.filter(({ holds }) => holds !== null);
  return { set: set.length, held: set.filter(({ holds }) => holds).length };
}

export function verdict(measured: readonly Measured[], tookMs: number): string {
  const rows = measured.flatMap((each) => each.rows);
  const { set, held } = countGoals(rows);
  const goals = `${held} of ${set} goals hold (${rows.length} rows, ${Math.round(tookMs / 1000)} s).`;
  const failed = measured.filter(({ failure }) => failure !== null).map(({ group }) => group);
  return failed.length === 0 ? goals : `${goals} Not measured: ${failed.join(', ')}.`;
}

/** Everything, in the order in which it was measured. */
export function findingsText(measured: readonly Measured[]): string[] {
  const notes = measured.flatMap((each) => each.notes);
  const failures = measured.flatMap(({ group, failure }) =>
    failure === null ? [] : [`${group} was not measured: ${failure}`],
  );
  return ['', ...table(measured.flatMap((each) => each.rows)), '', ...notes, ...failures];
}

/** A row as others read it. */
export const rowsAsJson = (measured: readonly Measured[]): string =>
  JSON.stringify(measured.flatMap(({ group, rows }) => rows.map((row) => ({ group, ...row }))));
