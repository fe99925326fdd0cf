/** Zero crossings of the sinc on either side: speech at 8 to 24 kHz needs no more. */
const CROSSINGS = 16;

/** Kernel of one phase: weights for the samples from `first` on, counted from the nearest sample at or before. */
interface Phase {
  first: number;
  weights: Float64Array;
}

/**
 * Mono samples at another rate: windowed sinc, cut off at the lower of the two Nyquist frequencies.
 * For a whole utterance at once: beyond its ends the first and the last sample are repeated, so pieces that were
 * resampled one by one do not join without a seam.
 * @param from Hz
 * @param to Hz
 */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples.slice();
  const divisor = greatestCommonDivisor(from, to);
  const [step, count] = [from / divisor, to / divisor];
  const phases = Array.from({ length: count }, (_, index) => phase(index / count, Math.min(1, to / from)));
  const result = new Int16Array(Math.round((samples.length * to) / from));
  for (let i = 0; i < result.length; i++) {
    const position = i * step;
    const kernel = phases[position % count];
    if (kernel) result[i] = convolve(samples, Math.floor(position / count) + kernel.first, kernel.weights);
  }
  return result;
}

function convolve(samples: Int16Array, start: number, weights: Float64Array): number {
  const last = samples.length - 1;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const at = Math.min(Math.max(start + i, 0), last);
    sum += (samples[at] ?? 0) * (weights[i] ?? 0);
  }
  // Int16Array would wrap around where the filter overshoots
  return Math.min(Math.max(Math.round(sum), -32768), 32767);
}

/** @param offset of the wanted position from the sample before it; @param cutoff as a part of the Nyquist frequency */
function phase(offset: number, cutoff: number): Phase {
  const reach = CROSSINGS / cutoff;
  const first = Math.ceil(offset - reach);
  const weights = new Float64Array(Math.floor(offset + reach) - first + 1);
  for (let i = 0; i < weights.length; i++) {
    const distance = first + i - offset;
    weights[i] = sinc(distance * cutoff) * hann(distance / reach);
  }
  // the weights of a phase add up to one, so that a constant stays constant
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const hann = (x: number): number => (Math.abs(x) >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * x));

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
