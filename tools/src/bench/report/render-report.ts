import { type Measured } from '../measure-groups';
import { countGoals } from '../print';
import { drawPlot } from './draw-plot';
import { loadText, type Load, type Machine, wasBusy } from './machine';
import { type Markup, markup, verbatim } from './markup';
import { PAGE_STYLE } from './page-style';
import { resultTable } from './result-table';

export interface Report {
  startedAt: Date;
  tookMs: number;
  /** at a terminal, to measure the same again */
  command: string;
  machine: Machine;
  loadBefore: Load;
  loadAfter: Load;
  measured: readonly Measured[];
}

/** Nothing is loaded from anywhere, and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const idOf = (group: string): string => `group-${group.replace(/[^a-z0-9-]/gi, '-')}`;

const secondsText = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** What is not as it should be. */
function shortcomings(measured: readonly Measured[]): Markup[] {
  const line = (what: string, group: string, name: string | null): Markup =>
    markup`<li><strong class="missed">✗ ${what}</strong> <a href="#${idOf(group)}">${group}</a>${name && `: ${name}`}</li>`;
  return measured.flatMap(({ group, rows, failure }) => [
    ...(failure === null ? [] : [line('not measured', group, null)]),
    ...rows.filter(({ holds }) => holds === false).map(({ name }) => line('not held', group, name)),
  ]);
}

/** How it went, before anything else. */
function summary({ measured, loadBefore, machine }: Report): Markup {
  const { set, held } = countGoals(measured.flatMap(({ rows }) => rows));
  const short = shortcomings(measured);
  const goals = `${held} of ${set} goals hold`;
  const verdict =
    set > 0 && short.length === 0
      ? markup`<span class="held">✓ ${goals}</span>`
      : markup`<strong>${goals}</strong>`;
  const list = short.length === 0 ? null : markup`<ul class="outcomes">${short}</ul>`;
  const hint = wasBusy(loadBefore, machine.cores)
    ? markup`<p class="hint">Something else ran on this machine when it began (load ${loadText(loadBefore)}): take the figures of a quiet one.</p>`
    : null;
  return markup`<p class="goals">${verdict}</p>${list}${hint}`;
}

const fact = (name: string, value: string): Markup => markup`<div><dt>${name}</dt><dd>${value}</dd></div>
`;

function circumstances({ machine, loadBefore, loadAfter, command }: Report): Markup {
  const { processor, cores, memoryGb, kernel, node, revision } = machine;
  return markup`<section aria-labelledby="machine"><h2 id="machine">The machine</h2>
<dl>
${[
  fact('Processor', processor),
  fact('Cores', String(cores)),
  fact('Memory', `${memoryGb.toFixed(1)} GiB`),
  fact('Kernel', kernel),
  fact('Node.js', node),
  ...(revision === null ? [] : [fact('Revision', revision)]),
  fact('Load average before (1, 5, 15 min)', loadText(loadBefore)),
  fact('Load average after', loadText(loadAfter)),
]}</dl>
</section>
<section aria-labelledby="again"><h2 id="again">Measure it again</h2>
<p><kbd>${command}</kbd></p>
<p class="soft">Each figure stands next to one of the same run: compare the ratios of two machines, and not their figures.</p>
</section>
`;
}

function groupSection({ group, about, tookMs, rows, plots, notes, failure }: Measured): Markup {
  const id = idOf(group);
  const found = rows.length === 0 ? null : resultTable(rows, id);
  const listed = notes.map((note) => markup`<li>${note}</li>`);
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${group}</h2>
<p class="about">${about}; ${secondsText(tookMs)}</p>
${failure === null ? null : markup`<p class="broken"><strong class="missed">✗ not measured</strong> ${failure}</p>`}${found}${plots.map(drawPlot)}${listed.length === 0 ? null : markup`<ul class="notes">${listed}</ul>`}
</section>
`;
}

/** One HTML page that needs nothing else: no network, no script. */
export function renderReport(report: Report): string {
  const { startedAt, tookMs, measured } = report;
  const when = `${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const names = measured.map(({ group }) => group).join(', ');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Greenroom, measured ${when}</title>
<style>${verbatim(PAGE_STYLE)}</style>
</head>
<body>
<header><h1>Greenroom, measured</h1>
<p class="soft">${when}, ${secondsText(tookMs)}: ${names}</p>
${summary(report)}
</header>
<main>
${measured.map(groupSection)}${circumstances(report)}</main>
</body>
</html>
`.source;
}
