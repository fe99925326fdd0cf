import type { IncomingMessage } from 'node:http';

/**
 * The headers by name, an array where one came more than once. Node would join such lines by a comma, and of some,
 * `Authorization` among them, keep the first alone: what a proxy before us has looked at may have been the other one.
 */
export function headersAsTheyCame({
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): Readonly<Record<string, string | string[] | undefined>> {
  // as many lines as names: none came twice
  if (rawHeaders.length === 2 * Object.keys(headers).length) return headers;
  const lines = new Map<string, string[]>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    lines.set(name, [...(lines.get(name) ?? []), rawHeaders[at + 1] ?? '']);
  }
  return { ...headers, ...Object.fromEntries([...lines].filter(([, values]) => values.length > 1)) };
}
