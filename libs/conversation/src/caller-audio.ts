import { Endpointer, type EndpointerSettings, type SpeechEvent } from './endpointer';
import { type VoiceActivityDetector } from './speech';
import { VoiceGate } from './voice-gate';

/** Kept from before the first voice and after the last: words have soft beginnings and ends. */
const MARGIN_MS = 200;
/** Frames kept from before anybody spoke. */
const PREROLL_MS = 1000;

/**
 * Told of each event while the audio of it is being kept; says whether speech that begins is a new answer, or more of
 * the one before.
 */
type Tell = (event: SpeechEvent) => 'new' | 'more';

/**
 * The caller's audio: cut into the detector's frames, searched for speech, and kept while there is some. All of it
 * runs in the loop that receives audio, so it waits for nothing.
 */
export class CallerAudio {
  readonly gate: VoiceGate;
  private readonly endpointer: Endpointer;
  private readonly frameMs: number;
  private rest = new Int16Array(0);
  private preroll: Int16Array[] = [];
  private speech: Int16Array[] = [];

  constructor(
    private readonly detector: VoiceActivityDetector,
    private readonly sampleRate: number,
    settings: EndpointerSettings,
  ) {
    this.gate = new VoiceGate(detector, sampleRate);
    this.endpointer = new Endpointer(settings);
    this.frameMs = (detector.frameSamples / sampleRate) * 1000;
  }

  configure(settings: EndpointerSettings): void {
    this.endpointer.configure(settings);
  }

  /** @param now ms, when the last of these samples came */
  hear(pcm: Int16Array, now: number, tell: Tell): void {
    const samples = this.rest.length === 0 ? pcm : joined([this.rest, pcm]);
    const size = this.detector.frameSamples;
    let start = 0;
    for (; start + size <= samples.length; start += size) {
      const agoMs = ((samples.length - start - size) / this.sampleRate) * 1000;
      this.frame(samples.subarray(start, start + size), { now, agoMs }, tell);
    }
    this.rest = samples.slice(start);
  }

  /** What has been said for this answer so far. */
  said(): Int16Array {
    return joined(this.speech);
  }

  forget(): void {
    this.speech = [];
  }

  close(): void {
    this.detector.close();
    this.speech = [];
    this.preroll = [];
  }

  private frame(frame: Int16Array, { now, agoMs }: { now: number; agoMs: number }, tell: Tell): void {
    const { inSpeech } = this.endpointer;
    const event = this.endpointer.push(this.gate.isVoice(frame, now - agoMs), this.frameMs);
    this.preroll.push(frame);
    if (this.preroll.length * this.frameMs > PREROLL_MS) this.preroll.shift();
    if (inSpeech) this.speech.push(frame);
    if (event?.kind === 'ended') this.dropSilence(event.silentMs);
    if (!event) return;
    // of what came all at once the beginning is further back than the audio before it is long
    const kind = tell(event.kind === 'began' ? { ...event, agoMs: event.agoMs + agoMs } : event);
    if (event.kind !== 'began') return;
    const kept = Math.ceil((event.agoMs + MARGIN_MS) / this.frameMs);
    this.speech = [...(kind === 'more' ? this.speech : []), ...this.preroll.slice(-kept)];
  }

  private dropSilence(silentMs: number): void {
    const frames = Math.floor((silentMs - MARGIN_MS) / this.frameMs);
    if (frames > 0) this.speech.splice(-frames);
  }
}

function joined(parts: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
