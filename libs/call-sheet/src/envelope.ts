import { audioLengthMs, type Axis } from './axis';
import { type CallSheet } from './call-sheet';

/** The loudest and the softest sample of each column: what an eye sees of a waveform, at a hundredth of its size. */
export interface Envelope {
  /** SVG path, one unit a column wide, `HALF_HEIGHT` units up and down around `y = 0`; empty without audio */
  path: string;
  /** of the largest sample, in dB below full scale; null: not one sample that is not zero */
  peakDb: number | null;
}

export const HALF_HEIGHT = 100;
const MOST_COLUMNS = 16_000;
/** Two columns a px: still sharp when zoomed in. */
const COLUMNS_PER_PX = 2;
const FULL_SCALE = 32_768;
/** -36 dB. What is softer yet stays small: line noise shall not look like speech. */
const LEAST_PEAK = FULL_SCALE / 64;

export const columnsOf = (axis: Axis): number => Math.min(axis.width * COLUMNS_PER_PX, MOST_COLUMNS);

function peakOf(samples: Int16Array): number {
  let peak = 0;
  for (const sample of samples) {
    if (sample > peak) peak = sample;
    else if (-sample > peak) peak = -sample;
  }
  return peak;
}

function extremes(samples: Int16Array, from: number, to: number): [most: number, least: number] {
  let most = samples[from] ?? 0;
  let least = most;
  for (let index = from + 1; index < to; index += 1) {
    const sample = samples[index] ?? 0;
    if (sample > most) most = sample;
    else if (sample < least) least = sample;
  }
  return [most, least];
}

/** A run of equal heights is its two ends: silence costs nothing. */
function outline(heights: readonly number[]): string[] {
  const points: string[] = [];
  heights.forEach((height, column) => {
    if (height === heights[column - 1] && height === heights[column + 1]) return;
    points.push(`${column} ${height}`);
  });
  return points;
}

function outlineBack(heights: readonly number[]): string[] {
  return outline(heights).reverse();
}

/** Drawn so that the channel's own peak fills the lane: a soft caller is as readable as a loud one. */
export function envelopeOf(samples: Int16Array, audio: CallSheet['audio'], axis: Axis): Envelope {
  const peak = peakOf(samples);
  if (audioLengthMs(audio) === 0 || peak === 0) return { path: '', peakDb: null };
  const samplesPerColumn = ((axis.lengthMs / 1000) * audio.sampleRate) / columnsOf(axis);
  const scale = HALF_HEIGHT / Math.max(peak, LEAST_PEAK);
  const columns = Math.ceil(samples.length / samplesPerColumn);
  const tops: number[] = [];
  const bottoms: number[] = [];
  for (let column = 0; column < columns; column += 1) {
    const from = Math.min(Math.floor(column * samplesPerColumn), samples.length - 1);
    const to = Math.min(Math.max(from + 1, Math.floor((column + 1) * samplesPerColumn)), samples.length);
    const [most, least] = extremes(samples, from, to);
    tops.push(-Math.round(most * scale));
    bottoms.push(-Math.round(least * scale));
  }
  const path = `M${[...outline(tops), ...outlineBack(bottoms)].join('L')}Z`;
  return { path, peakDb: 20 * Math.log10(Math.min(peak, FULL_SCALE) / FULL_SCALE) };
}
