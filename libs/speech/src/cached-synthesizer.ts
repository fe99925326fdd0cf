import { setMaxListeners } from 'node:events';
import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { type SampleCache } from './sample-cache';
import { untilAborted } from './until-aborted';

/**
 * Remembers what another synthesizer has said, at the rate at which it was asked for. Requests for one utterance that come
 * together are one; a failure is not kept. A request goes on when nobody waits for it any more, and its result is kept:
 * what was wanted once is wanted again. So the other synthesizer must end by itself.
 *
 * The samples are shared by all who ask: nobody writes into them.
 */
export class CachedSynthesizer implements SpeechSynthesizer {
  private readonly underway = new Map<string, Promise<Int16Array>>();
  private readonly closing = new AbortController();

  /** @param name tells synthesizers apart that share a cache */
  constructor(
    private readonly name: string,
    private readonly inner: SpeechSynthesizer,
    private readonly cache: SampleCache,
  ) {
    // one for each request that is under way is no leak
    setMaxListeners(0, this.closing.signal);
  }

  /** What is remembered, at once. */
  kept(utterance: Utterance, sampleRate: number): Int16Array | undefined {
    return this.cache.get(this.keyOf(utterance, sampleRate));
  }

  async synthesize(
    utterance: Utterance,
    { sampleRate, signal }: { sampleRate: number; signal: AbortSignal },
  ): Promise<Int16Array> {
    signal.throwIfAborted();
    const kept = this.kept(utterance, sampleRate);
    if (kept) return kept;
    const key = this.keyOf(utterance, sampleRate);
    const work = this.underway.get(key) ?? this.start(key, utterance, sampleRate);
    return untilAborted(work, signal);
  }

  /** Ends what is under way; whoever waits for it is told so. */
  close(): void {
    this.closing.abort(new Error('The synthesizer is closed'));
  }

  private start(key: string, utterance: Utterance, sampleRate: number): Promise<Int16Array> {
    const work = this.keep(key, utterance, sampleRate).finally(() => this.underway.delete(key));
    this.underway.set(key, work);
    return work;
  }

  private async keep(key: string, utterance: Utterance, sampleRate: number): Promise<Int16Array> {
    const samples = await this.inner.synthesize(utterance, { sampleRate, signal: this.closing.signal });
    this.cache.set(key, samples);
    return samples;
  }

  private keyOf({ text, language, voice, audioFile }: Utterance, sampleRate: number): string {
    return JSON.stringify([this.name, sampleRate, language, voice ?? null, audioFile ?? null, text]);
  }
}
