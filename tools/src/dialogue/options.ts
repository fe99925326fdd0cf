import { parseArgs } from 'node:util';
import { AttributesSchema, type Attributes } from '@greenroom/contracts';

export const HELP = `Checks dialogues, and plays them in the terminal. docs/dialogues.md describes how to write one.

  npm run dialogue -- check FILE...
  npm run dialogue -- try FILE [options]

  --name NAME           the caller's name; nobody's if left out
  --language TAG        the caller's language, such as hi or en-IN
  --attribute NAME=TEXT something else that is known of the caller; any number of them
  --unknown             nobody knows the caller, until /known is typed
  --help                this

While it plays, type what the caller does:
  1, 42 or 42#          presses these keys
  yes, please           says this, as a recogniser would have it
  ...                   says something without words, as where no recogniser is configured
  (an empty line)       stays silent until the assistant goes on
  /known                the caller's data comes late, before what is typed next
  /hang up, or Ctrl-D   ends the call

Exit status: 0 the dialogues are sound; 1 one is not, or cannot be read; 2 the options were not understood.
`;

export type Command =
  { kind: 'help' } | { kind: 'check'; files: string[] } | { kind: 'try'; file: string; caller: Caller };

export interface Caller {
  name: string | null;
  /** as it was written: any text */
  language: string | null;
  attributes: Attributes;
  /** nobody has announced the call */
  unknown: boolean;
}

const OPTIONS = {
  name: { type: 'string' },
  language: { type: 'string' },
  attribute: { type: 'string', multiple: true },
  unknown: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** @throws {Error} with what is wrong about them */
export function readOptions(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [command, ...files] = positionals;
  if (values.help || command === 'help') return { kind: 'help' };
  if (command !== 'check' && command !== 'try') {
    throw new Error(`${command ?? 'No command given'}: accepted are check and try.`);
  }
  const [file, ...more] = files;
  if (file === undefined) throw new Error(`${command} needs the name of a file.`);
  if (command === 'check') {
    if (Object.keys(values).length > 0) throw new Error('check knows no caller: these options are for try.');
    return { kind: 'check', files };
  }
  if (more.length > 0) throw new Error('try plays one file at a time.');
  return { kind: 'try', file, caller: callerOf(values) };
}

function callerOf(values: {
  name?: string;
  language?: string;
  attribute?: string[];
  unknown?: boolean;
}): Caller {
  const { name = null, language = null, attribute = [], unknown = false } = values;
  return { name, language, attributes: attributesOf(attribute), unknown };
}

function attributesOf(written: readonly string[]): Attributes {
  const pairs = written.map((each) => {
    const end = each.indexOf('=');
    if (end < 1)
      throw new Error(`--attribute ${each}: accepted is NAME=TEXT, such as amount="4,999 rupees".`);
    return [each.slice(0, end), each.slice(end + 1)] as const;
  });
  const attributes = AttributesSchema.safeParse(Object.fromEntries(pairs));
  if (!attributes.success) throw new Error('The name of an attribute has at most 64 letters, its text 1024.');
  return attributes.data;
}
