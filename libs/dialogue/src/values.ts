import { type Attributes, type Session } from '@greenroom/contracts';
import { canonicalLanguage, primaryLanguage } from './language';
import { digitByDigit, speakable } from './speakable';
import { type Placeholder, type ValueOf, type ValueSource } from './text';

export interface Known {
  session: Session;
  /** what the caller answered, by the names under which it is kept */
  answers: Readonly<Record<string, string>>;
}

const SOURCES: Record<ValueSource, (known: Known, name: string, language: string) => string | null> = {
  'customer.fullName': ({ session }) => speakable(session.customer?.fullName),
  'customer.phone': ({ session }) => number(session.customer?.phone),
  'customer.language': ({ session }, _, language) => nameOfLanguage(session.customer?.language, language),
  'customer.attributes.*': ({ session }, name) => speakable(own(session.customer?.attributes, name)),
  'session.attributes.*': ({ session }, name) => speakable(own(session.attributes, name)),
  'session.from': ({ session }) => number(session.from),
  'answers.*': ({ answers }, name) => number(own(answers, name)),
};

/** Values as they are said in a language. */
export const valuesIn =
  (known: Known, language: string): ValueOf =>
  ({ source, name }: Placeholder) =>
    SOURCES[source](known, name, language);

const own = (values: Attributes | undefined, name: string): string | null =>
  values && Object.hasOwn(values, name) ? (values[name] ?? null) : null;

/** Digit by digit what consists of digits. */
const number = (value: string | null | undefined): string | null =>
  /^\+?\d[\d*# ()-]*$/.test(value ?? '') ? digitByDigit(value ?? '') : speakable(value);

/** `hi-IN` is "Hindi" in English. */
function nameOfLanguage(tag: string | null | undefined, language: string): string | null {
  const canonical = canonicalLanguage(tag ?? '');
  if (!canonical) return null;
  try {
    const names = new Intl.DisplayNames([language], { type: 'language', fallback: 'none' });
    return speakable(names.of(primaryLanguage(canonical)));
  } catch {
    // a tag for private use has no language in it
    return null;
  }
}
