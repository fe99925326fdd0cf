/** HTML or SVG in which all text is escaped already. Only this file makes it out of text. */
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

/** Control characters and halves of surrogate pairs may not stand in a document. */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

const escaped = (text: string): string =>
  text.replace(UNPRINTABLE, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function sourceOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return numberText(part);
  return 'source' in part ? part.source : part.map(sourceOf).join('');
}

/** A place in a drawing. @throws {RangeError} for what is none: a path with NaN in it is not drawn at all, and nobody told */
function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('A drawing has no place for what is no number.');
  return String(Number(value.toFixed(2)));
}

/** Template tag: what stands between the braces is escaped unless it is markup; lists are joined, null is nothing. */
export function markup(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const source = fixed.reduce((before, after, index) => before + sourceOf(parts[index - 1] ?? null) + after);
  return { source };
}

/** For text that we wrote ourselves. */
export const verbatim = (source: string): Markup => ({ source });
