import * as fc from 'fast-check';
import { decodeAudio, encodeAudio } from './format';
import { AudioScratch } from './scratch';

const sizes = fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.nat(200), fc.nat(5000))), { maxLength: 200 });

describe('room for audio that nobody keeps', () => {
  it('is as long as is asked for, and no bytes lie where samples do', () => {
    fc.assert(
      fc.property(sizes, (all) => {
        const scratch = new AudioScratch();
        for (const [wide, length] of all) {
          const [bytes, samples] = wide
            ? [scratch.bytes(3).fill(7), scratch.samples(length).fill(-1)]
            : [scratch.bytes(length).fill(7), scratch.samples(3).fill(-1)];
          expect([bytes.length, samples.length]).toEqual(wide ? [3, length] : [length, 3]);
          expect(bytes.every((byte) => byte === 7)).toBe(true);
          expect(samples.every((sample) => sample === -1)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is the same again for the next message of its length', () => {
    const scratch = new AudioScratch();
    const [bytes, samples] = [scratch.bytes(160), scratch.samples(160)];
    expect(scratch.bytes(160)).toBe(bytes);
    expect(scratch.samples(160)).toBe(samples);
    expect(scratch.samples(80).buffer).toBe(samples.buffer);
    expect(scratch.bytes(80).buffer).toBe(bytes.buffer);
  });

  it.each(['mulaw', 'pcm_s16le'] as const)('holds what a pool would hold: %s', (encoding) => {
    const format = { encoding, sampleRate: 8000 };
    const scratch = new AudioScratch();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (payload) => {
        const samples = decodeAudio(format, payload);
        expect(decodeAudio(format, payload, scratch)).toEqual(samples);
        expect(encodeAudio(format, samples, scratch)).toEqual(encodeAudio(format, samples));
      }),
      { numRuns: 100 },
    );
  });
});
