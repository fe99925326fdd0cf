import { planAxis } from './axis';
import { columnsOf, envelopeOf } from './envelope';
import { exampleAudio, exampleSheet } from './example-sheet';

function envelopeWith(caller: Int16Array, sampleRate = 8000, durationMs = 20_000) {
  const sheet = exampleSheet({ durationMs, audio: { sampleRate, caller, assistant: new Int16Array(0) } });
  const axis = planAxis(sheet);
  return { ...envelopeOf(caller, sheet.audio, axis), axis, columns: columnsOf(axis) };
}

const pointsOf = (path: string) =>
  path
    .replace(/^M|Z$/g, '')
    .split('L')
    .map((point) => point.split(' ').map(Number) as [number, number]);

describe('the envelope', () => {
  it('has a top and a bottom for each column, however many samples there are', () => {
    const { path, columns } = envelopeWith(exampleAudio(160_000));
    expect(columns).toBe(1200);
    const points = pointsOf(path);
    expect(points.length).toBeLessThanOrEqual(2 * columns);
    expect(Math.max(...points.map(([x]) => x))).toBe(columns - 1);
    expect(new Set(points.map(([, y]) => Math.sign(y)))).toEqual(new Set([1, -1]));
  });

  it('finds a single loud sample at its place', () => {
    const samples = new Int16Array(160_000);
    samples[80_000] = 20_000;
    const { path, columns, peakDb } = envelopeWith(samples);
    expect(pointsOf(path).filter(([, y]) => y === -100)).toEqual([[columns / 2, -100]]);
    expect(peakDb).toBeCloseTo(-4.29, 2);
  });

  it('fills the lane with the loudest sample, but does not blow line noise up to speech', () => {
    const heights = (loudness: number) =>
      Math.max(...pointsOf(envelopeWith(exampleAudio(160_000, loudness)).path).map(([, y]) => Math.abs(y)));
    expect(heights(30_000)).toBe(100);
    expect(heights(1000)).toBe(100);
    expect(heights(20)).toBe(4);
  });

  it('costs next to nothing where nobody speaks', () => {
    const samples = new Int16Array(160_000);
    samples.set(exampleAudio(800), 0);
    expect(envelopeWith(samples).path.length).toBeLessThan(200);
  });

  it('ends where the audio ends', () => {
    const { path, columns } = envelopeWith(exampleAudio(80_000));
    expect(Math.max(...pointsOf(path).map(([x]) => x))).toBe(columns / 2 - 1);
  });

  it('holds fewer samples than columns', () => {
    const { path } = envelopeWith(Int16Array.of(100, -32_768, 32_767), 8, 1000);
    expect(path).not.toContain('NaN');
    expect(Math.max(...pointsOf(path).map(([, y]) => y))).toBe(100);
  });

  it.each([
    ['no audio', new Int16Array(0), 8000],
    ['silence', new Int16Array(800), 8000],
    ['no sample rate', exampleAudio(800), 0],
  ])('is empty for %s', (_, samples, rate) => {
    expect(envelopeWith(samples, rate)).toMatchObject({ path: '', peakDb: null });
  });
});
