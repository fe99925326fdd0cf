import { constants, type Stats } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { type OnFault } from './fault';
import { wavSamples } from './wav-samples';

/** Three minutes of 16-bit stereo at 44.1 kHz. */
const LONGEST_BYTES = 32 * 1024 * 1024;

/** Reads `audioFile`, which is below one directory, wherever its links lead. */
export class WavFiles implements SpeechSynthesizer {
  /** @param directory undefined: no file can be played */
  constructor(private readonly directory: string | undefined) {}

  /** @throws if there is no such file, it lies elsewhere, or it is no WAV file */
  async synthesize({ audioFile }: Utterance, { sampleRate }: { sampleRate: number }): Promise<Int16Array> {
    if (!this.directory) throw new Error('There is an audio file to play, but no directory of such files');
    if (!audioFile) throw new Error('The utterance names no audio file');
    return wavSamples(await readBelow(this.directory, audioFile), sampleRate);
  }
}

async function readBelow(directory: string, path: string): Promise<Uint8Array> {
  const root = await realpath(directory);
  const file = await realpath(resolve(root, path));
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) throw new Error('The file is not a prompt');
  // the open of a pipe would wait for its other end
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    assertReadable(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function assertReadable(stats: Stats): void {
  if (!stats.isFile()) throw new Error('The prompt is not a file');
  if (stats.size > LONGEST_BYTES)
    throw new Error(`The prompt has ${stats.size} bytes: ${LONGEST_BYTES} at most`);
}

/**
 * Plays the utterances that have an audio file, and leaves all others to the next synthesizer. Where the file cannot be
 * played its text is said instead, and the fault is told.
 */
export class WavPrompts implements SpeechSynthesizer {
  constructor(
    private readonly files: SpeechSynthesizer,
    private readonly next: SpeechSynthesizer,
    private readonly onFault: OnFault,
  ) {}

  async synthesize(
    utterance: Utterance,
    options: { sampleRate: number; signal: AbortSignal },
  ): Promise<Int16Array> {
    if (!utterance.audioFile) return this.next.synthesize(utterance, options);
    try {
      return await this.files.synthesize(utterance, options);
    } catch (error) {
      options.signal.throwIfAborted();
      this.onFault('prompt', error);
      return this.next.synthesize({ ...utterance, audioFile: undefined }, options);
    }
  }
}
