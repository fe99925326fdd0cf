import { parseArgs } from 'node:util';

export interface BenchOptions {
  json: boolean;
  /** as they were given; none: all of them */
  groups: string[];
}

/** @throws {TypeError} that says what was not understood */
export function readArguments(args: readonly string[]): BenchOptions | 'help' {
  const flag = { type: 'boolean', default: false } as const;
  const options = { json: flag, help: flag };
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  return values.help ? 'help' : { json: values.json, groups: positionals };
}
