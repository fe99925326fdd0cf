import { Decimator } from './decimate';

const tone = (hertz: number, rate: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hertz * i) / rate)),
  );

/** Frame by frame, from 24 to 8 kHz. */
function decimated(samples: Int16Array): Int16Array {
  const decimator = new Decimator(480);
  const result = new Int16Array(samples.length / 3);
  for (let at = 0; at < samples.length; at += 480)
    decimator.run(samples.subarray(at, at + 480), result.subarray(at / 3, at / 3 + 160));
  return result;
}

const loudest = (samples: Int16Array): number =>
  samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

describe('going down to a third of the rate', () => {
  it('keeps a tone of speech, with no seam between frames', () => {
    // it lags by half of the filter: 15 samples of 24 kHz, which are 5
    const [result, expected] = [decimated(tone(1000, 24_000, 4800)), tone(1000, 8000, 1600)];
    const differences = result.slice(20).map((sample, i) => sample - (expected[i + 15] ?? 0));
    expect(loudest(differences)).toBeLessThan(150);
  });

  it.each([5500, 7000, 9000, 11_000])('lets nothing of %d Hz through', (hertz) => {
    expect(loudest(decimated(tone(hertz, 24_000, 4800)).subarray(20))).toBeLessThan(150);
  });

  it('does not wrap around where the filter overshoots', () => {
    const square = Int16Array.from({ length: 4800 }, (_, i) => (Math.floor(i / 60) % 2 ? 32767 : -32768));
    const result = decimated(square);
    const jumps = result.filter((sample, i) => i > 0 && Math.abs(sample - (result[i - 1] ?? 0)) > 60_000);
    expect(jumps).toHaveLength(0);
  });
});
