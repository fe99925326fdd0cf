import { type Axis, positionIn, type Span, touches } from './axis';
import { type ChartPlan, SIZES } from './chart-plan';
import { EMPTY_KEY, EVENT_KINDS, symbolId } from './event-kinds';
import { isolated, markup, type Markup } from './markup';
import { type PlacedFlag } from './place-flags';
import { timeText } from './time-words';

/** px from the symbol's middle */
const LABEL_PX = 12;
const BASELINE_PX = 4;

/** Tells the time as it was given, even where the axis does not reach. */
export function flagTooltip({ event }: PlacedFlag, axis: Axis): Markup {
  const { name } = EVENT_KINDS[event.kind];
  return markup`${name} at ${timeText(axis, event.atMs)}\n${isolated(event.what)}\nsays ${isolated(event.who)}`;
}

function drawLabel({ label, flipped }: PlacedFlag, x: string, y: number): Markup | null {
  if (!label) return null;
  const side = flipped
    ? markup`dx="-${LABEL_PX}" text-anchor="end"`
    : markup`dx="${LABEL_PX}" text-anchor="start"`;
  return markup`<text x="${x}" y="${y + BASELINE_PX}" ${side}>${label}</text>`;
}

function drawSymbol({ event, key }: PlacedFlag, x: string, y: number): Markup {
  if (!key) return markup`<use href="#${symbolId(event.kind)}" x="${x}" y="${y}"/>`;
  return markup`<use href="#${EMPTY_KEY}" x="${x}" y="${y}"/><text class="key" x="${x}" y="${y + BASELINE_PX}" text-anchor="middle">${key}</text>`;
}

function drawFlag(flag: PlacedFlag, top: number, shown: Span, axis: Axis): Markup {
  const x = positionIn(shown, flag.atMs);
  const y = top + SIZES.flagsPadding + flag.row * SIZES.flag + SIZES.flag / 2;
  return markup`<g class="flag ${EVENT_KINDS[flag.event.kind].tone}"><title>${flagTooltip(flag, axis)}</title>${drawSymbol(flag, x, y)}${drawLabel(flag, x, y)}</g>
`;
}

/** Through all the lanes, from the axis to the symbol: here the conversation turned. */
function drawTurningPoint(flag: PlacedFlag, top: number, shown: Span): Markup | null {
  const { tone, turning } = EVENT_KINDS[flag.event.kind];
  if (!turning) return null;
  const x = positionIn(shown, flag.atMs);
  const to = top + SIZES.flagsPadding + flag.row * SIZES.flag;
  return markup`<line class="turning ${tone}" x1="${x}" x2="${x}" y1="${SIZES.ticks}" y2="${to}"/>`;
}

/** A little more than is shown: labels reach over the edge. */
function near({ flags }: ChartPlan, shown: Span): PlacedFlag[] {
  const margin = shown.toMs - shown.fromMs;
  return flags.flags.filter(({ atMs }) => touches({ fromMs: atMs - margin, toMs: atMs + margin }, shown));
}

export const drawTurningPoints = (plan: ChartPlan, shown: Span): Markup[] =>
  near(plan, shown).map((flag) => markup`${drawTurningPoint(flag, plan.flags.top, shown)}`);

export const drawFlags = (plan: ChartPlan, shown: Span): Markup[] =>
  near(plan, shown).map((flag) => drawFlag(flag, plan.flags.top, shown, plan.axis));
