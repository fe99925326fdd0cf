import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type Dialogue, DialogueError, parseDialogue } from '@greenroom/dialogue';

export type Loaded = { ok: true; dialogue: Dialogue } | { ok: false; problems: string };

/** Far more than a dialogue may have; what is larger is some other file. Bytes. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * @param file as it was named: messages name it so
 * @param folder that it is relative to
 */
export function loadFile(file: string, folder: string): Loaded {
  const path = isAbsolute(file) ? file : join(folder, file);
  let text: string;
  try {
    if (statSync(path).size > MAX_BYTES) return wrong(`${file}: this is no dialogue, it is far too large`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return wrong(`${file}: cannot be read: ${reasonOf(error)}`);
  }
  try {
    const dialogue = parseDialogue(text, file);
    const missing = missingRecordings(dialogue, text, path);
    return missing.length > 0 ? wrong(missing.join('\n')) : { ok: true, dialogue };
  } catch (error) {
    if (error instanceof DialogueError) return wrong(error.message);
    throw error;
  }
}

const wrong = (problems: string): Loaded => ({ ok: false, problems });

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'it may not be read',
  };
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The dialogue itself does not look at other files: those it names are next to it. */
function missingRecordings(dialogue: Dialogue, text: string, path: string): string[] {
  const files = new Set(dialogue.utterances().flatMap(({ audioFile }) => audioFile ?? []));
  return [...files]
    .filter((file) => !existsSync(join(dirname(path), file)))
    .map(
      (file) =>
        `${dialogue.fileName}:${placeOf(text, file)}: there is no recording ${file} next to the dialogue`,
    );
}

function placeOf(text: string, part: string): string {
  const before = text.slice(0, Math.max(text.indexOf(part), 0)).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
