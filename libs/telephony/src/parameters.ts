import { parseObject, type JsonObject } from './json';
import type { WebhookRequest } from './port';

/** Parameters in the order they came, each with all its values: a framework's parser would lose that. */
export type ParameterMap = ReadonlyMap<string, readonly string[]>;

/** A parameter that has to be there exactly once. */
export type Single =
  { value: string } | { problem: 'missing' | 'empty' | 'given more than once' | 'not text' };

/** A raw query or form body, decoded; bracketed names such as `Stream[Status]` stay as they are. */
export function parseParameters(encoded: string): ParameterMap {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(encoded)) add(parameters, name, value);
  return parameters;
}

/** Deepest name that any provider sends: `Legs[0][Cause]`. */
const MAX_DEPTH = 3;

/** A JSON body under the names that a form would have had: `{"Legs":[{"Cause":"16"}]}` is `Legs[0][Cause]=16`. */
export function parseJsonParameters(text: string): ParameterMap {
  const parameters = new Map<string, string[]>();
  flatten(parameters, parseObject(text) ?? {}, { prefix: '', depth: 1 });
  return parameters;
}

function flatten(
  into: Map<string, string[]>,
  object: JsonObject,
  at: { prefix: string; depth: number },
): void {
  for (const [key, value] of Object.entries(object)) {
    const name = at.prefix === '' ? key : `${at.prefix}[${key}]`;
    if (typeof value === 'object' && value !== null) {
      if (at.depth < MAX_DEPTH) flatten(into, value as JsonObject, { prefix: name, depth: at.depth + 1 });
      else add(into, `${name}[]`, '');
    } else {
      add(into, name, scalar(value));
    }
  }
}

/** An integer that JSON.parse had to round is no longer the id that was sent. */
function scalar(value: unknown): string {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? '' : String(value);
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : '';
}

function add(into: Map<string, string[]>, name: string, value: string): void {
  const values = into.get(name);
  if (values) values.push(value);
  else into.set(name, [value]);
}

export function queryOf(url: string): string {
  const [beforeFragment = ''] = url.split('#', 1);
  const start = beforeFragment.indexOf('?');
  return start < 0 ? '' : beforeFragment.slice(start + 1);
}

export function isJson(request: WebhookRequest): boolean {
  const type = request.headers['content-type'];
  return typeof type === 'string' && /^\s*application\/([\w.+-]+\+)?json\b/i.test(type);
}

/** Of the requests at hand: whoever checks a signature and whoever reads the call want the same parameters. */
const parsed = new WeakMap<WebhookRequest, ParameterMap>();

/** GET: the query. POST: the body; the query of a POST is our own configuration, not the call's data. */
export function requestParameters(request: WebhookRequest): ParameterMap {
  const known = parsed.get(request);
  if (known) return known;
  const parameters = parseRequest(request);
  parsed.set(request, parameters);
  return parameters;
}

function parseRequest(request: WebhookRequest): ParameterMap {
  if (request.method === 'GET') return parseParameters(queryOf(request.url));
  return isJson(request) ? parseJsonParameters(request.body) : parseParameters(request.body);
}

export function single(parameters: ParameterMap, name: string): Single {
  const values = parameters.get(name);
  if (isNested(parameters, `${name}[`)) return { problem: 'not text' };
  if (values?.[0] === undefined) return { problem: 'missing' };
  if (values.length > 1) return { problem: 'given more than once' };
  return values[0] === '' ? { problem: 'empty' } : { value: values[0] };
}

function isNested(parameters: ParameterMap, prefix: string): boolean {
  for (const name of parameters.keys()) if (name.startsWith(prefix)) return true;
  return false;
}

/**
 * The first of these parameters that has a value, as it came: a leading blank may be a `+` that nobody escaped.
 * Where one is repeated with different values, none of them is believed.
 */
export function text(parameters: ParameterMap, ...names: string[]): string | null {
  for (const name of names) {
    const [value = '', ...others] = parameters.get(name) ?? [];
    if (value.trim() !== '' && others.every((other) => other === value)) return value;
  }
  return null;
}

/** Does any parameter whose name begins like this have a value? Exotel sends empty ones as `Name=`. */
export function anyStartsWith(parameters: ParameterMap, prefix: string): boolean {
  for (const [name, values] of parameters) {
    if (name.startsWith(prefix) && values.some((value) => value !== '')) return true;
  }
  return false;
}
