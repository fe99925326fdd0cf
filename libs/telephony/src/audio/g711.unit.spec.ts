import * as fc from 'fast-check';
import { alawFromPcm, alawToPcm, mulawFromPcm, mulawToPcm } from './g711';

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('mu-law', () => {
  it.each([
    [0x00, -32124],
    [0x80, 32124],
    [0x7f, 0],
    [0xff, 0],
    [0xfe, 8],
    [0x7e, -8],
    [0x8f, 16764],
  ])('0x%x is the sample %d', (byte, sample) => {
    expect(mulawToPcm(Uint8Array.of(byte))).toEqual(Int16Array.of(sample));
  });

  it('survives going there and back, but for the negative zero', () => {
    const expected = every.map((byte) => (byte === 0x7f ? 0xff : byte));
    expect(mulawFromPcm(mulawToPcm(every))).toEqual(expected);
  });

  it.each([
    [32767, 0x80],
    [-32768, 0x00],
    [0, 0xff],
    [-1, 0x7f],
  ])('of the sample %d is 0x%x', (sample, byte) => {
    expect(mulawFromPcm(Int16Array.of(sample))).toEqual(Uint8Array.of(byte));
  });
});

describe('mu-law of every sample', () => {
  /** As the standard's table has it: the segments' upper ends, searched one by one. */
  function byTable(sample: number): number {
    const ends = [0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff, 0x1fff, 0x3fff, 0x7fff];
    const magnitude = Math.min(sample < 0 ? -sample : sample, 32635) + 132;
    const segment = ends.findIndex((end) => magnitude <= end);
    const sign = sample < 0 ? 0x80 : 0;
    return 255 - (sign + segment * 16 + (Math.floor(magnitude / 2 ** (segment + 3)) % 16));
  }

  it('is that of the segments', () => {
    const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
    expect(mulawFromPcm(samples)).toEqual(Uint8Array.from(samples, byTable));
  });
});

describe('a-law', () => {
  it.each([
    [0x2a, -32256],
    [0xaa, 32256],
    [0xd5, 8],
    [0x55, -8],
    [0xd4, 24],
    [0xc5, 264],
  ])('0x%x is the sample %d', (byte, sample) => {
    expect(alawToPcm(Uint8Array.of(byte))).toEqual(Int16Array.of(sample));
  });

  it('survives going there and back', () => {
    expect(alawFromPcm(alawToPcm(every))).toEqual(every);
  });

  it.each([
    [32767, 0xaa],
    [-32768, 0x2a],
    [0, 0xd5],
    [-1, 0x55],
  ])('of the sample %d is 0x%x', (sample, byte) => {
    expect(alawFromPcm(Int16Array.of(sample))).toEqual(Uint8Array.of(byte));
  });
});

describe.each([
  ['mu-law', mulawFromPcm, mulawToPcm],
  ['a-law', alawFromPcm, alawToPcm],
])('%s', (_, encode, decode) => {
  it('is off by no more than half a step', () => {
    fc.assert(
      fc.property(fc.integer({ min: -32768, max: 32767 }), (sample) => {
        const heard = decode(encode(Int16Array.of(sample)))[0]!;
        // a step is a sixteenth of its segment; the loudest samples are clipped
        expect(Math.abs(heard - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 32 + 8));
      }),
      { numRuns: 300 },
    );
  });

  it('grows with the sample', () => {
    const ramp = decode(encode(Int16Array.from({ length: 4096 }, (_unused, i) => -32768 + 16 * i)));
    expect(ramp.every((sample, i) => i === 0 || sample >= ramp[i - 1]!)).toBe(true);
  });
});
