import { matchLanguage } from '../language';
import { type Reading } from './reading';

/**
 * Finds what is there in some languages only: a caller would be spoken to in two.
 * @returns all languages of the dialogue, its default one first
 */
export function checkTranslations({ translations, language, problems }: Reading): string[] {
  const languages = new Set([language, ...translations.flatMap((each) => each.languages ?? [])]);
  for (const { path, languages: written } of translations) {
    if (written === null) continue;
    const missing = [...languages].filter((tag) => matchLanguage(tag, written) === null);
    if (!written.includes(language)) {
      problems.atKey(path, `${last(path)} is not there in ${language}, the default language of the dialogue`);
    } else if (missing.length > 0) {
      const others = missing.join(' and ');
      problems.atKey(path, `${last(path)} is not there in ${others}, a language of this dialogue: add it`);
    }
  }
  return [...languages];
}

const last = (path: readonly (string | number)[]): string => `\`${path.at(-1) ?? ''}\``;

/** Finds texts that recall an answer which no question keeps. */
export function checkRecalls({ recalls, stores, problems }: Reading, advice: (name: string) => string): void {
  for (const { path, name, raw } of recalls) {
    if (stores.has(name)) continue;
    problems.atPart(
      path,
      raw,
      `no answer is kept as ${name}: write \`store: ${name}\` where it is given.${advice(name)}`,
    );
  }
}
