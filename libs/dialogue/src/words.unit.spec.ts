import { answerInWords, plainWords } from './words';

describe('plain words', () => {
  it.each([
    ['Yes, please!', 'yes please'],
    ['  That’s   ME. ', 'thats me'],
    ["that's me", 'thats me'],
    ['ＹＥＳ', 'yes'],
    ['co-operate', 'co operate'],
    ['हाँ, जी।', 'हाँ जी'],
    ['क्\u200dया', 'क्या'],
    ['はいそうです', 'は い そ う で す'],
    ['Да!', 'да'],
    ['...', ''],
  ])('of %j are %j', (text, words) => {
    expect(plainWords(text)).toBe(words);
  });

  it('are cut where a transcript is endless', () => {
    expect(plainWords('a '.repeat(10_000))).toHaveLength(1999);
  });
});

describe('an answer in words', () => {
  const answers = [
    { answer: 'yes', words: ['yes', 'yeah', 'really', 'of course', 'हाँ', 'はい', 'ใช่'] },
    { answer: 'no', words: ['no', 'not really', 'of course not', 'नहीं', 'いいえ', 'ไม่ใช่'] },
  ].map(({ answer, words }) => ({ answer, words: words.map(plainWords) }));

  it.each([
    ['yes', 'yes'],
    ['Well, YES!', 'yes'],
    ['yes yes, of course', 'yes'],
    ['no', 'no'],
    ['I know', null],
    ['yesterday', null],
    ['really', 'yes'],
    ['not really', 'no'],
    ['no, not really', 'no'],
    ['of course', 'yes'],
    ['of course not', 'no'],
    ['yeah, no', null],
    ['no no, yes', null],
    ['जी हाँ', 'yes'],
    ['जी नहीं', 'no'],
    ['हाँफना', null],
    ['はい、そうです', 'yes'],
    ['いいえ', 'no'],
    ['ใช่ครับ', 'yes'],
    ['ไม่ใช่ครับ', 'no'],
    ['', null],
  ])('to %j is %j', (said, answer) => {
    expect(answerInWords(plainWords(said), answers)).toBe(answer);
  });
});
