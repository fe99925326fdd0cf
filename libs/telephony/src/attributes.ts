import type { Attributes } from '@greenroom/contracts';
import { plainText } from './plain-text';

/** Enough for any provider's own facts; a request of a thousand parameters must not become a thousand attributes. */
const MAX_ATTRIBUTES = 32;
const MAX_NAME = 64;
const MAX_VALUE = 1024;

/** Attributes within the bounds of the contract: values are cut, over-long and empty names are dropped. */
export function toAttributes(entries: Iterable<readonly [string, string | null]>): Attributes {
  const attributes = new Map<string, string>();
  for (const [rawName, rawValue] of entries) {
    const name = rawName.length > MAX_NAME ? '' : plainText(rawName, MAX_NAME);
    const value = plainText(rawValue ?? '', MAX_VALUE);
    if (attributes.size < MAX_ATTRIBUTES && isName(name) && value !== '') attributes.set(name, value);
  }
  return Object.fromEntries(attributes);
}

/** `__proto__` is harmless here but not in whatever copies the attributes next. */
const isName = (name: string): boolean => name !== '' && name !== '__proto__';
