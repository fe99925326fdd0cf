import * as fc from 'fast-check';
import type { AudioFormat } from '../port';
import { decodeAudio, encodeAudio, silence } from './format';
import { s16leFromPcm, s16leToPcm, swapBytes } from './pcm';
import { AudioPool } from './pool';

const pcm: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 8000 };
const mulaw: AudioFormat = { encoding: 'mulaw', sampleRate: 8000 };

describe('16-bit PCM', () => {
  it('is little endian', () => {
    expect(s16leToPcm(Uint8Array.of(0x01, 0x00, 0xff, 0xff, 0x00, 0x80))).toEqual(
      Int16Array.of(1, -1, -32768),
    );
    expect(s16leFromPcm(Int16Array.of(1, -1, -32768))).toEqual(
      Uint8Array.of(0x01, 0x00, 0xff, 0xff, 0x00, 0x80),
    );
  });

  it('may begin at an odd byte and end with half a sample', () => {
    const bytes = Uint8Array.of(9, 1, 0, 2, 0, 7);
    expect(s16leToPcm(bytes.subarray(1))).toEqual(Int16Array.of(1, 2));
    expect(s16leToPcm(bytes.subarray(1, 2))).toEqual(new Int16Array(0));
  });

  it('survives going there and back, wherever its buffer begins', () => {
    fc.assert(
      fc.property(fc.int16Array(), fc.nat(3), (samples, offset) => {
        const bytes = new Uint8Array(offset + 2 * samples.length);
        bytes.set(s16leFromPcm(samples), offset);
        expect(s16leToPcm(bytes.subarray(offset))).toEqual(samples);
      }),
      { numRuns: 100 },
    );
  });
});

describe('bytes of samples', () => {
  it('are swapped two by two, where a machine has them in the other order', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    swapBytes(bytes);
    expect(bytes).toEqual(Uint8Array.of(2, 1, 4, 3));
  });
});

describe('a payload', () => {
  it.each([pcm, mulaw])('and its samples do not share memory: %j', (format) => {
    const payload = Uint8Array.of(1, 2, 3, 4);
    const samples = decodeAudio(format, payload);
    const before = samples.slice();
    const encoded = encodeAudio(format, samples);
    payload.fill(0);
    expect(samples).toEqual(before);
    samples.fill(0);
    expect(encoded).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it.each([pcm, mulaw])('takes its room from the pool that is given: %j', (format) => {
    const pool = new AudioPool();
    const samples = decodeAudio(format, new Uint8Array(320), pool);
    expect(encodeAudio(format, samples, pool).buffer).toBe(samples.buffer);
    expect(encodeAudio(format, samples).buffer).not.toBe(samples.buffer);
  });

  it('is read and written in the format of its stream', () => {
    const samples = Int16Array.of(0, 8, -8);
    expect(encodeAudio(pcm, samples)).toEqual(Uint8Array.of(0, 0, 8, 0, 0xf8, 0xff));
    expect(encodeAudio(mulaw, samples)).toEqual(Uint8Array.of(0xff, 0xfe, 0x7e));
    for (const format of [pcm, mulaw])
      expect(decodeAudio(format, encodeAudio(format, samples))).toEqual(samples);
  });

  it('of silence is silent', () => {
    for (const format of [pcm, mulaw]) {
      expect(silence(format, 320)).toHaveLength(320);
      expect(decodeAudio(format, silence(format, 320)).every((sample) => sample === 0)).toBe(true);
    }
  });
});
