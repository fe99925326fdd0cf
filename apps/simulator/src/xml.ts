/** One element of an answer, as far as a provider looks: no XML parser, since nothing else comes in these documents. */
export interface Element {
  /** as they stand in the tag */
  attributes: string;
  /** what is inside; '' where there is nothing */
  content: string;
}

/** The first element of this name, at whatever depth; null: there is none. */
export function elementIn(xml: string, name: string): Element | null {
  const found = new RegExp(`<${name}\\b([^>]*?)(?:/>|>([\\s\\S]*?)</${name}>)`).exec(xml);
  return found && { attributes: found[1] ?? '', content: found[2] ?? '' };
}

export function attribute(attributes: string | undefined, name: string): string | null {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes ?? '');
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? null : unescapeXml(value);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return ENTITIES[name ?? ''] ?? all;
    },
  );
}
