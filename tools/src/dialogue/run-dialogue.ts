import { type Dialogue } from '@greenroom/dialogue';
import { loadFile } from './load-file';
import { type Command, HELP, readOptions } from './options';
import { play, type Terminal } from './play';

export interface Surroundings extends Terminal {
  complain: (line: string) => void;
  /** that files are relative to */
  folder: string;
}

/** As in the help: it went as it should; it did not; it was not understood. */
const [OK, FAILED, USAGE] = [0, 1, 2] as const;

/** `npm run dialogue`. @returns the exit code */
export async function runDialogue(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let command: Command;
  try {
    command = readOptions(args);
  } catch (error) {
    surroundings.complain(error instanceof Error ? error.message : String(error));
    surroundings.complain('See npm run dialogue -- --help.');
    return USAGE;
  }
  if (command.kind === 'check') return check(command.files, surroundings);
  if (command.kind === 'try') return tryOut(command, surroundings);
  surroundings.say(HELP);
  return OK;
}

function check(files: readonly string[], { folder, say, complain }: Surroundings): number {
  let sound = true;
  for (const file of files) {
    const loaded = loadFile(file, folder);
    if (loaded.ok) say(`${file}: ok, ${summaryOf(loaded.dialogue)}`);
    else complain(loaded.problems);
    sound &&= loaded.ok;
  }
  return sound ? OK : FAILED;
}

function summaryOf({ steps, languages, transfers }: Dialogue): string {
  const count = `${steps.size} step${steps.size === 1 ? '' : 's'}`;
  return `${count} in ${languages.join(' and ')}${transfers ? ', may transfer to a person' : ''}`;
}

async function tryOut(
  { file, caller }: Extract<Command, { kind: 'try' }>,
  surroundings: Surroundings,
): Promise<number> {
  const loaded = loadFile(file, surroundings.folder);
  if (!loaded.ok) {
    surroundings.complain(loaded.problems);
    return FAILED;
  }
  await play(loaded.dialogue, caller, surroundings);
  return OK;
}
