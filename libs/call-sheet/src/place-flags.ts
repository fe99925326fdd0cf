import { type Axis, onAxis, pixelsInMs, type Span } from './axis';
import { type SheetEvent } from './call-sheet';
import { EVENT_KINDS } from './event-kinds';
import { stackRows } from './stack-rows';

/** An event as a symbol with a label beside it. */
export interface PlacedFlag {
  event: SheetEvent;
  /** within the axis */
  atMs: number;
  /** from 0; labels that would collide stand below one another */
  row: number;
  /** the digit inside of the symbol, which is all the label it needs; empty in all other cases */
  key: string;
  /** empty where so much happened at once that no row was free, or where there is a key */
  label: string;
  /** the label stands before the symbol, since behind it the axis ends */
  flipped: boolean;
}

export interface FlagRows {
  flags: readonly PlacedFlag[];
  rows: number;
}

const MOST_ROWS = 8;
const LONGEST_LABEL = 40;
const SYMBOL_PX = 10;
const GAP_PX = 8;
/** px of a letter in the labels' font, rather too much than too little */
const LETTER_PX = 6.4;
const WIDE_LETTER_PX = 12;
/** From here on Unicode has the scripts and pictures that are as wide as high. */
const FIRST_WIDE = 0x2e80;

function labelOf({ what, kind }: SheetEvent): string {
  const text = what
    .slice(0, 4 * LONGEST_LABEL)
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...(text || EVENT_KINDS[kind].name)];
  return letters.length > LONGEST_LABEL
    ? `${letters.slice(0, LONGEST_LABEL - 1).join('')}…`
    : letters.join('');
}

const keyOf = ({ kind, what }: SheetEvent): string =>
  kind === 'digit' && /^[0-9A-D*#]$/.test(what) ? what : '';

function widthOf(label: string): number {
  const width = (letter: string) => ((letter.codePointAt(0) ?? 0) < FIRST_WIDE ? LETTER_PX : WIDE_LETTER_PX);
  return [...label].reduce((sum, letter) => sum + width(letter), SYMBOL_PX + (label ? GAP_PX : 0));
}

/** The flag without its row, and what it takes of one. */
function extentOf(event: SheetEvent, axis: Axis): Omit<PlacedFlag, 'row'> & { extent: Span } {
  const atMs = onAxis(axis, event.atMs);
  const key = keyOf(event);
  const label = key ? '' : labelOf(event);
  const symbol = pixelsInMs(axis, SYMBOL_PX);
  const reach = pixelsInMs(axis, widthOf(label));
  const flipped = atMs + reach > axis.lengthMs && atMs - reach >= 0;
  const extent = flipped
    ? { fromMs: atMs - reach, toMs: atMs + symbol }
    : { fromMs: atMs - symbol, toMs: atMs + reach };
  return { event, atMs, key, label, flipped, extent };
}

export function placeFlags(events: readonly SheetEvent[], axis: Axis): FlagRows {
  const sorted = events
    .map((event) => extentOf(event, axis))
    .sort((a, b) => a.extent.fromMs - b.extent.fromMs);
  const rows = stackRows(
    sorted.map(({ extent }) => extent),
    MOST_ROWS,
  );
  const flags = sorted.map(({ extent: _, ...flag }, index) => {
    const row = rows[index] ?? null;
    return { ...flag, row: row ?? MOST_ROWS, label: row === null ? '' : flag.label };
  });
  return { flags, rows: flags.reduce((most, { row }) => Math.max(most, row + 1), 0) };
}
