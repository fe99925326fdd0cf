import type { FakeLine, FakeTalk, StreamMessage } from './fake-talk';
import { decodeSamples, encodeSamples } from './line-samples';

export interface AssistantBehaviour {
  /** ms of each prompt, in their order; behind the last one it hangs up. On Exotel multiples of 200 */
  prompts: readonly number[];
  /** a voice, or a key, clears a prompt */
  bargeIn?: boolean;
  /** ms of a noise that counts as a voice; 100 */
  voiceMs?: number;
  /** ms without a word that are no answer; 2000 */
  noInputMs?: number;
  /** never hangs up */
  stays?: boolean;
  /** says its next prompt in the moment in which the other was cleared */
  hasty?: boolean;
}

/** ms of silence that end what a caller says, and of a pause behind a key */
const END_MS = 200;
/** ms after which a mark must have come, and those of no answer: what a busy machine holds up comes all at once, and later */
const MARK_PATIENCE_MS = 1500;
const USUAL = { bargeIn: false, voiceMs: 100, noInputMs: 2000, stays: false, hasty: false };
/** mean square of what is no silence */
const LOUD = 500 ** 2;
const PROMPT_LOUDNESS = 6000;

/**
 * Asks, listens, asks on. It has no clock: the caller's frames are its time, as they are unbroken. One prompt goes out in
 * one go, with a mark behind it.
 */
export class FakeAssistant implements FakeTalk {
  private begun = false;
  private asked = 0;
  /** mark of the prompt that is being heard */
  private speaking: string | null = null;
  private sinceMs = 0;
  private voiceMs = 0;
  private silenceMs = 0;
  private answered = false;

  private readonly is: Required<AssistantBehaviour>;

  constructor(
    private readonly line: FakeLine,
    behaviour: AssistantBehaviour,
  ) {
    this.is = { ...USUAL, ...behaviour };
  }

  begin(): void {
    this.begun = true;
    this.ask();
  }

  take({ event, media, mark }: StreamMessage): void {
    if (!this.begun) return;
    if (media) this.hear(Buffer.from(media.payload, 'base64'));
    if (mark && mark.name === this.speaking) this.heardOut();
    if (event === 'dtmf') this.answer();
  }

  private hear(frame: Buffer): void {
    const { audio } = this.line;
    const { frameMs } = audio;
    this.sinceMs += frameMs;
    const isVoice = isLoud(decodeSamples(frame, audio));
    this.voiceMs = isVoice ? this.voiceMs + frameMs : 0;
    this.silenceMs = isVoice ? 0 : this.silenceMs + frameMs;
    if (this.voiceMs >= this.is.voiceMs) this.answer();
    if (this.speaking === null) this.askAfterSilence();
    else if (this.sinceMs > (this.is.prompts[this.asked - 1] ?? 0) + MARK_PATIENCE_MS) this.heardOut();
  }

  private askAfterSilence(): void {
    const waitsMs = this.answered ? END_MS : this.is.noInputMs;
    if (Math.min(this.silenceMs, this.sinceMs) >= waitsMs) this.ask();
  }

  /** Something came of the caller: it counts if nothing is being said, or if that may be interrupted. */
  private answer(): void {
    if (this.speaking !== null) {
      if (!this.is.bargeIn) return;
      this.speaking = null;
      this.line.send({ event: 'clear' });
      if (this.is.hasty) return this.ask();
    }
    this.answered = true;
    this.silenceMs = 0;
  }

  private heardOut(): void {
    this.speaking = null;
    this.sinceMs = 0;
    this.answered = false;
    if (this.asked === this.is.prompts.length) this.hangUp();
  }

  private ask(): void {
    const lengthMs = this.is.prompts[this.asked];
    if (lengthMs === undefined) return this.hangUp();
    this.asked += 1;
    this.speaking = `prompt-${this.asked}`;
    this.sinceMs = 0;
    this.voiceMs = 0;
    this.answered = false;
    const { audio } = this.line;
    const bytes = Buffer.from(encodeSamples(tone(lengthMs, audio.sampleRate), audio));
    // Vonage takes one frame a message
    const messageBytes =
      audio.encoding === 'pcm_s16le' && audio.frameMs === 20 ? audio.frameBytes : 200 * audio.bytesPerMs;
    for (let at = 0; at < bytes.length; at += messageBytes) {
      const payload = bytes.subarray(at, at + messageBytes).toString('base64');
      this.line.send({ event: 'media', media: { payload } });
    }
    this.line.send({ event: 'mark', mark: { name: this.speaking } });
  }

  /** Once: frames that were on their way are no reason to hang up again. */
  private hangUp(): void {
    if (this.is.stays) return;
    this.begun = false;
    this.line.hangUp();
  }
}

const isLoud = (samples: Int16Array): boolean =>
  samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length > LOUD;

const tone = (ms: number, sampleRate: number): Int16Array =>
  Int16Array.from({ length: (ms * sampleRate) / 1000 }, (_, at) =>
    Math.round(PROMPT_LOUDNESS * Math.cos((2 * Math.PI * 440 * at) / sampleRate)),
  );
