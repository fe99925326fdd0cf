const VOID = new Set(['meta']);
const TAG =
  /<(?<closing>\/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)(?<attributes>(?:\s+[a-zA-Z][-:a-zA-Z0-9]*(?:="[^"<>]*")?)*)\s*(?<empty>\/?)>/g;

export interface ParsedPage {
  /** each tag with the names of its attributes, in their order */
  tags: string[];
  /** what is left when all tags are taken away */
  texts: string;
  unbalanced: string[];
}

/** For specs: a parser that knows no mercy. Every tag must be closed, every attribute stand in double quotes. */
export function parsePage(page: string): ParsedPage {
  const body = page.replace(/^<!doctype html>/, '').replace(/<style>.*?<\/style>/gs, '<style></style>');
  const open: string[] = [];
  const tags: string[] = [];
  const unbalanced: string[] = [];
  for (const { groups: tag = {} } of body.matchAll(TAG)) {
    const { closing, name = '', attributes = '', empty } = tag;
    if (closing) {
      if (open.pop() !== name) unbalanced.push(name);
      continue;
    }
    tags.push(`${name}${attributes.replace(/="[^"]*"/g, '').replace(/\s+/g, ' ')}`);
    if (!empty && !VOID.has(name)) open.push(name);
  }
  return { tags, texts: body.replace(TAG, '\n'), unbalanced: [...unbalanced, ...open] };
}
