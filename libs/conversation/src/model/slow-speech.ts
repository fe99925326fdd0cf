import {
  type SpeechRecognizer,
  type SpeechSynthesizer,
  type Utterance,
  type VoiceActivityDetector,
} from '../speech';
import { levelOf } from '../voice-gate';
import { tone } from './sounds';
import { type VirtualClock } from './virtual-clock';

export interface SpeechBehaviour {
  synthesisMs: number;
  /** utterances that cannot be said, by a part of their text */
  unsayable: string | null;
  /** length of all utterances */
  lengthMs: (text: string) => number;
  recognitionMs: number;
  words: (pcm: Int16Array) => string | null;
}

/** Says everything in one tone, 20 dB below full scale, when its time has come. */
export class SlowSynthesizer implements SpeechSynthesizer {
  readonly asked: string[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly behaviour: SpeechBehaviour,
  ) {}

  async synthesize({ text }: Utterance, { sampleRate }: { sampleRate: number }): Promise<Int16Array> {
    this.asked.push(text);
    const { synthesisMs, unsayable, lengthMs } = this.behaviour;
    if (synthesisMs > 0) await this.clock.sleep(synthesisMs);
    if (unsayable !== null && text.includes(unsayable)) throw new Error('there is no way to say it');
    return tone(lengthMs(text), -20, sampleRate);
  }
}

/** Hears what it is told to, when its time has come; does not listen to being given up. */
export class SlowRecognizer implements SpeechRecognizer {
  readonly heard: { ms: number; signal: AbortSignal }[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly behaviour: SpeechBehaviour,
  ) {}

  async recognize(
    { pcm, sampleRate }: { pcm: Int16Array; sampleRate: number },
    { signal }: { signal: AbortSignal },
  ): Promise<string | null> {
    this.heard.push({ ms: (pcm.length / sampleRate) * 1000, signal });
    const { recognitionMs, words } = this.behaviour;
    if (recognitionMs > 0) await this.clock.sleep(recognitionMs);
    return words(pcm);
  }
}

/** Takes for voice whatever is louder than the noise of a line, and lets go late, as real ones do. */
export class LevelDetector implements VoiceActivityDetector {
  readonly frameSamples: number;
  closed = 0;
  frames = 0;
  private hangover = 0;

  constructor(
    sampleRate: number,
    private readonly hangoverFrames = 0,
  ) {
    this.frameSamples = sampleRate / 50;
  }

  isVoice(frame: Int16Array): boolean {
    if (this.closed > 0) throw new Error('the detector was closed');
    this.frames += 1;
    const voice = levelOf(frame) > -65;
    this.hangover = voice ? this.hangoverFrames : this.hangover - 1;
    return voice || this.hangover >= 0;
  }

  close(): void {
    this.closed += 1;
  }
}
