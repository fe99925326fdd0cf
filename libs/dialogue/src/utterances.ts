import { type Session } from '@greenroom/contracts';
import { type Utterance } from '@greenroom/conversation';
import { type Dialogue, type Step } from './dialogue';
import { canonicalLanguage, inLanguage, matchLanguage } from './language';
import { fillIn, isFixed, type Sentence, type Text, type ValueOf } from './text';
import { valuesIn } from './values';

type Spoken = Pick<Dialogue, 'language' | 'languages' | 'voices' | 'steps'>;

/** The language of a dialogue that is spoken with this caller: one of `among`, or the default one. */
export function languageFor(
  { language }: Pick<Dialogue, 'language'>,
  { customer }: Session,
  among: readonly string[],
): string {
  const wanted = canonicalLanguage(customer?.language ?? '');
  return (wanted && matchLanguage(wanted, among)) ?? language;
}

/** A text as it is said now: its first alternative of which all values are known. */
export function utter(dialogue: Spoken, text: Text, language: string, valueOf: ValueOf): Utterance | null {
  const spoken = inLanguage(text, language) ?? inLanguage(text, dialogue.language);
  for (const sentence of spoken?.value ?? []) {
    const words = fillIn(sentence, valueOf);
    if (words !== null) return utterance(dialogue, sentence, words, spoken?.tag ?? language);
  }
  return null;
}

function utterance({ voices }: Spoken, { audioFile }: Sentence, text: string, language: string): Utterance {
  const voice = inLanguage(voices, language)?.value;
  return {
    text,
    language,
    ...(audioFile === null ? {} : { audioFile }),
    ...(voice === undefined ? {} : { voice }),
  };
}

/** See `Dialogue.utterances`. */
export function utterancesOf(dialogue: Spoken, session?: Session): Utterance[] {
  const said = session ? saidTo(dialogue, session) : fixedSentences(dialogue);
  return [...new Map(said.map((each) => [JSON.stringify(each), each])).values()];
}

function saidTo(dialogue: Spoken, session: Session): Utterance[] {
  const language = languageFor(dialogue, session, dialogue.languages);
  const valueOf = valuesIn({ session, answers: {} }, language);
  return textsOf(dialogue).flatMap((text) => utter(dialogue, text, language, valueOf) ?? []);
}

function fixedSentences(dialogue: Spoken): Utterance[] {
  return textsOf(dialogue).flatMap((text) =>
    [...text].flatMap(([language, sentences]) =>
      sentences
        .filter(isFixed)
        .map((sentence) => utterance(dialogue, sentence, fillIn(sentence, () => null) ?? '', language)),
    ),
  );
}

/** Languages in which something is said that is not a recording. */
export function synthesizedLanguages(dialogue: Spoken): string[] {
  const spoken = textsOf(dialogue).flatMap((text) =>
    [...text].filter(([, sentences]) => sentences.some(({ audioFile }) => audioFile === null)),
  );
  const tags = new Set(spoken.map(([tag]) => tag));
  return dialogue.languages.filter((tag) => tags.has(tag));
}

const textsOf = ({ steps }: Spoken): Text[] => [...steps.values()].flatMap(textsOfStep);

function textsOfStep({ say, then }: Step): Text[] {
  const texts = then.kind === 'ask' ? [say, then.ask.noInput, then.ask.noMatch] : [say];
  return texts.filter((text) => text !== null);
}
