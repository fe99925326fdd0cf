import { type CallReport, type ReportedTurn } from './call-report';
import { type Scenario } from './scenarios';

/** A scenario that was played; `report` is null where the simulator did not give one. */
export interface Played {
  scenario: Scenario;
  report: CallReport | null;
  faults: string[];
}

/** Escape codes only where somebody looks: a terminal. */
export function paint(text: string, kind: 'good' | 'bad' | 'title', onTerminal: boolean): string {
  const codes = { good: 32, bad: 31, title: 1 };
  return onTerminal ? `\u001b[${codes[kind]}m${text}\u001b[0m` : text;
}

const inSeconds = (ms: number): string => (ms / 1000).toFixed(2);

export function timelineLines({ timeline }: CallReport): string[] {
  return timeline.map(
    ({ atMs, who, what }) => `  ${inSeconds(atMs).padStart(6)} s  ${who.padEnd(8)}  ${what}`,
  );
}

/** The conversation, if there was one: who said what, and what became of it. */
export function turnLines({ turns }: CallReport): string[] {
  const first = turns[0]?.startedAt ?? 0;
  return turns.map((turn) => {
    const at = inSeconds(turn.startedAt - first).padStart(6);
    return `  ${at} s  ${turn.who.padEnd(9)}  ${saidIn(turn)}`;
  });
}

function saidIn(turn: ReportedTurn): string {
  const { who, text, heardText, digits, endedBy, speechMs } = turn;
  if (who === 'assistant') {
    const cut = endedBy === 'barge-in' ? ` [interrupted after ${inSeconds(turn.heardMs ?? 0)} s]` : '';
    return `“${(cut ? heardText : text) ?? ''}”${cut}`;
  }
  if (digits !== null) return `[presses ${digits}]`;
  if (speechMs === null) return '[silent]';
  return text ? `“${text}”` : `[speaks for ${inSeconds(speechMs)} s]`;
}

export function resultLine({ report, faults }: Played): string {
  if (!report) return `not as expected: ${faults.join('; ')}`;
  const found = report.found ? `, session found by ${report.found}` : '';
  const waited = report.waitedMs === null ? '' : `, waited ${inSeconds(report.waitedMs)} s`;
  const closed = report.close ? `, closed ${report.close.code} ${report.close.reason}`.trimEnd() : '';
  const summary = `${report.outcome}${found}${waited}${closed}`;
  return faults.length === 0
    ? `as expected: ${summary}`
    : `not as expected: ${faults.join('; ')} (${summary})`;
}

const COLUMNS = ['call', 'provider', 'webhook', 'outcome', 'found', 'waited', 'audio', 'as expected?'];

export function summaryTable(played: readonly Played[]): string[] {
  const rows = played.map(rowOf);
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

function audioOf({ audio, turns }: CallReport): string {
  if (turns.length > 0) return `${turns.length} turns`;
  return audio.heardBack ? 'heard back' : 'none';
}

function rowOf({ scenario: { webhook }, report, faults }: Played, index: number): string[] {
  const verdict = faults.length === 0 ? 'yes' : 'NO';
  if (!report) return [String(index + 1), '-', webhook, '-', '-', '-', '-', verdict];
  const { provider, outcome, found, waitedMs } = report;
  const waited = waitedMs === null ? '-' : `${inSeconds(waitedMs)} s`;
  return [String(index + 1), provider, webhook, outcome, found ?? '-', waited, audioOf(report), verdict];
}
