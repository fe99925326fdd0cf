import { z } from 'zod';
import { type Choice, type DigitsAnswer, type FreeAnswer } from '../dialogue';
import { canonicalLanguage } from '../language';
import { plainWords } from '../words';
import { type Path } from './problems';
import { nameSchema, readFields, StepNameSchema, wholeSchema } from './read-fields';
import { readByLanguage } from './read-text';
import { type Data, isData, type Place, type Reading } from './reading';

const KEY = /^[0-9*#]$/;
const keySays = "a key: one of 0 to 9, '*' and '#', in quotes";

/** A bare 1 is a number in YAML, and no worse for it. */
const KeySchema = z
  .union([z.string(), z.int()], keySays)
  .transform(String)
  .refine((key) => KEY.test(key), keySays);
const storeSchema = nameSchema('the name under which the answer is kept').optional();

const AnswerShape = {
  digit: KeySchema.optional(),
  words: z.unknown(),
  digits: z.unknown(),
  anything: z.literal(true, 'true').optional(),
  store: storeSchema,
  goto: StepNameSchema,
};
const DigitsShape = {
  length: wholeSchema(1, 32),
  minimum: wholeSchema(1, 32).optional(),
  finishKey: KeySchema.optional(),
};

export interface Answers {
  choices: Choice[];
  digits: DigitsAnswer | null;
  anything: FreeAnswer | null;
}

/** The answers of one question. */
export function readAnswers({ path, raw }: Place, reading: Reading): Answers {
  const reader = new AnswersReader(reading);
  if (Array.isArray(raw) && raw.length > 0) {
    raw.forEach((item: unknown, index) => reader.read({ path: [...path, index], raw: item }));
  } else {
    const example = "- {digit: '1', words: [yes], goto: some-step}";
    reading.problems.atKey(
      path,
      `nobody can answer this: \`answers\` is a list of at least one, such as ${example}`,
    );
  }
  return reader.answers;
}

class AnswersReader {
  readonly answers: Answers = { choices: [], digits: null, anything: null };
  private readonly keys = new Set<string>();
  /** phrases, and the languages in which they are taken; null: every one */
  private readonly taken = new Map<string, (string | null)[]>();

  constructor(private readonly reading: Reading) {}

  read(place: Place): void {
    const { path, raw } = place;
    const fields = readFields(place, 'an answer', AnswerShape, this.reading.problems);
    if (!isData(raw) || !this.isOfOneKind(path, raw)) return;
    const { goto = '', store = null } = fields;
    if (goto !== '') this.reading.gotos.push({ path: [...path, 'goto'], step: goto });
    if (store !== null) this.reading.stores.add(store);
    if (Object.hasOwn(raw, 'anything')) this.answers.anything = { store, goto };
    else if (Object.hasOwn(raw, 'digits')) this.readDigits({ path, raw: fields.digits }, store, goto);
    else this.readChoice({ path, raw }, fields, goto);
  }

  private readChoice(
    { path, raw }: Place & { raw: Data },
    { digit, words }: { digit?: string | undefined; words?: unknown },
    goto: string,
  ): void {
    if (Object.hasOwn(raw, 'store')) {
      this.reading.problems.atKey([...path, 'store'], '`store` belongs to `digits` or `anything`');
    }
    if (digit !== undefined) this.takeKey([...path, 'digit'], digit);
    const phrases = words === undefined ? [] : this.readWords({ path: [...path, 'words'], raw: words });
    this.answers.choices.push({ digit: digit ?? null, words: phrases, goto });
  }

  private isOfOneKind(path: Path, raw: Data): boolean {
    const has = (key: string): boolean => Object.hasOwn(raw, key);
    const kinds = [has('digit') || has('words'), has('digits'), has('anything')].filter(Boolean).length;
    const again = ['digits', 'anything'].find(
      (key) => has(key) && this.answers[key as 'digits' | 'anything'],
    );
    if (kinds !== 1) {
      const says =
        'an answer is a `digit` or `words` or both, or `digits` of several keys, or `anything: true`';
      this.reading.problems.atValue(
        path,
        `${says}; ${kinds === 0 ? 'this is none of them' : 'make several of it'}`,
      );
    } else if (again)
      this.reading.problems.atKey([...path, again], `there is another answer with \`${again}\` here`);
    return kinds === 1 && !again;
  }

  private takeKey(path: Path, key: string): void {
    if (this.keys.has(key)) this.reading.problems.atValue(path, `the key ${key} is another answer's already`);
    this.keys.add(key);
  }

  private readDigits(place: Place, store: string | null, goto: string): void {
    const { problems } = this.reading;
    const path = [...place.path, 'digits'];
    const fields = readFields({ path, raw: place.raw }, '`digits`', DigitsShape, problems);
    const { length = 1, minimum = length, finishKey = null } = fields;
    if (minimum > length) problems.atValue([...path, 'minimum'], '`minimum` is more than `length`');
    if (finishKey !== null) this.takeKey([...path, 'finishKey'], finishKey);
    this.answers.digits = { length, minimum, finishKey, store, goto };
  }

  private readWords({ path, raw }: Place): Choice['words'] {
    if (isData(raw)) {
      return readByLanguage({ path, raw }, this.reading, (place) =>
        this.readPhrases(place, canonicalLanguage(String(place.path.at(-1)))),
      );
    }
    this.reading.translations.push({ path, languages: null });
    return this.readPhrases({ path, raw }, null);
  }

  private readPhrases({ path, raw }: Place, language: string | null): string[] {
    const { problems } = this.reading;
    if (!Array.isArray(raw) || raw.length === 0) {
      problems.atValue(path, '`words` is a list, such as [yes, of course], or a map from languages to lists');
      return [];
    }
    return raw.map((item: unknown, index) => {
      const words = typeof item === 'string' ? plainWords(item) : '';
      const at = [...path, index];
      if (typeof item !== 'string') problems.atValue(at, 'words are text: put quotes around this');
      else if (words === '') problems.atValue(at, 'there are no words in this');
      else this.takePhrase(at, words, language);
      return words;
    });
  }

  private takePhrase(path: Path, words: string, language: string | null): void {
    const languages = this.taken.get(words) ?? [];
    if (languages.some((each) => each === language || each === null || language === null)) {
      this.reading.problems.atValue(path, `"${words}" stands twice among the answers of this question`);
    }
    this.taken.set(words, [...languages, language]);
  }
}
