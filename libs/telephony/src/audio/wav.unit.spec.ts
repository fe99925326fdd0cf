import * as fc from 'fast-check';
import { mulawFromPcm } from './g711';
import { readWav, writeWav } from './wav';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A chunk with its length and, after an odd one, its padding. */
function chunk(name: string, data: Uint8Array, length = data.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, data, Buffer.alloc(data.length % 2)]);
}

function fmt({ code = 1, channels = 1, rate = 8000, bits = 16, more = Buffer.alloc(0) }): Buffer {
  const data = Buffer.alloc(16);
  data.writeUInt16LE(code, 0);
  data.writeUInt16LE(channels, 2);
  data.writeUInt32LE(rate, 4);
  data.writeUInt16LE(bits, 14);
  return chunk('fmt ', Buffer.concat([data, more]));
}

const riff = (...chunks: Buffer[]): Uint8Array => Buffer.concat([ascii('RIFF\0\0\0\0WAVE'), ...chunks]);

const samples = Int16Array.of(0, 8, -8);
const bytes = Uint8Array.of(0, 0, 8, 0, 0xf8, 0xff);

describe('a WAV file', () => {
  it('survives being written and read', () => {
    fc.assert(
      fc.property(fc.int16Array(), fc.constantFrom(8000, 16000, 24000), (some, sampleRate) => {
        expect(readWav(writeWav({ sampleRate, channels: 1, samples: some }))).toEqual({
          sampleRate,
          channels: 1,
          samples: some,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is written with the canonical header of 44 bytes', () => {
    const file = Buffer.from(writeWav({ sampleRate: 8000, channels: 1, samples }));
    expect(file).toHaveLength(50);
    expect(file.subarray(0, 44).toString('hex')).toBe(
      '524946462a00000057415645666d74201000000001000100401f0000803e0000020010006461746106000000',
    );
  });

  it.each<[string, Uint8Array]>([
    ['of mu-law', riff(fmt({ code: 7, bits: 8 }), chunk('data', mulawFromPcm(samples)))],
    ['with chunks that are of no interest', riff(chunk('LIST', ascii('odd')), fmt({}), chunk('data', bytes))],
    [
      'in the extensible format',
      riff(
        fmt({ code: 0xfffe, more: Buffer.concat([Buffer.alloc(8), Buffer.of(1), Buffer.alloc(15)]) }),
        chunk('data', bytes),
      ),
    ],
    ['that was written to a pipe', riff(fmt({}), chunk('data', bytes, 0xffffffff))],
    ['with something after the data', riff(fmt({}), chunk('data', bytes), chunk('LIST', ascii('x')))],
    [
      'that begins at an odd byte',
      Buffer.concat([ascii('x'), riff(fmt({}), chunk('data', bytes))]).subarray(1),
    ],
  ])('is read %s', (_, file) => {
    expect(readWav(file)).toEqual({ sampleRate: 8000, channels: 1, samples });
  });

  it('keeps channels interleaved', () => {
    const file = riff(fmt({ channels: 2, rate: 16000 }), chunk('data', bytes.subarray(0, 4)));
    expect(readWav(file)).toEqual({ sampleRate: 16000, channels: 2, samples: Int16Array.of(0, 8) });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /no RIFF/],
    ['something else', ascii('OggS and so on, and on'), /no RIFF/],
    ['a file without a format', riff(chunk('data', bytes)), /no fmt chunk/],
    ['a file with half a format', riff(chunk('fmt ', bytes), chunk('data', bytes)), /no fmt chunk/],
    ['a file without data', riff(fmt({})), /no data chunk/],
    ['a file that ends inside a header', riff(fmt({}), ascii('data')), /no data chunk/],
    ['24-bit PCM', riff(fmt({ bits: 24 }), chunk('data', bytes)), /format 1 with 24 bits/],
    ['floats', riff(fmt({ code: 3, bits: 32 }), chunk('data', bytes)), /format 3 with 32 bits/],
    ['no channels', riff(fmt({ channels: 0 }), chunk('data', bytes)), /without channels/],
    ['no rate', riff(fmt({ rate: 0 }), chunk('data', bytes)), /without channels or sample rate/],
  ])('is refused if it is %s', (_, file, message) => {
    expect(() => readWav(file)).toThrow(message);
  });
});
