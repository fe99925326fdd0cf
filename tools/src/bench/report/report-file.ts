import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Whether a report can be written there, before anything is measured for minutes. What stands there already stays.
 * @throws with a message for people
 */
export function assertWritable(file: string): void {
  const path = resolve(file);
  if (!existsSync(dirname(path))) throw new Error(`--report: there is no folder ${dirname(path)}.`);
  const isNew = !existsSync(path);
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    const reason = why === 'EISDIR' ? 'it is a folder' : (why ?? String(error));
    throw new Error(`--report: ${path} cannot be written: ${reason}.`, { cause: error });
  }
  if (isNew) rmSync(path);
}

/** @returns where it is now */
export function writeReport(file: string, page: string): string {
  const path = resolve(file);
  // it may have gone while others were measured
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, page);
  return path;
}
