import { type Axis } from './axis';

/** From here on, a time reads as minutes and seconds. One form for the whole page: see `timeText`. */
const MINUTES_FROM_MS = 60_000;
const SECONDS_FROM_MS = 100;

function minutesAndSeconds(ms: number, decimals: number): string {
  const rounded = Number((ms / 1000).toFixed(decimals));
  const rest = (rounded % 60).toFixed(decimals);
  return `${Math.floor(rounded / 60)}:${rest.padStart(decimals ? decimals + 3 : 2, '0')}`;
}

/** A point of the axis to the ms, such as `3.250 s`, or `1:03.250` in a call of a minute and more. */
export function timeText(axis: Axis, ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  const sign = ms < 0 ? '\u2212' : '';
  const size = Math.abs(ms);
  return (
    sign + (axis.lengthMs < MINUTES_FROM_MS ? `${(size / 1000).toFixed(3)} s` : minutesAndSeconds(size, 3))
  );
}

/** Beside a line of the axis: `2 s`, `2.5 s`, `1:20`. */
export function tickText(axis: Axis, ms: number): string {
  return axis.lengthMs < MINUTES_FROM_MS ? `${Number((ms / 1000).toFixed(1))} s` : minutesAndSeconds(ms, 0);
}

/** How long something took: `19 ms`, from a tenth of a second on `1.2 s`, from a minute on `1:03 min`. */
export function lengthText(ms: number): string {
  if (!Number.isFinite(ms)) return 'an unknown time';
  if (ms > 0 && ms < SECONDS_FROM_MS) return `${Math.round(ms)} ms`;
  return ms < MINUTES_FROM_MS
    ? `${(Math.max(0, ms) / 1000).toFixed(1)} s`
    : `${minutesAndSeconds(ms, 0)} min`;
}

/** `2025-03-09 14:05:22.250 UTC` from unix ms. */
export function dateText(unixMs: number): string {
  const date = new Date(unixMs);
  if (Number.isNaN(date.getTime())) return 'at an unknown time';
  return date.toISOString().replace('T', ' ').replace('Z', ' UTC');
}
