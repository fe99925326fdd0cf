/** Keys are BCP 47 tags in their canonical form. */
export type ByLanguage<T> = ReadonlyMap<string, T>;

/** `en-in` as `en-IN`; null if it is no BCP 47 tag. CRMs write `en_IN` as well. */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

export const primaryLanguage = (tag: string): string => tag.split('-', 1)[0] ?? tag;

/** The same tag, else the language as such, else the first of its variants; null if there is none of them. */
export function matchLanguage(wanted: string, offered: Iterable<string>): string | null {
  const tags = [...offered];
  const primary = primaryLanguage(wanted);
  return (
    tags.find((tag) => tag === wanted) ??
    tags.find((tag) => tag === primary) ??
    tags.find((tag) => primaryLanguage(tag) === primary) ??
    null
  );
}

/** What stands there for a language, or for its nearest one. */
export function inLanguage<T>(map: ByLanguage<T>, language: string): { tag: string; value: T } | null {
  const tag = matchLanguage(language, map.keys());
  const value = tag === null ? undefined : map.get(tag);
  return tag === null || value === undefined ? null : { tag, value };
}
