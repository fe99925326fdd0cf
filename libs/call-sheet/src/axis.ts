import { type CallSheet } from './call-sheet';

/** A part of the time axis; ms from its zero. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface Axis {
  /** at least a second, at most a day */
  lengthMs: number;
  /** px of the whole axis before anybody zooms in */
  width: number;
  /** ms between two labelled lines */
  tickMs: number;
  /** lines of equal length on a printed page */
  lines: number;
}

const SHORTEST_MS = 1000;
const LONGEST_MS = 86_400_000;
const NARROWEST_PX = 600;
/** of print: A4 and Letter leave a little less beside the names of the lanes, which the labels' widths allow for */
const LINE_PX = 660;
/** Beyond, browsers slow down; two hours, drawn at four px a second, stay below. */
const WIDEST_PX = 32_000;
const CLOSEST_TICKS_PX = 56;
const TICKS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000];

const positive = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);

/** ms of the longer channel; 0 where there is no audio, or no sample rate to tell. */
export function audioLengthMs({ sampleRate, caller, assistant }: CallSheet['audio']): number {
  const rate = positive(sampleRate);
  return rate ? (Math.max(caller.length, assistant.length) / rate) * 1000 : 0;
}

/** Where neither the call's length nor its audio tells, the last thing that happened does. */
function lastMs(sheet: CallSheet): number {
  const turns = sheet.turns.map(({ endedAt }) => endedAt - sheet.startedAt);
  const events = sheet.events.map(({ atMs }) => atMs);
  return [...turns, ...events, sheet.wait?.toMs ?? 0].reduce((last, ms) => Math.max(last, positive(ms)), 0);
}

/** Speech of an ordinary pace then fits its own stretch of the axis in four lines. */
const pixelsPerSecond = (lengthMs: number): number => (lengthMs <= 180_000 ? 30 : 24);

export function planAxis(sheet: CallSheet): Axis {
  const known = Math.max(positive(sheet.durationMs), audioLengthMs(sheet.audio));
  const lengthMs = Math.min(Math.max(known || lastMs(sheet), SHORTEST_MS), LONGEST_MS);
  const wanted = Math.round((lengthMs / 1000) * pixelsPerSecond(lengthMs));
  const width = Math.min(Math.max(wanted, NARROWEST_PX), WIDEST_PX);
  const closest = (CLOSEST_TICKS_PX / width) * lengthMs;
  const tickMs = TICKS_MS.find((ms) => ms >= closest) ?? LONGEST_MS;
  return { lengthMs, width, tickMs, lines: Math.ceil(width / LINE_PX) };
}

/** The axis' nearest ms to one that may be outside of it, or no number at all. */
export function onAxis(axis: Axis, ms: number): number {
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), axis.lengthMs);
}

/** Likewise of a stretch; one that ends before it begins has no length. */
export function spanOnAxis(axis: Axis, fromMs: number, toMs: number): Span {
  const from = onAxis(axis, fromMs);
  return { fromMs: from, toMs: Math.max(from, onAxis(axis, toMs)) };
}

export const wholeOf = (axis: Axis): Span => ({ fromMs: 0, toMs: axis.lengthMs });

/** px at the first zoom to ms */
export const pixelsInMs = (axis: Axis, pixels: number): number => (pixels / axis.width) * axis.lengthMs;

const percent = (share: number): string => `${Number((share * 100).toFixed(4))}%`;

/** How far along the span: below 0 % and above 100 % lies outside. */
export const positionIn = (span: Span, ms: number): string =>
  percent((ms - span.fromMs) / (span.toMs - span.fromMs));

export const shareOf = (span: Span, ms: number): string => percent(ms / (span.toMs - span.fromMs));

export const touches = (a: Span, b: Span): boolean => a.toMs >= b.fromMs && a.fromMs <= b.toMs;
