import * as fc from 'fast-check';
import { sessionOf } from './rehearsal';
import { speakable } from './speakable';
import { type ValueSource } from './text';
import { valuesIn } from './values';

/** Any UTF-16, halves of surrogate pairs among it. */
const anyText = fc.uint16Array({ maxLength: 300 }).map((units) => String.fromCharCode(...units));

describe('a value from outside', () => {
  it.each([
    ['trimmed', '  Asha \n Rao ', 'Asha Rao'],
    ['without control characters', 'A\u0000s\u0007ha\u202e', 'Asha'],
    ['with the joiners of its script', 'क्\u200dया', 'क्\u200dया'],
    ['without braces', '{{customer.phone}} {x}', 'customer.phone x'],
    ['without markup', '<break time="9s"/>Asha', 'break time="9s"/ Asha'],
    ['nothing where nothing can be heard', ' -- 😀 ', null],
    ['nothing where it is not there', undefined, null],
  ])('is said %s', (_, value, said) => {
    expect(speakable(value)).toBe(said);
  });

  it('ends with a whole word after at most 200 letters', () => {
    expect(speakable('word '.repeat(100))).toBe('word '.repeat(40).trim());
    expect(speakable('x'.repeat(500))).toHaveLength(200);
  });

  it('can always be said, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const said = speakable(value);
        expect(said ?? 'x').toMatch(/^[^{}<>\n]{1,200}$/u);
        expect(said ?? '').not.toMatch(/ {2}|^ | $/);
      }),
    );
  });
});

describe('what is known of a call', () => {
  const session = sessionOf(
    { fullName: 'Asha Rao', language: 'hi-IN', attributes: { amount: '4,999 rupees' } },
    { attributes: { agent: '7' }, from: 'anonymous' },
  );
  const said = (source: ValueSource, name = '', language = 'en') =>
    valuesIn(
      { session, answers: { pin: '1234', reason: 'a bill' } },
      language,
    )({ source, name, fallback: null });

  it.each([
    ['a name as it is', said('customer.fullName'), 'Asha Rao'],
    ['a phone number digit by digit', said('customer.phone'), '9 1 9 0 0 0 0 0 0 0 0 1'],
    ['a withheld number as it came', said('session.from'), 'anonymous'],
    ['a language by its name', said('customer.language'), 'Hindi'],
    ['a language by its name in that language', said('customer.language', '', 'hi'), 'हिन्दी'],
    ['an attribute as it is', said('customer.attributes.*', 'amount'), '4,999 rupees'],
    ['an attribute of the call', said('session.attributes.*', 'agent'), '7'],
    ['keys that were pressed one by one', said('answers.*', 'pin'), '1 2 3 4'],
    ['words that were said', said('answers.*', 'reason'), 'a bill'],
    ['nothing that is inherited', said('customer.attributes.*', 'constructor'), null],
    ['nothing that is not there', said('answers.*', 'toString'), null],
  ])('is said: %s', (_, value, expected) => {
    expect(value).toBe(expected);
  });

  it.each(['x-klingon', 'no language', ''])('is left out where a language is %j', (language) => {
    const known = { session: sessionOf({ language }), answers: {} };
    expect(valuesIn(known, 'en')({ source: 'customer.language', name: '', fallback: null })).toBeNull();
  });
});
