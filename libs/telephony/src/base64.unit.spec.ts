import * as fc from 'fast-check';
import { decodeBase64, encodeBase64 } from './base64';

/** The same in a slower way: each character looked at before. */
function decodeSlowly(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return new Uint8Array(Buffer.from(text, 'base64'));
}

const bytesOf = (text: string): number[] | null => {
  const bytes = decodeBase64(text);
  return bytes && [...bytes];
};
const expected = (text: string): number[] | null => {
  const bytes = decodeSlowly(text);
  return bytes && [...bytes];
};

const FOREIGN = [...'-_ \n\r\t\0\u007f\u0080\u00c1\u00ff\u0141\u013d\u2028\ud83d'];
const CHARACTERS = [...'AZaz09+/=', ...FOREIGN];
const text = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 16 }).map((all) => all.join(''));
const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));

describe('base64', () => {
  it('survives being written and read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000, size: 'max' }), (bytes) => {
        const read = decodeBase64(encodeBase64(bytes))!;
        expect(Buffer.compare(read, bytes)).toBe(0);
        expect(Buffer.isBuffer(read)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('is what it always was, of any text', () => {
    fc.assert(
      fc.property(text, (any) => expect(bytesOf(any)).toEqual(expected(any))),
      { numRuns: 2000 },
    );
  });

  it('is what it always was, of base64 with one character, or two, in it that may not belong there', () => {
    const foreign = fc.tuple(fc.nat(), fc.nat(1), fc.constantFrom(...CHARACTERS, ''));
    fc.assert(
      fc.property(base64, fc.array(foreign, { minLength: 1, maxLength: 2 }), (right, changes) => {
        const changed = changes.reduce((before, [place, length, by]) => {
          const index = place % (before.length + 1);
          return before.slice(0, index) + by + before.slice(index + length);
        }, right);
        expect(bytesOf(changed)).toEqual(expected(changed));
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused with any one of its characters replaced by one that is foreign, at any length', () => {
    for (const bytes of [1, 2, 3, 159, 160, 161, 3200]) {
      const right = Buffer.alloc(bytes, 0x5a).toString('base64');
      for (const by of FOREIGN) {
        for (const index of [0, 1, 2, 3, right.length >> 1, right.length - 2, right.length - 1]) {
          expect(decodeBase64(right.slice(0, index) + by + right.slice(index + 1))).toBeNull();
        }
      }
    }
  });

  it('may end in bits that are not used', () => {
    expect(bytesOf('AB==')).toEqual([0]);
    expect(bytesOf('AAB=')).toEqual([0, 0]);
    expect(bytesOf('')).toEqual([]);
  });
});
