import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { Breaker } from './breaker';
import { systemClock, type Clock } from './clock';
import { type OnFault } from './fault';
import { untilAborted } from './until-aborted';

/** A synthesizer that remembers: what it says late is there the next time. */
export interface RememberingSynthesizer extends SpeechSynthesizer {
  kept(utterance: Utterance, sampleRate: number): Int16Array | undefined;
}

/** A synthesizer that is always there. */
export interface EmbeddedSynthesizer extends SpeechSynthesizer {
  /** primary subtags of BCP 47, such as `en` */
  readonly languages: readonly string[];
  readonly voices: readonly string[];
}

export interface FallbackOptions {
  /** left out: the second says everything */
  first?: RememberingSynthesizer | undefined;
  second: EmbeddedSynthesizer;
  onFault: OnFault;
  /** ms for which the first is awaited: all of them are dead air. Default 1500 */
  budgetMs?: number | undefined;
  /** failures in a row, late answers among them, after which the first is let alone. Default 3 */
  failures?: number | undefined;
  /** ms for which it is then let alone. Default 30,000 */
  pauseMs?: number | undefined;
  clock?: Clock | undefined;
}

type Options = { sampleRate: number; signal: AbortSignal };

/**
 * The first synthesizer, and the second where the first fails or is late. What the first remembers is used even while it
 * is let alone. An utterance that names a voice of the second's is the second's. A caller who goes away does not end what
 * the first was asked, since how it ends is of interest to the next.
 */
export class FallbackSynthesizer implements SpeechSynthesizer {
  private readonly breaker: Breaker;
  private readonly clock: Clock;
  private readonly foreign = new Set<string>();

  constructor(private readonly options: FallbackOptions) {
    this.clock = options.clock ?? systemClock;
    this.breaker = new Breaker({ failures: options.failures ?? 3, pauseMs: options.pauseMs ?? 30_000 });
  }

  async synthesize(utterance: Utterance, options: Options): Promise<Int16Array> {
    options.signal.throwIfAborted();
    const { first, second } = this.options;
    if (!first || second.voices.includes(utterance.voice ?? '')) return this.embedded(utterance, options);
    const kept = first.kept(utterance, options.sampleRate);
    if (kept) return kept;
    if (!this.breaker.admits(this.clock.now())) return this.embedded(utterance, options);
    const attempt = this.attempt(first, utterance, options.sampleRate);
    return (await untilAborted(attempt, options.signal)) ?? this.embedded(utterance, options);
  }

  /** Null if the first fails, or has not answered within the budget. Never rejects. */
  private attempt(
    first: SpeechSynthesizer,
    utterance: Utterance,
    sampleRate: number,
  ): Promise<Int16Array | null> {
    const budgetMs = this.options.budgetMs ?? 1500;
    return new Promise((resolve) => {
      let decided = false;
      const fail = (error: unknown) => {
        if (decided) return;
        decided = true;
        cancel();
        this.breaker.failed(this.clock.now());
        this.options.onFault('speech-service', error);
        resolve(null);
      };
      const cancel = this.clock.after(budgetMs, () => fail(new Error(`no answer within ${budgetMs} ms`)));
      const { signal } = new AbortController();
      first.synthesize(utterance, { sampleRate, signal }).then((samples) => {
        if (decided) return;
        decided = true;
        cancel();
        this.breaker.succeeded();
        resolve(samples);
      }, fail);
    });
  }

  /** Better an English voice than silence, whatever the language; but whoever runs this should know. */
  private embedded(utterance: Utterance, options: Options): Promise<Int16Array> {
    const { second, onFault } = this.options;
    const language = utterance.language.toLowerCase().split('-', 1)[0] ?? '';
    if (!second.languages.includes(language) && !this.foreign.has(language)) {
      this.foreign.add(language);
      onFault('embedded-voice', new Error(`"${language}" is said by a voice for ${second.languages.join()}`));
    }
    return second.synthesize(utterance, options);
  }
}
