import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The part of a page that is generated, between `<!-- NAME -->` and `<!-- /NAME -->`. With UPDATE_DOCS set it is written
 * anew; otherwise it is given back as it stands, to be compared with what it should be.
 */
export function generatedPart(page: string, name: string, wanted: string): string {
  const file = join(__dirname, '../../..', page);
  const text = readFileSync(file, 'utf8');
  const [open, close] = [`<!-- ${name} -->\n\n`, `\n\n<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open) + open.length, text.indexOf(close)];
  if (start < open.length || end < start) throw new Error(`${page} has no part ${name}`);
  if (process.env['UPDATE_DOCS']) {
    writeFileSync(file, text.slice(0, start) + wanted + text.slice(end));
    return wanted;
  }
  return text.slice(start, end);
}
