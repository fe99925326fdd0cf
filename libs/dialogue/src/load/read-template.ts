import { type Placeholder, type Sentence, VALUE_SOURCES, type ValueSource } from '../text';
import { isSpeakable, plainSentence } from '../speakable';
import { suggestion } from './nearest-name';
import { type Path } from './problems';
import { type Reading } from './reading';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const STRAY_BRACES = /\{+[^{}]*\}*|\}+/g;
/** The contract of attributes allows 64 of anything; these are what can be written between braces. */
const OWN_NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_. -]{0,63}$/u;
const ALL = VALUE_SOURCES.map((source) => source.replace('*', 'NAME')).join(', ');
const EXAMPLE = '{{customer.fullName|there}}';
/** About a minute of speech: nobody listens longer. */
const MAX_LENGTH = 1000;

/** Takes a sentence apart into text and placeholders. What is wrong with it is told, and left out. */
export function readTemplate(path: Path, raw: string, reading: Reading): Sentence['parts'] {
  const { problems } = reading;
  const parts: (string | Placeholder)[] = [];
  let end = 0;
  const addText = (text: string): void => {
    for (const [stray] of text.matchAll(STRAY_BRACES)) {
      problems.atPart(path, stray, `braces are kept for placeholders, such as ${EXAMPLE}`);
    }
    if (text !== '') parts.push(text);
  };
  for (const match of raw.matchAll(PLACEHOLDER)) {
    addText(raw.slice(end, match.index));
    const placeholder = readPlaceholder(path, match, reading);
    if (placeholder) parts.push(placeholder);
    end = match.index + match[0].length;
  }
  addText(raw.slice(end));
  if (raw.length > MAX_LENGTH) problems.atValue(path, `a text has at most ${MAX_LENGTH} letters: divide it`);
  if (!isSpeakable(raw)) problems.atValue(path, 'there is nothing to say in this text');
  return trimmed(parts);
}

function readPlaceholder(
  path: Path,
  [raw, inside = '']: RegExpMatchArray,
  { problems, recalls }: Reading,
): Placeholder | null {
  const [name = '', ...defaults] = inside.split('|').map((part) => part.trim());
  const named = sourceOf(name);
  if (!named) {
    problems.atPart(path, raw, `${raw} names nothing that is known.${nearestSource(name)}`);
    return null;
  }
  if (named.source === 'answers.*') recalls.push({ path, name: named.name, raw });
  const fault = faultOf(defaults);
  if (fault) problems.atPart(path, raw, `${raw} has ${fault}: write it as in ${EXAMPLE}`);
  return { ...named, fallback: defaults[0] === undefined ? null : plainSentence(defaults[0]) };
}

function faultOf([fallback, ...more]: readonly string[]): string | null {
  if (more.length > 0) return 'more than one default';
  return fallback !== undefined && !isSpeakable(fallback) ? 'a default that says nothing' : null;
}

function nearestSource(name: string): string {
  const last = name.split('.').at(-1) || 'NAME';
  const sources = VALUE_SOURCES.map((source) => source.replace('*', last));
  return suggestion(name, sources) || ` There are ${ALL}.`;
}

function sourceOf(text: string): { source: ValueSource; name: string } | null {
  for (const source of VALUE_SOURCES) {
    const prefix = source.endsWith('*') ? source.slice(0, -1) : null;
    if (prefix === null && text === source) return { source, name: '' };
    const name = prefix !== null && text.startsWith(prefix) ? text.slice(prefix.length) : '';
    if (OWN_NAME.test(name)) return { source, name };
  }
  return null;
}

/** White space as one blank, none at either end: texts are folded over several lines in the file. */
function trimmed(parts: readonly (string | Placeholder)[]): Sentence['parts'] {
  return parts.map((part, index) => {
    if (typeof part !== 'string') return part;
    const before = index > 0 && /^\s/u.test(part) ? ' ' : '';
    const after = index < parts.length - 1 && /\s$/u.test(part) ? ' ' : '';
    const text = plainSentence(part);
    return text === '' ? (index > 0 ? after : '') : `${before}${text}${after}`;
  });
}
