import { plainText } from '../plain-text';

/*
 * Plivo XML (plivo.com/docs/voice/xml/overview). An answer that is not well-formed ends the call with 8011 Invalid
 * Answer XML.
 */

export const response = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${content === '' ? '<Response/>' : `<Response>${content}</Response>`}`;

/** An element with its attributes, those without a value left out. `content` is XML already. */
export function element(
  name: string,
  content: string,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Control characters cannot be written in XML 1.0 at all, not even escaped. */
export const escaped = (value: string): string =>
  plainText(value, value.length).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? '');
