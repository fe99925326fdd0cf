import { type Turn } from '@greenroom/contracts';
import { type Axis, onAxis } from './axis';
import { markup, type Markup } from './markup';
import { timeText } from './time-words';
import { endOfTurn, speakerOf, wordlessText, wordsOf } from './turn-words';

/** What a cell may need; `fromMs` and `toMs` as they were given, on the axis or not. */
interface Row {
  turn: Turn;
  fromMs: number;
  toMs: number;
  axis: Axis;
}

interface Column {
  head: Markup;
  cell: (row: Row) => Markup;
  /** a column that no turn has anything for is left out */
  needed: (turn: Turn) => boolean;
}

const always = (): boolean => true;

const seconds = (axis: Axis, ms: number): number => onAxis(axis, ms) / 1000;

function drawWords({ turn }: Row): Markup {
  const words = wordsOf(turn);
  if (!words) return markup`<td class="words"><i>${wordlessText(turn)}</i></td>`;
  const unheard = words.unheard
    ? markup`<del><span class="spoken-only">not heard: </span>${words.unheard}</del>`
    : null;
  return markup`<td class="words"><p dir="auto">${words.heard}${unheard}</p></td>`;
}

const COLUMNS: readonly Column[] = [
  {
    head: markup`<th scope="col">No.</th>`,
    cell: ({ turn }) => markup`<th scope="row">${turn.number}</th>`,
    needed: always,
  },
  {
    head: markup`<th scope="col">Who</th>`,
    cell: ({ turn }) => markup`<td><span class="who ${speakerOf(turn)}">${turn.who}</span></td>`,
    needed: always,
  },
  {
    head: markup`<th scope="col" class="time">From</th>`,
    cell: ({ fromMs, axis }) =>
      markup`<td class="time" data-at="${seconds(axis, fromMs)}">${timeText(axis, fromMs)}</td>`,
    needed: always,
  },
  {
    head: markup`<th scope="col" class="time">To</th>`,
    cell: ({ toMs, axis }) => markup`<td class="time">${timeText(axis, toMs)}</td>`,
    needed: always,
  },
  {
    head: markup`<th scope="col" class="words">Said <small>(<del>struck</del>: not heard)</small></th>`,
    cell: drawWords,
    needed: always,
  },
  {
    head: markup`<th scope="col">Digits</th>`,
    cell: ({ turn }) => markup`<td>${turn.digits ? markup`<kbd>${turn.digits}</kbd>` : null}</td>`,
    needed: ({ digits }) => Boolean(digits),
  },
  {
    head: markup`<th scope="col">Ended by</th>`,
    cell: ({ turn }) => markup`<td class="end">${endOfTurn(turn)}</td>`,
    needed: always,
  },
  {
    head: markup`<th scope="col">Step</th>`,
    cell: ({ turn }) => markup`<td><bdi>${turn.step}</bdi></td>`,
    needed: ({ step }) => Boolean(step),
  },
];

/** The row lights up while the playhead is between its times, in s. */
function drawRow(row: Row, columns: readonly Column[]): Markup {
  const { fromMs, toMs, axis } = row;
  return markup`<tr data-from="${seconds(axis, fromMs)}" data-to="${seconds(axis, toMs)}">${columns.map(({ cell }) => cell(row))}</tr>
`;
}

/** `startedAt` is the axis' zero in unix ms. */
export function turnTable(turns: readonly Turn[], startedAt: number, axis: Axis): Markup {
  if (turns.length === 0) return markup`<p class="none">Nobody had a turn.</p>`;
  const columns = COLUMNS.filter(({ needed }) => turns.some(needed));
  const rows = turns.map((turn) => {
    const row = { turn, fromMs: turn.startedAt - startedAt, toMs: turn.endedAt - startedAt, axis };
    return drawRow(row, columns);
  });
  return markup`<div class="table" tabindex="0" role="region" aria-labelledby="turns"><table><thead><tr>${columns.map(({ head }) => head)}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}
