import { parseObject, type JsonObject } from '../json';

/** One `key=value` of the form `id=42|name=A Person`; a key has to look like one, since base64 ends in `=` too. */
const PAIR = /^([A-Za-z][\w .-]*)=(.*)$/s;

/**
 * `CustomField` is one free text that whoever placed the call over the API has chosen. Understood: a JSON object,
 * and `key=value|key=value`, a convention seen in public code; anything else is kept whole under `customField`.
 * Values are as they came: a phone number's leading blank may be a `+` that nobody escaped.
 */
export function readCustomField(text: string | null): ReadonlyMap<string, string> {
  if (text === null) return new Map();
  const object = parseObject(text);
  return (object && fromObject(object)) ?? fromPairs(text) ?? new Map([['customField', text]]);
}

function fromObject(object: JsonObject): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    const text = typeof value === 'string' ? value : toJson(value);
    if (text !== null) fields.set(name, text);
  }
  return fields;
}

/** Null for null, and for what is nested too deeply to be written again. */
function toJson(value: unknown): string | null {
  try {
    return value === null ? null : JSON.stringify(value);
  } catch {
    return null;
  }
}

function fromPairs(text: string): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  for (const part of text.split('|')) {
    const [, name, value] = PAIR.exec(part) ?? [];
    if (name === undefined || value === undefined) return null;
    fields.set(name.trim(), value);
  }
  const [only] = fields.values();
  return fields.size === 1 && /^=?$/.test(only ?? '') ? null : fields;
}
