import { type SpeechSynthesizer } from '@greenroom/conversation';
import { CachedSynthesizer } from './cached-synthesizer';
import { FallbackSynthesizer } from './fallback-synthesizer';
import { type OnFault } from './fault';
import { FliteSynthesizer, type FliteVoice } from './flite/synthesizer';
import { OpenAiSpeech, type OpenAiSpeechOptions } from './openai/speech';
import { SampleCache } from './sample-cache';
import { WavFiles, WavPrompts } from './wav-prompts';

export interface SynthesizerOptions {
  onFault: OnFault;
  /** of the utterances' audio files. Left out: their texts are said, and each one is a fault */
  promptDirectory?: string | undefined;
  /** of the embedded synthesizer, for utterances that name none of its voices. Default `slt` */
  voice?: FliteVoice | undefined;
  /** what the service may take, `budgetMs` ms, before the embedded voice is used instead. Left out: no service */
  service?: (OpenAiSpeechOptions & { budgetMs?: number | undefined }) | undefined;
  /** of all audio that is remembered, in bytes. Default 64 MiB: 70 minutes at 8 kHz */
  cacheBytes?: number | undefined;
}

export interface ClosableSynthesizer extends SpeechSynthesizer {
  /** Rejects what is under way, and ends the thread of the embedded synthesizer. */
  close(): Promise<void>;
}

const CACHE_BYTES = 64 * 1024 * 1024;

/**
 * Everything that can say something, one for a process: audio files; then the speech service if there is one; then the
 * embedded synthesizer. Each has a memory of its own within one limit, so that what is remembered of the embedded voice
 * never stands in the way of the better one.
 */
export function createSynthesizer(options: SynthesizerOptions): ClosableSynthesizer {
  const { onFault, promptDirectory, voice, service, cacheBytes = CACHE_BYTES } = options;
  const cache = new SampleCache(cacheBytes);
  const flite = new FliteSynthesizer({ voice });
  const embedded = new CachedSynthesizer('embedded', flite, cache);
  const remote = service && new CachedSynthesizer('service', new OpenAiSpeech(service), cache);
  const files = new CachedSynthesizer('files', new WavFiles(promptDirectory), cache);
  const voices = new FallbackSynthesizer({
    first: remote,
    second: {
      languages: flite.languages,
      voices: flite.voices,
      synthesize: (utterance, how) => embedded.synthesize(utterance, how),
    },
    budgetMs: service?.budgetMs,
    onFault,
  });
  const prompts = new WavPrompts(files, voices, onFault);
  return {
    synthesize: (utterance, how) => prompts.synthesize(utterance, how),
    async close() {
      for (const each of [files, remote, embedded]) each?.close();
      await flite.close();
    },
  };
}
