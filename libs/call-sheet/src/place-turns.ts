import { type Turn } from '@greenroom/contracts';
import { type Axis, pixelsInMs, type Span, spanOnAxis } from './axis';
import { stackRows } from './stack-rows';

/** A turn as a block in its speaker's lane. */
export interface PlacedTurn {
  turn: Turn;
  /** from its beginning to its end, within the axis */
  span: Span;
  /** ms where the drawn block ends: a turn without length is drawn wide enough to be seen */
  blockToMs: number;
  /** ms up to which the rest, which was not heard, would have gone on; the block's end where all was heard */
  unheardToMs: number;
  /** ms up to which there is room for its text: a short turn's words go on behind it */
  textToMs: number;
  /** from 0: turns of one speaker that overlap, as they should not, stand below one another */
  row: number;
}

export interface TurnRows {
  turns: readonly PlacedTurn[];
  rows: number;
}

const NARROWEST_PX = 30;
/** A short sentence in four lines. */
const TEXT_PX = 130;
const MOST_ROWS = 6;

function lengthOf({ lengthMs }: Turn): number {
  return lengthMs !== null && Number.isFinite(lengthMs) ? lengthMs : 0;
}

const wasCut = ({ endedBy, heardMs, lengthMs }: Turn): boolean =>
  endedBy === 'withdrawn' || (heardMs !== null && lengthMs !== null && heardMs < lengthMs);

type Block = Omit<PlacedTurn, 'unheardToMs' | 'textToMs'>;

/** The rest reaches as far as it would have, or to the next turn of the row; so does the text. */
function withReach(block: Block, next: Block | undefined, axis: Axis): PlacedTurn {
  const { turn, span, blockToMs } = block;
  const room = next ? next.span.fromMs : axis.lengthMs;
  const reach = (ms: number) => Math.max(blockToMs, Math.min(span.fromMs + ms, room));
  const unheardToMs = wasCut(turn) ? reach(lengthOf(turn)) : blockToMs;
  return { ...block, unheardToMs, textToMs: Math.max(unheardToMs, reach(pixelsInMs(axis, TEXT_PX))) };
}

/** `startedAt` is the axis' zero in unix ms. */
export function placeTurns(turns: readonly Turn[], startedAt: number, axis: Axis): TurnRows {
  const narrowest = pixelsInMs(axis, NARROWEST_PX);
  const blocks = turns
    .map((turn) => ({ turn, span: spanOnAxis(axis, turn.startedAt - startedAt, turn.endedAt - startedAt) }))
    .sort((a, b) => a.span.fromMs - b.span.fromMs)
    .map((block) => ({ ...block, blockToMs: Math.max(block.span.toMs, block.span.fromMs + narrowest) }));
  const rows = stackRows(
    blocks.map(({ span, blockToMs }) => ({ fromMs: span.fromMs, toMs: blockToMs })),
    MOST_ROWS,
  );
  const placed = blocks.map((block, index) => ({ ...block, row: rows[index] ?? MOST_ROWS - 1 }));
  const nextOfRow = new Map<number, Block>();
  const reached = placed.toReversed().map((block) => {
    const next = nextOfRow.get(block.row);
    nextOfRow.set(block.row, block);
    return withReach(block, next, axis);
  });
  return { turns: reached.toReversed(), rows: placed.reduce((most, { row }) => Math.max(most, row + 1), 0) };
}
