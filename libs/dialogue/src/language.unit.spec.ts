import { canonicalLanguage, inLanguage, matchLanguage } from './language';

it.each([
  ['en-in', 'en-IN'],
  ['hi_IN', 'hi-IN'],
  [' EN ', 'en'],
  ['Hindi, mostly', null],
  ['', null],
])('a language written %j is %j', (written, tag) => {
  expect(canonicalLanguage(written)).toBe(tag);
});

describe('the language of a caller is looked for', () => {
  it.each([
    ['as it is', 'en-IN', ['en', 'en-IN'], 'en-IN'],
    ['without its region', 'en-IN', ['en-GB', 'en'], 'en'],
    ['with another region', 'hi', ['en', 'hi-IN'], 'hi-IN'],
    ['in vain', 'ta', ['en', 'hi'], null],
    ['not by its first letters', 'e', ['en'], null],
  ])('%s', (_, wanted, offered, found) => {
    expect(matchLanguage(wanted, offered)).toBe(found);
  });

  it('with the tag of what is found', () => {
    expect(inLanguage(new Map([['hi', 'नमस्ते']]), 'hi-IN')).toEqual({ tag: 'hi', value: 'नमस्ते' });
  });
});
