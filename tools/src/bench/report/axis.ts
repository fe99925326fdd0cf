/** One axis of a plot. */
export interface Axis {
  /** where a line and its value stand, rising; the ends are among them where they are round */
  ticks: readonly number[];
  /** 0 at the one end, 1 at the other; values beyond an end stand at it */
  placeOf: (value: number) => number;
}

export interface AxisOptions {
  /** at most so many lines, about */
  lines: number;
  /** lengths that are compared begin at 0, wherever the least of them is */
  fromZero?: boolean;
}

/** Beyond, differences are no numbers any more; nothing that is measured is so large. */
const LARGEST = 1e15;

/** Whether a value has a place on an axis. */
export const isPlaceable = (value: number): boolean => Math.abs(value) <= LARGEST;

const clamp = (place: number): number => Math.min(1, Math.max(0, place));

/** Rid of what adding up has left behind the last digit. */
const round = (value: number): number => Number(value.toPrecision(12));

/** The next 1, 2 or 5 with noughts that is not below it. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return round(factor * power);
}

/** The next 1, 2 or 5 with noughts that is not above it. */
export function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [5, 2].find((each) => each * power <= value * (1 + 1e-9)) ?? 1;
  return round(factor * power);
}

export function linearAxis(values: readonly number[], { lines, fromZero = false }: AxisOptions): Axis {
  const [from, to] = span(values.filter(isPlaceable), fromZero);
  const step = roundUp((to - from) / lines);
  const [first, last] = [Math.floor(from / step), Math.ceil(to / step)];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => round((first + index) * step));
  return { ticks, placeOf: (value) => clamp((value / step - first) / (last - first)) };
}

/** Never of no length. */
function span(values: readonly number[], fromZero: boolean): [from: number, to: number] {
  const least = Math.min(...values, ...(values.length === 0 ? [0] : []));
  const most = Math.max(...values, ...(values.length === 0 ? [0] : []));
  const near = least >= 0 && (fromZero || least <= most / 2);
  const [from, to] = [near ? 0 : least, fromZero ? Math.max(most, 0) : most];
  if (from < to) return [from, to];
  return from === 0 ? [0, 1] : [Math.min(0, from), Math.max(0, to)];
}

/** Of values above 0; those that are not stand at its beginning. */
export function logAxis(values: readonly number[], { lines }: AxisOptions): Axis {
  const shown = values.filter((value) => isPlaceable(value) && value > 0);
  if (shown.length === 0) return linearAxis(values, { lines });
  const from = roundDown(Math.min(...shown));
  const to = Math.max(roundUp(Math.max(...shown)), from * 10);
  const [low, high] = [Math.log10(from), Math.log10(to)];
  return {
    ticks: logTicks(from, to, lines),
    placeOf: (value) => (value > 0 ? clamp((Math.log10(value) - low) / (high - low)) : 0),
  };
}

/** 1, 2 and 5 of each power of ten, or the powers alone, or each second of them: as many as there is room for. */
function logTicks(from: number, to: number, lines: number): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const within = (ticks: number[]): number[] =>
    ticks.map(round).filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
  const fine = within(powers.flatMap((power) => [1, 2, 5].map((factor) => factor * power)));
  if (fine.length <= lines) return fine;
  const coarse = within(powers);
  const each = Math.ceil(coarse.length / lines);
  return coarse.filter((_, index) => index % each === 0);
}

/** A value as it stands at its line. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(0).replace('+', '');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
