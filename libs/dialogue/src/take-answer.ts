import { type CallerTurn } from '@greenroom/conversation';
import { type Ask, type Choice, type DigitsAnswer, type FreeAnswer } from './dialogue';
import { inLanguage } from './language';
import { answerInWords, plainWords } from './words';

/** What is kept of a free answer, in UTF-16 units. */
const MAX_KEPT = 1000;

export interface Taken {
  goto: string;
  /** value null: the caller answered, and it is not known what */
  keep: { name: string; value: string | null } | null;
}

type Answered = Extract<CallerTurn, { kind: 'answered' }>;

/**
 * Which of the answers was given; null if none was. Keys win over speech: whoever presses them means it, and what was
 * heard with them may have been the television.
 */
export function takeAnswer(ask: Ask, { digits, speech }: Answered, language: string): Taken | null {
  if (digits) return byKeys(ask, digits) ?? anything(ask, digits);
  if (!speech) return null;
  const words = plainWords(speech.words ?? '');
  if (words !== '') return byWords(ask, words, language) ?? anything(ask, speech.words);
  return ask.speech === null ? anything(ask, null) : { goto: ask.speech, keep: null };
}

function byKeys({ choices, digits }: Ask, keys: string): Taken | null {
  const choice = choices.find(({ digit }) => digit === keys);
  if (choice) return { goto: choice.goto, keep: null };
  return digits && fits(digits, keys) ? taken(digits, keys) : null;
}

const fits = ({ minimum, length }: DigitsAnswer, keys: string): boolean =>
  keys.length >= minimum && keys.length <= length;

/** Recognisers write "one two" as `12` or `1 2`: that is as good as pressing them. */
function byWords(ask: Ask, words: string, language: string): Taken | null {
  const said = answerInWords(
    words,
    ask.choices.map((answer) => ({ answer, words: wordsIn(answer, language) })),
  );
  if (said) return { goto: said.goto, keep: null };
  return /^[0-9 ]+$/.test(words) ? byKeys(ask, words.replaceAll(' ', '')) : null;
}

const wordsIn = ({ words }: Choice, language: string): readonly string[] =>
  words instanceof Map
    ? (inLanguage(words as ReadonlyMap<string, readonly string[]>, language)?.value ?? [])
    : (words as readonly string[]);

const anything = ({ anything: free }: Ask, value: string | null): Taken | null => free && taken(free, value);

const taken = ({ store, goto }: FreeAnswer | DigitsAnswer, value: string | null): Taken => ({
  goto,
  keep: store === null ? null : { name: store, value: value?.slice(0, MAX_KEPT) ?? null },
});
