/*
 * Speech in and out, as a conversation uses it. Audio is 16-bit mono PCM at the stream's own rate everywhere.
 */

/** Tells voice from everything else, frame by frame. One for each call: it adapts to the line's noise. */
export interface VoiceActivityDetector {
  /** samples of one frame: 20 ms */
  readonly frameSamples: number;
  /** Synchronous and fast (microseconds): it runs in the loop that receives the caller's audio. */
  isVoice(frame: Int16Array): boolean;
  /** Gives back what it holds; it is not used afterwards. */
  close(): void;
}

/** @param sampleRate Hz: 8000, 16000 or 24000 */
export type OpenDetector = (sampleRate: number) => VoiceActivityDetector;

/** Something to say, in one go. */
export interface Utterance {
  text: string;
  /** BCP 47, such as `en-IN` */
  language: string;
  /** a WAV file that says it, by its path; the text is then for the record */
  audioFile?: string | undefined;
  /** voice of the synthesizer; its own default if left out */
  voice?: string | undefined;
}

export interface SpeechSynthesizer {
  /**
   * The utterance as samples at `sampleRate` Hz. The same utterance may be asked for any number of times: whoever
   * implements this remembers. Whoever asks has waited long enough when `signal` aborts.
   * @throws if there is no way to say it
   */
  synthesize(utterance: Utterance, options: { sampleRate: number; signal: AbortSignal }): Promise<Int16Array>;
}

export interface SpeechRecognizer {
  /**
   * What was said; null where it could not be told in time, whatever the reason: the conversation goes on without the
   * words. Never rejects, except when `signal` aborts.
   */
  recognize(
    speech: { pcm: Int16Array; sampleRate: number },
    options: { language: string; signal: AbortSignal },
  ): Promise<string | null>;
}
