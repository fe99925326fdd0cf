import { Endpointer, type EndpointerSettings, type SpeechEvent } from './endpointer';
import { type VoiceActivityDetector } from './speech';
import { SpeechAudio } from './speech-audio';
import { VoiceGate } from './voice-gate';

/** Kept from before the first voice and after the last: words have soft beginnings and ends. */
const MARGIN_MS = 200;

/**
 * Told of each event while the audio of it is being kept, and of the time that `hear` was; says whether speech that
 * begins is a new answer, or more of the one before.
 */
type Tell = (event: SpeechEvent, now: number) => 'new' | 'more';

/**
 * The caller's audio: cut into the detector's frames, searched for speech, and kept while there is some. All of it
 * runs in the loop that receives audio, so it waits for nothing; and for a frame in which nothing begins or ends it
 * allocates nothing.
 */
export class CallerAudio {
  readonly gate: VoiceGate;
  private readonly endpointer: Endpointer;
  private readonly frameMs: number;
  private readonly speech: SpeechAudio;
  /** the beginning of a frame whose end has not come yet */
  private readonly begun: Int16Array;
  private begunSamples = 0;

  constructor(
    private readonly detector: VoiceActivityDetector,
    private readonly sampleRate: number,
    settings: EndpointerSettings,
  ) {
    this.gate = new VoiceGate(detector, sampleRate);
    this.endpointer = new Endpointer(settings);
    this.frameMs = (detector.frameSamples / sampleRate) * 1000;
    this.speech = new SpeechAudio(sampleRate, detector.frameSamples);
    this.begun = new Int16Array(detector.frameSamples);
  }

  configure(settings: EndpointerSettings): void {
    this.endpointer.configure(settings);
  }

  /**
   * @param pcm read, and copied where it is kept
   * @param now ms, when the last of these samples came
   */
  hear(pcm: Int16Array, now: number, tell: Tell): void {
    const size = this.begun.length;
    let start = 0;
    if (this.begunSamples > 0) {
      start = size - this.begunSamples;
      this.begin(pcm.subarray(0, start));
      if (this.begunSamples < size) return;
      this.begunSamples = 0;
      this.frame(this.begun, now, pcm.length - start, tell);
    }
    for (; start + size <= pcm.length; start += size) {
      const frame = pcm.length === size ? pcm : pcm.subarray(start, start + size);
      this.frame(frame, now, pcm.length - start - size, tell);
    }
    if (start < pcm.length) this.begin(pcm.subarray(start));
  }

  /** What has been said for this answer so far. */
  said(): Int16Array {
    return this.speech.said();
  }

  forget(): void {
    this.speech.forget();
  }

  close(): void {
    this.detector.close();
    this.speech.forget();
  }

  private begin(samples: Int16Array): void {
    this.begun.set(samples, this.begunSamples);
    this.begunSamples += samples.length;
  }

  /** @param behind samples that came with this frame and are later than it */
  private frame(frame: Int16Array, now: number, behind: number, tell: Tell): void {
    const agoMs = (behind / this.sampleRate) * 1000;
    const { inSpeech } = this.endpointer;
    const event = this.endpointer.push(this.gate.isVoice(frame, now - agoMs), this.frameMs);
    this.speech.remember(frame);
    if (inSpeech) this.speech.add(frame);
    if (!event) return;
    if (event.kind === 'ended') {
      this.dropSilence(event.silentMs);
      tell(event, now);
      return;
    }
    // of what came all at once the beginning is further back than the audio before it is long
    const kind = tell({ ...event, agoMs: event.agoMs + agoMs }, now);
    if (kind === 'new') this.speech.forget();
    this.speech.addRecent(Math.ceil((event.agoMs + MARGIN_MS) / this.frameMs));
  }

  private dropSilence(silentMs: number): void {
    const frames = Math.floor((silentMs - MARGIN_MS) / this.frameMs);
    if (frames > 0) this.speech.dropLast(frames);
  }
}
