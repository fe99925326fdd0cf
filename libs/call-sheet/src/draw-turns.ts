import { type TurnEnd } from '@greenroom/contracts';
import { type Axis, positionIn, shareOf, type Span, touches } from './axis';
import { SIZES, type SpeakerLane } from './chart-plan';
import { isolated, markup, type Markup, type Part } from './markup';
import { type PlacedTurn } from './place-turns';
import { lengthText, timeText } from './time-words';
import { endOfTurn, shortEndOfTurn, isEmpty, wordlessText, wordsOf } from './turn-words';

/** More does not fit into the widest block. The tooltip and the table have all of it. */
const MOST_LETTERS = 600;

/** Everything that is known of the turn, a line each. */
export function turnTooltip({ turn, span }: PlacedTurn, axis: Axis): Markup {
  const words = wordsOf(turn);
  const lines: Part[] = [
    `Turn ${turn.number}, ${turn.who}`,
    `${timeText(axis, span.fromMs)} to ${timeText(axis, span.toMs)} (${lengthText(span.toMs - span.fromMs)})`,
    endOfTurn(turn),
  ];
  if (turn.step !== null) lines.push(markup`Step: ${isolated(turn.step)}`);
  if (turn.digits) lines.push(markup`Digits: ${isolated(turn.digits)}`);
  if (words?.heard) lines.push(markup`${turn.who === 'caller' ? 'Said' : 'Heard'}: ${isolated(words.heard)}`);
  if (words?.unheard) lines.push(markup`Not heard: ${isolated(words.unheard)}`);
  return markup`${lines.map((line, index) => (index === 0 ? line : ['\n', line]))}`;
}

function drawWords({ turn }: PlacedTurn): Markup {
  const words = wordsOf(turn);
  const digits = turn.digits ? markup`<kbd>${turn.digits}</kbd> ` : null;
  if (!words) return markup`${digits}<i>${wordlessText(turn)}</i>`;
  const heard = words.heard.slice(0, MOST_LETTERS);
  const unheard = words.unheard.slice(0, MOST_LETTERS - heard.length);
  return markup`${digits}${heard}${unheard ? markup`<del>${unheard}</del>` : null}`;
}

/** Whose doing the end was, by its colour. */
const CUTS: Readonly<Partial<Record<TurnEnd, string>>> = {
  'barge-in': 'caller',
  'mark-lost': 'trouble',
  'line-closed': 'plain',
};

/** A line across the waveform where the turn ended, if it did not end as it should have. */
function drawCut({ turn, span }: PlacedTurn, lane: SpeakerLane, shown: Span): Markup | null {
  const tone = CUTS[turn.endedBy];
  if (tone === undefined) return null;
  const x = positionIn(shown, span.toMs);
  return markup`<line class="edge ${tone}" x1="${x}" x2="${x}" y1="${lane.waveTop - SIZES.turnGap}" y2="${lane.bottom}"/>`;
}

function drawTurn(placed: PlacedTurn, lane: SpeakerLane, shown: Span, axis: Axis): Markup {
  const { turn, span, blockToMs, unheardToMs, textToMs } = placed;
  const widthTo = (ms: number) => shareOf(shown, ms - span.fromMs);
  const top = lane.top + placed.row * (SIZES.turn + SIZES.turnGap);
  const x = positionIn(shown, span.fromMs);
  const box = markup`x="${x}" y="${top}" height="${SIZES.turn}"`;
  const rest =
    unheardToMs > blockToMs
      ? markup`<rect class="rest" ${box} width="${widthTo(unheardToMs)}" rx="4"/>`
      : null;
  const block =
    rest && isEmpty(turn) ? null : markup`<rect class="block" ${box} width="${widthTo(blockToMs)}" rx="4"/>`;
  return markup`<g class="turn ${lane.speaker} ${isEmpty(turn) ? 'empty' : 'filled'}"><title>${turnTooltip(placed, axis)}</title>${rest}${block}<foreignObject ${box} width="${widthTo(textToMs)}"><div class="turn-text"><b>${turn.number} <span>${shortEndOfTurn(turn)}</span></b><p dir="auto">${drawWords(placed)}</p></div></foreignObject></g>
`;
}

/** The stretches of the waveform that a turn was made of. */
function drawShade({ span }: PlacedTurn, lane: SpeakerLane, shown: Span): Markup {
  const width = shareOf(shown, span.toMs - span.fromMs);
  return markup`<rect class="shade ${lane.speaker}" x="${positionIn(shown, span.fromMs)}" y="${lane.waveTop}" width="${width}" height="${SIZES.wave}"/>`;
}

const visible = (lane: SpeakerLane, shown: Span): PlacedTurn[] =>
  lane.turns.filter(({ span, textToMs }) => touches({ fromMs: span.fromMs, toMs: textToMs }, shown));

export const drawShades = (lane: SpeakerLane, shown: Span): Markup[] =>
  visible(lane, shown).map((turn) => drawShade(turn, lane, shown));

/** In front of the waveforms. */
export const drawCuts = (lane: SpeakerLane, shown: Span): Markup[] =>
  visible(lane, shown).map((turn) => markup`${drawCut(turn, lane, shown)}`);

export const drawTurns = (lane: SpeakerLane, shown: Span, axis: Axis): Markup[] =>
  visible(lane, shown).map((turn) => drawTurn(turn, lane, shown, axis));
