import { createSynthesizer } from '@greenroom/speech';
import type { Speech } from '../call-options';
import { UsageError } from '../config';

/** The assistant may have the others. */
const VOICE = 'rms';
/** ms for all texts; the whole script of a call takes a second or two */
const LONGEST_MS = 60_000;

/**
 * All of these texts, each once.
 * @param sampleRate Hz
 * @throws {UsageError} if one of them cannot be spoken
 */
export type SpeakAll = (texts: readonly string[], sampleRate: number) => Promise<ReadonlyMap<string, Speech>>;

/** By the embedded synthesizer, which is gone again afterwards. */
export const speakAll: SpeakAll = async (texts, sampleRate) => {
  const synthesizer = createSynthesizer({ voice: VOICE, onFault: () => undefined });
  const signal = AbortSignal.timeout(LONGEST_MS);
  const spoken = new Map<string, Speech>();
  try {
    for (const text of new Set(texts)) {
      const samples = await synthesizer
        .synthesize({ text, language: 'en' }, { sampleRate, signal })
        .catch((error: unknown) => Promise.reject(unspeakable(text, (error as Error).message)));
      if (samples.length === 0) throw unspeakable(text, 'there are no words in it');
      spoken.set(text, { samples, sampleRate });
    }
  } finally {
    await synthesizer.close();
  }
  return spoken;
};

const unspeakable = (text: string, why: string): UsageError =>
  new UsageError(`The caller cannot say “${text}”: ${why}`);
