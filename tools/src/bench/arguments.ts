import { parseArgs } from 'node:util';

export interface BenchOptions {
  json: boolean;
  /** less of everything, as where several groups are measured */
  brief: boolean;
  /** file that the report is written to */
  report: string | null;
  /** as they were given; none: all of them */
  groups: string[];
}

/** One group, in this very process: what the bench starts itself with, for each of them. */
export interface ApartOptions {
  apart: string;
  brief: boolean;
}

/** @throws {TypeError} that says what was not understood */
export function readArguments(args: readonly string[]): BenchOptions | ApartOptions | 'help' {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = { json: flag, brief: flag, help: flag, report: text, apart: text };
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { json, brief, help, report = null, apart } = values;
  if (help) return 'help';
  if (apart !== undefined) return { apart, brief };
  if (report === '') throw new TypeError('--report needs the name of a file.');
  return { json, brief, report, groups: positionals };
}

/** What is typed for the same again; `json` is for whoever reads it. */
export function commandOf({ brief, report, groups }: BenchOptions): string {
  const words = [...(brief ? ['--brief'] : []), ...(report === null ? [] : ['--report', report]), ...groups];
  return ['npm run bench', ...(words.length > 0 ? ['--'] : []), ...words.map(quoted)].join(' ');
}

const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
