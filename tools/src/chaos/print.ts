import { type Played } from './run-scenarios';

export function resultLine({ scenario, outcome, tookMs }: Played): string {
  const verdict = outcome.ok ? 'holds' : 'DOES NOT HOLD';
  const told = outcome.ok ? outcome.notes : [...outcome.faults, ...outcome.notes];
  return `  ${verdict}  ${scenario.name} (${(tookMs / 1000).toFixed(1)} s)  ${told.join('; ')}`.trimEnd();
}

const COLUMNS = ['scenario', 'placed', 'found', 'lost', 'worst ms', 'bound', 'holds'] as const;

export function table(played: readonly Played[]): string[] {
  const rows = played.map(({ scenario, outcome }) => [
    scenario.name,
    String(outcome.placed),
    String(outcome.found),
    String(outcome.lost),
    outcome.worstMs === null ? '-' : String(outcome.worstMs),
    scenario.bound,
    outcome.ok ? 'yes' : 'NO',
  ]);
  const widths = COLUMNS.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
