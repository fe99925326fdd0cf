/** A response's body as text; null, and the rest unread, if it is longer than so many bytes. */
export async function readBounded(response: Response, maxBytes: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > maxBytes) return null;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts).toString('utf8');
}
