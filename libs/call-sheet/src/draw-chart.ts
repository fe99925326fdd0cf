import { positionIn, shareOf, type Span, wholeOf } from './axis';
import { type ChartPlan, SIZES, type SpeakerLane } from './chart-plan';
import { drawFlags, drawTurningPoints } from './draw-flags';
import { drawCuts, drawShades, drawTurns } from './draw-turns';
import { columnsOf, HALF_HEIGHT } from './envelope';
import { isolated, markup, type Markup } from './markup';
import { lengthText, tickText, timeText } from './time-words';

/** px of the column with the lanes' names */
export const NAMES_WIDTH = 92;
const TEXT_BASELINE = 15;
const WAIT_BAND = 18;
/** px a letter of the outcome beside the band, about */
const LETTER_PX = 7;
/** px that the number beside the last line needs */
const TICK_TEXT_PX = 40;

function drawTicks({ axis, height }: ChartPlan, shown: Span): Markup[] {
  const first = Math.ceil(shown.fromMs / axis.tickMs);
  const last = Math.floor(shown.toMs / axis.tickMs);
  const room = (TICK_TEXT_PX / axis.width) * axis.lengthMs;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const ms = (first + index) * axis.tickMs;
    const x = positionIn(shown, ms);
    const text =
      shown.toMs - ms < room
        ? null
        : markup`<text class="tick" x="${x}" y="${TEXT_BASELINE}" dx="5">${tickText(axis, ms)}</text>`;
    return markup`<line class="grid" x1="${x}" x2="${x}" y1="4" y2="${height}"/>${text}`;
  });
}

function drawWait({ wait, axis }: ChartPlan, shown: Span): Markup | null {
  if (!wait) return null;
  const { span, outcome, top } = wait;
  const length = lengthText(span.toMs - span.fromMs);
  const words = `${length}: ${outcome}`;
  const tooltip = markup`Waited for the session from ${timeText(axis, span.fromMs)} to ${timeText(axis, span.toMs)} (${length})\n${isolated(outcome)}`;
  const room = ((axis.lengthMs - span.toMs) / axis.lengthMs) * axis.width;
  const beside = words.length * LETTER_PX <= room;
  const x = positionIn(shown, beside ? span.toMs : span.fromMs);
  const width = shareOf(shown, span.toMs - span.fromMs);
  return markup`<g class="wait"><title>${tooltip}</title><rect x="${positionIn(shown, span.fromMs)}" y="${top + 4}" width="${width}" height="${WAIT_BAND}" rx="3"/><text x="${x}" y="${top + 17}" dx="7">${words}</text></g>`;
}

function drawWave(lane: SpeakerLane, plan: ChartPlan, shown: Span): Markup {
  const middle = lane.waveTop + SIZES.wave / 2;
  const zero = markup`<line class="zero ${lane.speaker}" x1="0" x2="100%" y1="${middle}" y2="${middle}"/>`;
  if (!lane.envelope.path) return zero;
  const scale = columnsOf(plan.axis) / plan.axis.lengthMs;
  const from = Number((shown.fromMs * scale).toFixed(2));
  const width = Number(((shown.toMs - shown.fromMs) * scale).toFixed(2));
  const box = `${from} -${HALF_HEIGHT} ${width} ${2 * HALF_HEIGHT}`;
  return markup`${zero}<svg x="0" y="${lane.waveTop}" width="100%" height="${SIZES.wave}" viewBox="${box}" preserveAspectRatio="none"><use class="wave ${lane.speaker}" href="#wave-${lane.speaker}"/></svg>`;
}

const drawLane = ({ top, bottom }: SpeakerLane): Markup =>
  markup`<rect class="lane" x="0" width="100%" y="${top}" height="${bottom - top}"/>`;

/** Both waveforms, once: every piece of the chart refers to them. */
export const drawWavePaths = ({ caller, assistant }: ChartPlan): Markup =>
  markup`${[caller, assistant]
    .filter(({ envelope }) => envelope.path)
    .map(
      ({ speaker, envelope }) => markup`<path id="wave-${speaker}" d="${envelope.path}"/>
`,
    )}`;

/**
 * What is inside of the `svg`: everything that stands in this stretch, placed in per cent of its width. From the back to
 * the front: a line through all the lanes shall not cross a word.
 */
export function drawStretch(plan: ChartPlan, shown: Span): Markup {
  const lanes = [plan.caller, plan.assistant];
  return markup`${lanes.map(drawLane)}
${drawTicks(plan, shown)}
${lanes.map((lane) => drawShades(lane, shown))}
${drawTurningPoints(plan, shown)}
${drawWait(plan, shown)}
${lanes.map((lane) => [
  drawTurns(lane, shown, plan.axis),
  drawWave(lane, plan, shown),
  drawCuts(lane, shown),
])}
${drawFlags(plan, shown)}`;
}

function peakText({ envelope }: SpeakerLane): string {
  if (envelope.peakDb === null) return 'silent';
  return `peak ${Math.round(envelope.peakDb).toString().replace('-', '\u2212')} dB`;
}

const nameOf = (lane: SpeakerLane, name: string): Markup =>
  markup`<rect class="swatch ${lane.speaker}" x="0" y="${lane.top}" width="4" height="${lane.bottom - lane.top}" rx="2"/><text class="name" x="12" y="${lane.top + 15}">${name}</text><text class="aside" x="12" y="${lane.waveTop + SIZES.wave / 2 + 4}">${peakText(lane)}</text>`;

/** The names of the lanes, beside each piece of the chart. */
export function drawNames({ wait, caller, assistant, flags, height }: ChartPlan): Markup {
  const waited = wait ? markup`<text class="name" x="12" y="${wait.top + 17}">Session</text>` : null;
  const events =
    flags.rows > 0
      ? markup`<text class="name" x="12" y="${flags.top + SIZES.flagsPadding + TEXT_BASELINE}">Events</text>`
      : null;
  return markup`<svg class="names" width="${NAMES_WIDTH}" height="${height}" aria-hidden="true">${waited}${nameOf(caller, 'Caller')}${nameOf(assistant, 'Assistant')}${events}</svg>`;
}

/** The chart as lines of a page of paper, one below the other. */
export function drawPrintedLines(plan: ChartPlan): Markup[] {
  const { axis, height } = plan;
  const lineMs = axis.lengthMs / axis.lines;
  return Array.from({ length: axis.lines }, (_, index) => {
    const shown = { fromMs: index * lineMs, toMs: (index + 1) * lineMs };
    return markup`<div class="line-of-print">${drawNames(plan)}<div><svg class="chart" height="${height}" aria-hidden="true">${drawStretch(plan, shown)}</svg></div></div>
`;
  });
}

/** The chart as one piece. */
export function drawChart(plan: ChartPlan): Markup {
  const { axis, height } = plan;
  return markup`<svg class="chart" style="--width:${axis.width}" height="${height}" role="img" aria-label="Timeline; the tables below tell the same" aria-describedby="summary">
${drawStretch(plan, wholeOf(axis))}
<line class="playhead" x1="0" x2="0" y1="0" y2="${height}"/></svg>`;
}
