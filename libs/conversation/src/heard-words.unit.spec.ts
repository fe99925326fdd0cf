import { heardWords } from './heard-words';

const TEXT = 'Which colour do you like';

describe('given a text of which the audio lasts 2400 ms', () => {
  it.each([
    ['nothing', 0, ''],
    ['less than a word', 400, ''],
    ['a word', 500, 'Which'],
    ['a word and the pause behind it', 600, 'Which'],
    ['a word and a part of the next', 1100, 'Which'],
    ['two words', 1200, 'Which colour'],
    ['all but a little', 2399, 'Which colour do you'],
    ['all', 2400, TEXT],
    ['more than there is', 9000, TEXT],
    ['all, for ever', Infinity, TEXT],
    ['nothing, since it was not its turn yet', -100, ''],
  ])('when %s was heard, then only whole words count', (_title, heardMs, words) => {
    expect(heardWords(TEXT, heardMs, 2400)).toBe(words);
  });
});

describe('given an utterance without audio', () => {
  it('when its turn has come, then it was heard', () => {
    expect(heardWords(TEXT, 0, 0)).toBe(TEXT);
  });

  it('when it was cut off before its turn, then it was not', () => {
    expect(heardWords(TEXT, -1, 0)).toBe('');
  });
});

describe('given words in several lines', () => {
  it('when one line was heard, then the next is not', () => {
    expect(heardWords('one\ntwo\nthree', 500, 1300)).toBe('one');
  });
});

describe('given no words', () => {
  it('when half of the sound was heard, then there are none either', () => {
    expect(heardWords('', 500, 1000)).toBe('');
  });
});
