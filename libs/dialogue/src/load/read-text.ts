import { z } from 'zod';
import { canonicalLanguage } from '../language';
import { isAlwaysSayable, isFixed, type Sentence, type Text } from '../text';
import { type Path } from './problems';
import { readFields } from './read-fields';
import { type Data, isData, type Place, type Reading } from './reading';
import { readTemplate } from './read-template';

const says = 'a WAV file in the folder of the dialogues, or in a folder there, such as welcome.wav';
const RecordingShape = {
  audio: z
    .string(says)
    .regex(/^[^\\/\p{C}][^\\\p{C}]*\.wav$/iu, says)
    .refine((name) => !name.split('/').some((part) => ['', '.', '..'].includes(part)), says),
  text: z.string('the words of the recording').min(1, 'the words of the recording'),
};

/**
 * A text: a sentence, or a list of alternatives, or a map from languages to either.
 * @returns null if nothing of it can be used
 */
export function readText({ path, raw }: Place, reading: Reading): Text | null {
  if (!isData(raw) || isRecording(raw)) {
    reading.translations.push({ path, languages: [reading.language] });
    const sentences = readAlternatives({ path, raw }, reading);
    return sentences && new Map([[reading.language, sentences]]);
  }
  return readByLanguage({ path, raw }, reading, (place) => readAlternatives(place, reading));
}

/** Anything that is there once for each language. The keys come out as canonical tags. */
export function readByLanguage<T>(
  { path, raw }: Place & { raw: Data },
  reading: Reading,
  readOne: (place: Place) => T | null,
): ReadonlyMap<string, T> {
  const read = new Map<string, T>();
  const languages: string[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const at = [...path, key];
    const tag = canonicalLanguage(key);
    if (!tag)
      reading.problems.atKey(at, `\`${key}\` is no language; write a BCP 47 tag, such as en or hi-IN`);
    else if (languages.includes(tag)) reading.problems.atKey(at, `\`${tag}\` stands twice here`);
    else languages.push(tag);
    const one = readOne({ path: at, raw: value });
    if (tag && one !== null && !read.has(tag)) read.set(tag, one);
  }
  reading.translations.push({ path, languages });
  return read;
}

const isRecording = (raw: Data): boolean => Object.hasOwn(raw, 'audio') || Object.hasOwn(raw, 'text');

function readAlternatives({ path, raw }: Place, reading: Reading): readonly Sentence[] | null {
  const items = Array.isArray(raw)
    ? raw.map((item: unknown, index) => ({ path: [...path, index], raw: item }))
    : [{ path, raw }];
  if (items.length === 0) reading.problems.atValue(path, 'there is nothing to say in this text');
  const sentences = items.map((item) => readSentence(item, reading));
  sentences.forEach((sentence, index) => {
    const isLast = index === sentences.length - 1;
    const at = items[index]?.path ?? path;
    if (sentence && isLast) mustBeSayable(sentence, at, reading);
    else if (sentence && isAlwaysSayable(sentence)) {
      reading.problems.atValue(
        at,
        'the alternatives after this are never said, since this one always can be',
      );
    }
  });
  return sentences.every((sentence) => sentence !== null) && sentences.length > 0 ? sentences : null;
}

function mustBeSayable({ parts }: Sentence, path: Path, { problems }: Reading): void {
  for (const part of parts) {
    if (typeof part === 'string' || part.fallback !== null) continue;
    const name = part.source.replace('*', part.name);
    problems.atPart(
      path,
      name,
      `where ${name} is not known, nothing can be said here: give it a default, as in {{${name}|…}}, ` +
        'or add an alternative sentence without it',
    );
  }
}

function readSentence({ path, raw }: Place, reading: Reading): Sentence | null {
  if (typeof raw === 'string') {
    return { parts: readTemplate(path, raw, reading), audioFile: null };
  }
  if (isData(raw) && isRecording(raw)) return readRecording({ path, raw }, reading);
  reading.problems.atValue(
    path,
    'a text is a sentence in quotes, a list of alternatives, or a map from languages to either; ' +
      'a recording is {audio: welcome.wav, text: its words}',
  );
  return null;
}

function readRecording(place: Place, reading: Reading): Sentence | null {
  const { audio, text } = readFields(place, 'a recording', RecordingShape, reading.problems);
  const at = [...place.path, 'text'];
  if (text === undefined || audio === undefined) return null;
  const sentence = { parts: readTemplate(at, text, reading), audioFile: audio };
  if (isFixed(sentence)) return sentence;
  reading.problems.atValue(
    at,
    'a recording says the same to everybody: there can be no placeholder in its words',
  );
  return null;
}
