import { accessSync, constants, mkdirSync } from 'node:fs';
import { ConfigError } from '@greenroom/platform';
import { Recording, type RecordingOptions } from './recording';

/** The recordings of this process, where calls are recorded at all. */
export class Recordings {
  private readonly finishing = new Set<Promise<void>>();

  /**
   * @param folder made if it is missing; null: nothing is recorded
   * @throws {ConfigError} if nothing can be written there
   */
  constructor(private readonly folder: string | null) {
    if (folder === null) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK);
    } catch (error) {
      throw new ConfigError(
        `RECORDINGS_DIR: nothing can be written to ${folder}: ${(error as Error).message}`,
      );
    }
  }

  begin(options: Omit<RecordingOptions, 'folder'>): Recording | null {
    return this.folder === null ? null : new Recording({ ...options, folder: this.folder });
  }

  /** In the background: the end of a call does not wait for the disk. */
  finish(recording: Recording | null): void {
    if (!recording) return;
    const finished = recording.finish().finally(() => this.finishing.delete(finished));
    this.finishing.add(finished);
  }

  async drain(): Promise<void> {
    await Promise.allSettled([...this.finishing]);
  }
}
