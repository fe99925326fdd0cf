import { positionIn, shareOf, wholeOf } from './axis';
import { type ChartPlan, type SpeakerLane } from './chart-plan';
import { EVENT_KINDS } from './event-kinds';
import { markup, type Markup } from './markup';
import { isEmpty } from './turn-words';

/** px: a chart of no more than that is its own overview. Up to which width it is, the page's script knows better. */
const WIDE_PX = 600;
const HEIGHT = 44;
const BAND = 14;

const drawBands = ({ axis }: ChartPlan, lane: SpeakerLane, top: number): Markup[] =>
  lane.turns.map(
    ({ turn, span }) =>
      markup`<rect class="band ${lane.speaker} ${isEmpty(turn) ? 'empty' : 'filled'}" x="${positionIn(wholeOf(axis), span.fromMs)}" y="${top}" width="${shareOf(wholeOf(axis), span.toMs - span.fromMs)}" height="${BAND}"/>`,
  );

function drawPoints({ axis, flags }: ChartPlan): Markup[] {
  return flags.flags
    .filter(({ event }) => EVENT_KINDS[event.kind].turning)
    .map(({ event, atMs }) => {
      const x = positionIn(wholeOf(axis), atMs);
      return markup`<line class="turning ${EVENT_KINDS[event.kind].tone}" x1="${x}" x2="${x}" y1="2" y2="${HEIGHT - 2}"/>`;
    });
}

/** The whole call as wide as the page, without a word: where one is, and where to go. Null where the chart is all that. */
export function drawOverview(plan: ChartPlan): Markup | null {
  if (plan.axis.width <= WIDE_PX) return null;
  return markup`<svg class="overview" width="100%" height="${HEIGHT}" aria-hidden="true">${drawBands(plan, plan.caller, 6)}${drawBands(plan, plan.assistant, 24)}${drawPoints(plan)}<rect class="window" x="0" y="1" width="0" height="${HEIGHT - 2}" rx="4"/><line class="playhead" x1="0" x2="0" y1="0" y2="${HEIGHT}"/></svg>`;
}
