/** What counts as speech on this line, and when it is over. All in ms. */
export interface EndpointerSettings {
  /** voice shorter than this is a cough, and never told of */
  minimumMs: number;
  /** silence after which the caller has finished */
  endSilenceMs: number;
  /** longest speech: then it is taken as it is */
  longestMs: number;
}

export type SpeechEvent =
  /** it began that long ago, by the time of the audio */
  | { kind: 'began'; agoMs: number }
  /** `speechMs` from the first to the last voice in it, which was `silentMs` ago */
  | { kind: 'ended'; speechMs: number; silentMs: number; why: 'end-silence' | 'too-long' };

/** A pause in a word: it does not make two noises of one. */
const BRIDGED_MS = 60;

/**
 * From voice, frame by frame, to speech that begins and ends. It counts audio and not time: what was said while nobody
 * listened yet comes all at once and is found just so.
 */
export class Endpointer {
  private settings: EndpointerSettings;
  private speaking = false;
  /** from the first voiced frame of this speech, or of what may become one; 0: silence */
  private lengthMs = 0;
  private voicedMs = 0;
  private silentMs = 0;

  constructor(settings: EndpointerSettings) {
    this.settings = settings;
  }

  get inSpeech(): boolean {
    return this.speaking;
  }

  /** Holds from the next frame on, for speech that goes on as well. */
  configure(settings: EndpointerSettings): void {
    this.settings = settings;
  }

  push(voiced: boolean, frameMs: number): SpeechEvent | null {
    if (this.lengthMs === 0 && !voiced) return null;
    this.lengthMs += frameMs;
    this.silentMs = voiced ? 0 : this.silentMs + frameMs;
    if (voiced) this.voicedMs += frameMs;
    return this.speaking ? this.maybeEnd() : this.maybeBegin();
  }

  private maybeBegin(): SpeechEvent | null {
    if (this.silentMs > BRIDGED_MS) this.reset();
    if (this.voicedMs === 0 || this.voicedMs < this.settings.minimumMs) return null;
    this.speaking = true;
    return { kind: 'began', agoMs: this.lengthMs };
  }

  private maybeEnd(): SpeechEvent | null {
    const { endSilenceMs, longestMs } = this.settings;
    const why =
      this.silentMs >= endSilenceMs ? 'end-silence' : this.lengthMs >= longestMs ? 'too-long' : null;
    if (why === null) return null;
    const { silentMs } = this;
    const speechMs = this.lengthMs - silentMs;
    this.reset();
    return { kind: 'ended', speechMs, silentMs, why };
  }

  private reset(): void {
    this.speaking = false;
    this.lengthMs = 0;
    this.voicedMs = 0;
    this.silentMs = 0;
  }
}
