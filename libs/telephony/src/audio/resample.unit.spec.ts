import { resample } from './resample';

const tone = (hertz: number, rate: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hertz * i) / rate)),
  );

/** Largest difference, without the ends, where the signal is cut off. */
function difference(a: Int16Array, b: Int16Array): number {
  const margin = 100;
  let largest = 0;
  for (let i = margin; i < a.length - margin; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

const rates = [8000, 16000, 24000];
const pairs = rates.flatMap((from) => rates.filter((to) => to !== from).map((to) => [from, to] as const));

describe('resampling', () => {
  it.each(pairs)('from %d to %d Hz keeps a tone of speech', (from, to) => {
    const result = resample(tone(1000, from, from / 20), from, to);
    expect(result).toHaveLength(to / 20);
    expect(difference(result, tone(1000, to, to / 20))).toBeLessThan(100);
  });

  it.each(pairs)('from %d to %d Hz keeps a constant, up to the ends', (from, to) => {
    expect(resample(new Int16Array(240).fill(-12345), from, to).every((sample) => sample === -12345)).toBe(
      true,
    );
  });

  it.each([
    [16000, 8000],
    [24000, 8000],
    [24000, 16000],
  ])('from %d to %d Hz lets nothing through that the lower rate cannot hold', (from, to) => {
    const result = resample(tone(to / 2 + 2500, from, from / 20), from, to);
    expect(difference(result, new Int16Array(to / 20))).toBeLessThan(100);
  });

  it('does not wrap around where the filter overshoots', () => {
    const square = Int16Array.from({ length: 800 }, (_, i) => (Math.floor(i / 40) % 2 ? 32767 : -32768));
    const result = resample(square, 8000, 16000);
    expect(Math.max(...result.subarray(20, 60))).toBeLessThan(-28_000);
  });

  it('gives a copy at the same rate, and nothing for nothing', () => {
    const samples = Int16Array.of(1, 2, 3);
    const same = resample(samples, 8000, 8000);
    expect(same).toEqual(samples);
    expect(same).not.toBe(samples);
    expect(resample(new Int16Array(0), 8000, 16000)).toEqual(new Int16Array(0));
    expect(resample(Int16Array.of(7), 8000, 16000)).toEqual(Int16Array.of(7, 7));
  });

  it('takes other rates too', () => {
    expect(resample(tone(440, 44100, 441), 44100, 8000)).toHaveLength(80);
  });
});
