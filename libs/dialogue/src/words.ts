/** Longer transcripts are cut: an answer to a question is a few words. In UTF-16 units. */
const MAX_TRANSCRIPT = 2000;

/** Written without spaces: every letter may begin a word. */
const SPACELESS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*/gu;

/** What transcripts have or have not, as they please: apostrophes and invisible characters. */
const INSIDE_WORDS = /['’‘ʼ`´\p{Cf}]/gu;

/**
 * Words without what transcripts differ in: lower case, one blank between them, no punctuation. Vowel signs are kept:
 * they are marks (`\p{M}`), not letters, in Indic scripts.
 */
export function plainWords(text: string): string {
  return text
    .slice(0, MAX_TRANSCRIPT)
    .normalize('NFKC')
    .toLowerCase()
    .replace(INSIDE_WORDS, '')
    .replace(SPACELESS, ' $& ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

interface Match<T> {
  answer: T;
  from: number;
  to: number;
}

/**
 * The answer whose words were said, as whole words, anywhere in the transcript. Where two overlap the longer one
 * counts: "not really" is not "really". Null if none was said, and if different ones were: of "yeah, no" nobody can
 * tell which is meant, so it had better be asked again.
 * @param said as `plainWords` has it, like all words of the answers
 */
export function answerInWords<T>(
  said: string,
  answers: readonly { answer: T; words: readonly string[] }[],
): T | null {
  const matches = answers
    .flatMap(({ answer, words }) => words.flatMap((phrase) => occurrences(said, phrase, answer)))
    .sort((one, other) => other.to - other.from - (one.to - one.from) || one.from - other.from);
  const kept: Match<T>[] = [];
  for (const match of matches) {
    if (kept.every(({ from, to }) => match.to <= from || match.from >= to)) kept.push(match);
  }
  const [first] = kept;
  return first && kept.every(({ answer }) => answer === first.answer) ? first.answer : null;
}

function occurrences<T>(said: string, phrase: string, answer: T): Match<T>[] {
  const text = ` ${said} `;
  const found: Match<T>[] = [];
  let from = text.indexOf(` ${phrase} `);
  while (from >= 0) {
    found.push({ answer, from, to: from + phrase.length });
    from = text.indexOf(` ${phrase} `, from + 1);
  }
  return found;
}
