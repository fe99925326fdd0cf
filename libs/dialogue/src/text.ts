import { type ByLanguage } from './language';

/** What is said: by language, alternatives in the order in which they are tried. The last can always be said. */
export type Text = ByLanguage<readonly Sentence[]>;

export interface Sentence {
  parts: readonly (string | Placeholder)[];
  /** a WAV file that says it, as it is named in the dialogue: below the folder of the dialogues */
  audioFile: string | null;
}

/** Places where a value can come from; those that end in `*` are followed by a name of the user's own. */
export const VALUE_SOURCES = [
  'customer.fullName',
  'customer.phone',
  'customer.language',
  'customer.attributes.*',
  'session.attributes.*',
  'session.from',
  'answers.*',
] as const;
export type ValueSource = (typeof VALUE_SOURCES)[number];

export interface Placeholder {
  source: ValueSource;
  /** what stands for the `*`; otherwise empty */
  name: string;
  /** said where the value is not known; null: then the sentence cannot be said */
  fallback: string | null;
}

/** @returns null for a value that is not known */
export type ValueOf = (placeholder: Placeholder) => string | null;

/** Has the sentence neither names nor numbers of a call in it? */
export const isFixed = ({ parts }: Sentence): boolean => parts.every((part) => typeof part === 'string');

/** Can it be said whatever is known? */
export const isAlwaysSayable = ({ parts }: Sentence): boolean =>
  parts.every((part) => typeof part === 'string' || part.fallback !== null);

/** @returns null if a value of it is not known */
export function fillIn({ parts }: Sentence, valueOf: ValueOf): string | null {
  const filled = parts.map((part) => (typeof part === 'string' ? part : (valueOf(part) ?? part.fallback)));
  return filled.includes(null) ? null : filled.join('');
}
