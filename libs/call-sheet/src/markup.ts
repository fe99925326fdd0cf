/** HTML or SVG in which everything that came from outside is escaped already. Only this file makes it out of text. */
export interface Markup {
  readonly source: string;
}

export type Part = string | number | null | Markup | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Control characters and halves of surrogate pairs, which may not stand in a document; and what turns the direction of
 * the text behind it round, since nobody can tell then what was really said. Joiners stay: Indic scripts need them.
 */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

function escaped(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function sourceOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'source' in part ? part.source : part.map(sourceOf).join('');
}

/** Template tag: what stands between the braces is escaped unless it is markup; lists are joined, null is nothing. */
export function markup(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const source = fixed.reduce((before, after, index) => before + sourceOf(parts[index - 1] ?? null) + after);
  return { source };
}

/** For text that we wrote ourselves. Never for anything out of a sheet. */
export const verbatim = (source: string): Markup => ({ source });

/**
 * Keeps text of an unknown direction from turning round what stands beside it, where there is no element that could:
 * in a tooltip (Unicode's first strong isolate).
 */
export const isolated = (text: string): Markup => markup`\u2068${text}\u2069`;
