export type JsonObject = Readonly<Record<string, unknown>>;

/** The text as a JSON object; null for anything else, whatever it is. */
export function parseObject(text: string): JsonObject | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/**
 * An own property, so that `constructor` and its like are not found on a prototype.
 * A name may carry stray blanks: Exotel's own sample has the key `"to "` (support.exotel.com 3000108630).
 */
export function read(object: JsonObject, key: string): unknown {
  if (Object.hasOwn(object, key)) return object[key];
  const stray = Object.keys(object).find((name) => name.trim() === key);
  return stray === undefined ? undefined : object[stray];
}

export function readObject(object: JsonObject, key: string): JsonObject | null {
  return asObject(read(object, key));
}

/** Text, or a number written as one; null if missing, blank or anything else. */
export function readText(object: JsonObject, key: string): string | null {
  const value = read(object, key);
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text : null;
}

/** A whole number from 0, which both providers send now as a number, now as text; null for anything else. */
export function readCount(object: JsonObject, key: string): number | null {
  const text = readText(object, key);
  if (text === null || !/^\d{1,16}$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
}
