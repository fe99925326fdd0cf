import { type CallSheet } from './call-sheet';
import { type ChartPlan, planChart } from './chart-plan';
import { drawChart, drawNames, drawPrintedLines, drawWavePaths } from './draw-chart';
import { drawOverview } from './draw-overview';
import { countKinds, drawSymbols, EVENT_KINDS } from './event-kinds';
import { eventTable } from './event-table';
import { drawLegend } from './legend';
import { markup, type Markup, verbatim } from './markup';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';
import { drawPlayer } from './player';
import { dateText, lengthText } from './time-words';
import { turnTable } from './turn-table';

/** Nothing is loaded from anywhere, whatever a text on the page may try. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src data:; img-src data:";

const ZOOMS = [1, 2, 4];

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** The whole call in one line; a screen reader says it of the chart as well. What went wrong stands out. */
function summaryOf(sheet: CallSheet, { axis }: ChartPlan): Markup {
  const kinds = countKinds(sheet.events)
    .filter(({ kind }) => kind !== 'mark' && kind !== 'note')
    .map(({ kind, count }) => {
      const { name, tone } = EVENT_KINDS[kind];
      const text = counted(count, name);
      return [', ', tone === 'trouble' ? markup`<b class="trouble">${text}</b>` : text];
    });
  return markup`${lengthText(axis.lengthMs)}, ${counted(sheet.turns.length, 'turn')}${kinds}`;
}

const head = (sheet: CallSheet, plan: ChartPlan): Markup => markup`<header>
<h1><bdi>${sheet.title}</bdi></h1>
<p class="summary" id="summary">${dateText(sheet.startedAt)}, ${summaryOf(sheet, plan)}</p>
<dl>
${sheet.facts.map(
  ([name, value]) => markup`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${value}</bdi></dd></div>
`,
)}</dl>
</header>`;

const zoom = (factor: number): Markup =>
  markup`<input type="radio" name="zoom" id="zoom-${factor}" value="${factor}"${verbatim(factor === 1 ? ' checked' : '')}><label for="zoom-${factor}">${factor}×</label>`;

function timeline(sheet: CallSheet, plan: ChartPlan): Markup {
  return markup`<section class="timeline" data-seconds="${plan.axis.lengthMs / 1000}" aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<svg class="defined" width="0" height="0" aria-hidden="true"><defs>${drawSymbols(sheet.events)}${drawWavePaths(plan)}</defs></svg>
<fieldset class="zoom"><legend>Zoom</legend>${ZOOMS.map(zoom)}</fieldset>
${drawPlayer(sheet.audio)}
<div class="on-screen">${drawNames(plan)}<div class="scroller" tabindex="0" role="region" aria-label="Timeline, scrolls sideways">${drawChart(plan)}</div></div>
<div class="on-paper" aria-hidden="true">
${drawPrintedLines(plan)}</div>
${drawOverview(plan)}
${drawLegend(sheet, plan)}
</section>`;
}

/**
 * One HTML page that needs nothing else: a call on one time axis, its audio, and tables of its turns and events. The
 * same sheet gives the same page. Numbers that make no sense are moved to the nearest place on the axis; texts may
 * hold anything. Audio longer than `LONGEST_AUDIO_MS` is left out.
 */
export function renderCallSheet(sheet: CallSheet): string {
  const plan = planChart(sheet);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${sheet.title}</title>
<style>${verbatim(PAGE_STYLE)}</style>
</head>
<body>
${head(sheet, plan)}
<main>
${timeline(sheet, plan)}
<section aria-labelledby="turns"><h2 id="turns">Turns</h2>
${turnTable(sheet.turns, sheet.startedAt, plan.axis)}</section>
<section aria-labelledby="events"><h2 id="events">Events</h2>
${eventTable(sheet.events, plan.axis)}</section>
</main>
<script>${verbatim(PAGE_SCRIPT)}</script>
</body>
</html>
`.source;
}
