/**
 * Foreign text made fit to keep: at most `max` UTF-16 units, trimmed, without control characters and unpaired
 * surrogates. Postgres refuses NUL in text and half a surrogate pair in jsonb, so one odd byte in a query
 * string could otherwise cost a call its session.
 */
export function plainText(value: string, max: number): string {
  const cut = value.trim().slice(0, max);
  // nearly all that comes: nothing in it can be replaced
  if (PRINTABLE_ASCII.test(cut)) return cut.trim();
  return cut
    .replace(/[\uD800-\uDFFF]/gu, '')
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .trim();
}

const PRINTABLE_ASCII = /^[ -~]*$/;

/** A webhook's details for the call's timeline: what is null or blank is left out. */
export function plainDetails(details: Readonly<Record<string, string | null>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(details)) {
    const text = plainText(value ?? '', 1024);
    if (text !== '') kept[name] = text;
  }
  return kept;
}
