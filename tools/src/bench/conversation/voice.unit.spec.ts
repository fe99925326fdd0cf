import { voiceOf, wavOf } from './voice';

describe('the voice', () => {
  const samples = voiceOf(600);

  it('ends with a loud sample, where it is about the loudest', () => {
    expect(Math.abs(samples.at(-1)!)).toBeGreaterThanOrEqual(2000);
    expect(samples.length).toBeGreaterThan(4800 - 80);
    const loudest = (part: Int16Array): number => Math.max(...part.map(Math.abs));
    expect(loudest(samples.subarray(-160))).toBeGreaterThan(0.9 * loudest(samples));
  });

  it('is neither too soft nor too loud', () => {
    const loudest = Math.max(...samples.map(Math.abs));
    expect(loudest).toBeGreaterThan(5000);
    expect(loudest).toBeLessThanOrEqual(12_000);
  });
});

it('a WAV file says what is in it', () => {
  const file = wavOf(Int16Array.of(1, -2, 3));
  expect(file.subarray(0, 4).toString()).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.readUInt32LE(24)).toBe(8000);
  expect(file.readUInt32LE(40)).toBe(6);
  expect(file.readInt16LE(46)).toBe(-2);
});
