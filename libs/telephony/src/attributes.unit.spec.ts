import { AttributesSchema } from '@greenroom/contracts';
import * as fc from 'fast-check';
import { toAttributes } from './attributes';
import { plainDetails, plainText } from './plain-text';

describe('plain text', () => {
  it.each([
    ['trimmed', '  a b  ', 'a b'],
    ['cut', 'abcdefghijkl', 'abcdefghij'],
    ['without control characters', 'a\u0000b\r\nc', 'a b  c'],
    ['without half a surrogate pair', 'a\ud800b', 'ab'],
    ['without the half pair that the cut leaves', 'abcdefghi😀', 'abcdefghi'],
    ['with whole pairs', '😀', '😀'],
  ])('is %s', (_, value, expected) => {
    expect(plainText(value, 10)).toBe(expected);
  });

  it('leaves blank details out', () => {
    expect(plainDetails({ a: '1', b: null, c: ' ', d: '\u0000' })).toEqual({ a: '1' });
  });
});

describe('attributes', () => {
  it('drop what has no name or value, and over-long names', () => {
    const kept = toAttributes([
      ['a', '1'],
      ['', '2'],
      ['b', ''],
      ['c', null],
      ['x'.repeat(65), '3'],
      ['__proto__', '4'],
      ['constructor', '5'],
    ]);
    expect(Object.entries(kept)).toEqual([
      ['a', '1'],
      ['constructor', '5'],
    ]);
  });

  it('cut long values', () => {
    expect(toAttributes([['a', 'x'.repeat(2000)]]).a).toHaveLength(1024);
  });

  it('are at most 32', () => {
    expect(Object.keys(toAttributes(Array.from({ length: 40 }, (_, i) => [`a${i}`, 'x'])))).toHaveLength(32);
  });

  it('always fit the contract', () => {
    // any UTF-16, halves of surrogate pairs among it
    const name = fc.uint16Array({ maxLength: 70 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 3 }), (entries) => {
        expect(AttributesSchema.safeParse(toAttributes(entries)).success).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

it('plain text is the same for ASCII, which is looked at once, as for all else', () => {
  const slow = (value: string, max: number): string =>
    value
      .trim()
      .slice(0, max)
      .replace(/[\uD800-\uDFFF]/gu, '')
      .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
      .trim();
  const unit = fc.constantFrom(
    'a',
    ' ',
    '~',
    '\x00',
    '\n',
    '\x7f',
    '\x80',
    'ß',
    '\uD83D',
    '\uDE00',
    '\uFFFE',
    '😀',
  );
  const value = fc.oneof(fc.string(), fc.string({ unit, maxLength: 12 }));
  fc.assert(
    fc.property(value, fc.nat(12), (text, max) => plainText(text, max) === slow(text, max)),
    { numRuns: 500 },
  );
});
