import * as fc from 'fast-check';
import { sayable } from './sayable';

describe('a text for flite', () => {
  it.each([
    ['You owe ₹1,00,000.', 'You owe 100,000 rupees.'],
    ['Rs. 5,000 by Monday', '5,000 rupees by Monday'],
    ['Rs 2,50,000, please', '250,000 rupees, please'],
    ['INR 1.5 lakh', '1.5 lakh rupees'],
    ['€7 and £ 8.50', '7 euros and 8.50 pounds'],
    ['$12.50', '$12.50'],
    ['12,34,56,789 and 1,234,567', '123,456,789 and 1,234,567'],
    ['call 18001234567', 'call 1 8 0 0 1 2 3 4 5 6 7'],
    ['in 2025', 'in 2025'],
    ['the cars 5', 'the cars 5'],
  ])('says amounts and numbers: %s', (text, said) => {
    expect(sayable(text)).toEqual([said]);
  });

  it.each([
    ['Renée Müller', 'Renee Muller'],
    ['it’s “fine” — really', "it's fine , really"],
    ['Rao & Sons', 'Rao  and  Sons'],
    ['a\nb\tc\u0007d\u0000e', 'a b c d e'],
    ['\u001b[31mred', '[31mred'],
    ['hello 😀 world', 'hello   world'],
    ['नमस्ते Asha', 'Asha'],
    ['ﬁve', 'five'],
  ])('is printable ASCII: %j', (text, said) => {
    expect(sayable(text).map((piece) => piece.replace(/\s+/g, ' '))).toEqual([said.replace(/\s+/g, ' ')]);
  });

  it.each(['', ' ', '...', '-', '😀', '\n\u0000'])('is none where there is nothing to say: %j', (text) => {
    expect(sayable(text)).toEqual([]);
  });

  it.each(['नमस्ते', '你好', '१२३'])('is refused in another script: %s', (text) => {
    expect(() => sayable(text)).toThrow('in a script that the voice cannot say');
  });

  it('is refused where it is too long', () => {
    expect(() => sayable('a '.repeat(5000))).toThrow(
      new RangeError('A text of 10000 characters: 2000 at most'),
    );
  });

  it('is cut between sentences, or else between words', () => {
    const sentence = `${'word '.repeat(39)}end.`;
    expect(sayable(`${sentence} ${sentence}`)).toEqual([sentence, sentence]);
    const long = sayable('word '.repeat(100));
    expect(long.map(({ length }) => length)).toEqual([299, 199]);
  });

  it('has no words so long that flite takes seconds for them', () => {
    const words = sayable('a'.repeat(2000)).join(' ').split(' ');
    expect(words.every(({ length }) => length <= 40)).toBe(true);
    expect(words.join('')).toBe('a'.repeat(2000));
  });

  it('is short pieces of printable ASCII, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), (text) => {
        try {
          for (const piece of sayable(text)) expect(piece).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,299}$/);
        } catch (error) {
          expect((error as Error).message).toMatch(/script/);
        }
      }),
      { numRuns: 50 },
    );
  });
});
