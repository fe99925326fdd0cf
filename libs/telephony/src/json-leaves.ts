/** A string, number or other plain value of a JSON text. */
export interface Leaf {
  /** as a JSON pointer (RFC 6901): `/media/payload` */
  path: string;
  /** as it stands in the text, with its quotes */
  token: string;
  /** index of its first character */
  at: number;
}

/** A name with what it is called, a string, a bracket, or any other value. */
const TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*)"(?=\s*:)|"[^"\\]*(?:\\.[^"\\]*)*"|[{}[]|[^\s"{}[\]:,]+/g;
const PLAIN_NAME = /^[\w-]+$/;

/**
 * Where the values of an object stand in its text, in their order. Null where that takes a parser's care: arrays, names
 * that stand twice, and names with anything but letters, digits, `_` and `-` in them, which may be one name in two guises.
 * @param text what JSON.parse takes for an object
 */
export function leavesOf(text: string): Leaf[] | null {
  const leaves: Leaf[] = [];
  const names = new Set<string>();
  const parents: string[] = [];
  let path = '';
  for (const { 0: token, 1: name, index: at } of text.matchAll(TOKEN)) {
    if (token === '[') return null;
    if (token === '{') parents.push(path);
    else if (token === '}') parents.pop();
    else if (name === undefined) leaves.push({ path, token, at });
    else {
      path = `${parents.at(-1)}/${name}`;
      if (!PLAIN_NAME.test(name) || names.has(path)) return null;
      names.add(path);
    }
  }
  return leaves;
}
