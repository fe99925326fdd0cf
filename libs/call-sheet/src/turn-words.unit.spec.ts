import { type TurnEnd, TurnEndSchema } from '@greenroom/contracts';
import { exampleTurn } from './example-sheet';
import { endOfTurn, shortEndOfTurn, wordlessText, wordsOf } from './turn-words';

const text = 'Of course. I have Monday at ten.';
const assistants = (changes = {}) =>
  exampleTurn('assistant', [0, 4000], { text, heardText: text, ...changes });
const callers = (changes = {}) => exampleTurn('caller', [0, 4000], { text, ...changes });

describe('the words of a turn', () => {
  it('are parted where the caller stopped hearing them', () => {
    expect(wordsOf(assistants({ heardText: 'Of course. I have' }))).toEqual({
      heard: 'Of course. I have ',
      unheard: 'Monday at ten.',
    });
  });

  it('are all heard where everything was', () => {
    expect(wordsOf(assistants())).toEqual({ heard: text, unheard: '' });
    expect(wordsOf(assistants({ heardText: null }))).toEqual({ heard: text, unheard: '' });
  });

  it('are not heard where nothing was', () => {
    expect(wordsOf(assistants({ heardText: '' }))).toEqual({ heard: '', unheard: text });
    expect(wordsOf(assistants({ endedBy: 'withdrawn', heardText: null }))).toEqual({
      heard: '',
      unheard: text,
    });
  });

  it('are parted at the end of a word where what was heard is spelled otherwise', () => {
    const { heard, unheard } = wordsOf(assistants({ heardText: 'Of  course - I hav' }))!;
    expect([heard, unheard]).toEqual(['Of course. I have ', 'Monday at ten.']);
    expect(wordsOf(assistants({ heardText: ' Of\ncourse.' }))?.unheard).toBe('I have Monday at ten.');
    expect(wordsOf(assistants({ heardText: ' ' }))).toEqual({ heard: '', unheard: text });
    expect(wordsOf(assistants({ heardText: 'x'.repeat(100) }))).toEqual({ heard: text, unheard: '' });
  });

  it('are all that the caller said', () => {
    expect(wordsOf(callers())).toEqual({ heard: text, unheard: '' });
  });

  it('are none where none are known', () => {
    expect(wordsOf(callers({ text: null }))).toBeNull();
    expect(wordlessText(callers({ text: null }))).toBe('no words known');
    expect(wordlessText(callers({ text: null, speechMs: null }))).toBe('nothing was said');
    expect(wordlessText(callers({ text: null, digits: '12' }))).toBe('');
    expect(wordlessText(assistants({ text: null }))).toBe('no words known');
  });
});

describe('the end of a turn', () => {
  it.each<[TurnEnd, string]>([
    ['played', 'played to its end, 4.0 s'],
    ['mark-lost', 'must have been played, 4.0 s; the provider never said so'],
    ['barge-in', 'caller interrupted after 1.2 s of 4.0 s'],
    ['withdrawn', 'taken back before any of it was heard: the caller went on'],
    ['line-closed', 'the line was closed after 1.2 s of 4.0 s'],
  ])('%s of the assistant reads: %s', (endedBy, words) => {
    expect(endOfTurn(assistants({ endedBy, heardMs: 1200 }))).toBe(words);
  });

  it.each<[TurnEnd, string]>([
    ['end-silence', 'caller stopped speaking after 4.0 s of speech'],
    ['too-long', 'caller spoke for as long as one may, 4.0 s'],
    ['digits-complete', 'all the digits were pressed'],
    ['digits-paused', 'no further digit came in time'],
    ['no-input', 'neither a word nor a digit came in time'],
    ['line-closed', 'the line was closed'],
  ])('%s of the caller reads: %s', (endedBy, words) => {
    expect(endOfTurn(callers({ endedBy }))).toBe(words);
  });

  it('has words of its own for each cause, also where no times are known', () => {
    const unknown = { heardMs: null, lengthMs: null, speechMs: null };
    for (const form of [endOfTurn, shortEndOfTurn]) {
      const ends = TurnEndSchema.options.map((endedBy) => form(assistants({ endedBy, ...unknown })));
      expect(new Set(ends).size).toBe(TurnEndSchema.options.length);
      expect(ends.join()).not.toMatch(/null|NaN|undefined/);
    }
  });
});
