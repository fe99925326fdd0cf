import { markup, type Markup, verbatim } from './markup';
import { type SheetEvent } from './call-sheet';

type Kind = SheetEvent['kind'];

interface EventKind {
  name: string;
  /** for the legend's tooltip */
  meaning: string;
  /** whose colour it has: what the caller does has the caller's, what goes wrong has one of its own */
  tone: 'caller' | 'assistant' | 'trouble' | 'plain';
  /** worth a line through all the lanes: it says why the conversation turned here */
  turning: boolean;
  /** 16 px around 0, 0. Told apart by shape alone, since colour is lost on paper and on some eyes. */
  shape: Markup;
}

const FLAG = 'M0-7.5L8-4L0-.5Z';
const KEY = '<rect class="line" x="-7" y="-7" width="14" height="14" rx="3"/>';

/** Id of a digit's symbol without the dots, for the digit itself. */
export const EMPTY_KEY = 'symbol-key';

/** In the order of the legend. */
export const EVENT_KINDS: Readonly<Record<Kind, EventKind>> = {
  'barge-in': {
    name: 'barge-in',
    meaning: 'the caller spoke or pressed a key over a prompt',
    tone: 'caller',
    turning: true,
    shape: verbatim('<path class="solid" d="M3-8L-6 1.5H-1L-3 8L6-1.5H1Z"/>'),
  },
  digit: {
    name: 'digit',
    meaning: 'the caller pressed a key',
    tone: 'caller',
    turning: false,
    shape: verbatim(
      `${KEY}<path class="dots" d="M-3-3h0M0-3h0M3-3h0M-3 0h0M0 0h0M3 0h0M-3 3h0M0 3h0M3 3h0"/>`,
    ),
  },
  'no-input': {
    name: 'no input',
    meaning: 'neither a word nor a digit within the no-input time',
    tone: 'plain',
    turning: true,
    shape: verbatim('<path class="solid" d="M-5.5-7.5H5.5L1 0L5.5 7.5H-5.5L-1 0Z"/>'),
  },
  mark: {
    name: 'mark',
    meaning: 'the provider says that the audio before it has been played',
    tone: 'assistant',
    turning: false,
    shape: verbatim(`<path class="line" d="M0 8V-7"/><path class="solid" d="${FLAG}"/>`),
  },
  'mark-lost': {
    name: 'lost mark',
    meaning: 'by our reckoning it was played, but the provider has not said so',
    tone: 'trouble',
    turning: false,
    shape: verbatim(
      `<path class="line" d="M0 8V-7.5"/><path class="line" d="${FLAG}"/><path class="line" d="M-7.5 1L-2.5 6M-7.5 6L-2.5 1"/>`,
    ),
  },
  clear: {
    name: 'clear',
    meaning: 'the audio that had not been played yet was dropped',
    tone: 'assistant',
    turning: false,
    shape: verbatim('<circle class="line" r="6.5"/><path class="line" d="M-4.5 4.5L4.5-4.5"/>'),
  },
  note: {
    name: 'note',
    meaning: 'worth knowing',
    tone: 'plain',
    turning: false,
    shape: verbatim('<path class="line" d="M-5.5-7H5.5V7H-5.5ZM-2.5-3H2.5M-2.5 0H2.5M-2.5 3H1"/>'),
  },
  fault: {
    name: 'fault',
    meaning: 'something failed',
    tone: 'trouble',
    turning: true,
    shape: verbatim('<path class="solid" d="M0-8L8.5 7H-8.5Z"/><path class="cut" d="M0-3V2M0 4.6V4.8"/>'),
  },
};

const NAMES = Object.keys(EVENT_KINDS) as Kind[];

export const symbolId = (kind: Kind): string => `symbol-${kind}`;

/** How often each kind occurs, without those that do not. */
export function countKinds(events: readonly SheetEvent[]): { kind: Kind; count: number }[] {
  return NAMES.map((kind) => ({ kind, count: events.filter((event) => event.kind === kind).length })).filter(
    ({ count }) => count > 0,
  );
}

/** What `use` on the page refers to; only what is used. */
export function drawSymbols(events: readonly SheetEvent[]): Markup {
  const groups = countKinds(events).map(({ kind }) => {
    const { shape, tone } = EVENT_KINDS[kind];
    return markup`<g id="${symbolId(kind)}" class="symbol ${tone}">${shape}</g>`;
  });
  const key = events.some(({ kind }) => kind === 'digit')
    ? markup`<g id="${EMPTY_KEY}" class="symbol caller">${verbatim(KEY)}</g>`
    : null;
  return markup`${groups}${key}`;
}

/** A symbol in running text; its name stands beside it. */
export const symbolInText = (kind: Kind): Markup =>
  markup`<svg class="glyph" viewBox="-9 -9 18 18" aria-hidden="true"><use href="#${symbolId(kind)}"/></svg>`;
