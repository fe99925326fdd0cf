import { type Worker } from 'node:worker_threads';
import { type Utterance } from '@greenroom/conversation';
import { systemClock, type Clock } from '../clock';
import { type EmbeddedSynthesizer } from '../fallback-synthesizer';
import { untilAborted } from '../until-aborted';
import { wavSamples } from '../wav-samples';
import { sayable } from './sayable';
import { FliteThread, startFliteWorker } from './thread';

/**
 * The voices in flite.wasm, but for `awb_time`, which can tell the time only. `kal` speaks at 8 kHz, the others at 16 kHz.
 * Flite takes an unknown name for `kal`, and one with a "/" or ":" for a file or an address.
 */
export const FLITE_VOICES = ['kal', 'kal16', 'slt', 'rms', 'awb'] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

/** Pieces of text that may wait: 20 s of work with the slowest voice. Whoever comes later would not be served in time. */
const LONGEST_QUEUE = 200;

export interface FliteOptions {
  /** of utterances that name none, or one that is not flite's. Default `slt` */
  voice?: FliteVoice | undefined;
  /** ms for one piece of a text (300 characters); then the thread is ended, and started anew. Default 20,000 */
  limitMs?: number | undefined;
  clock?: Clock | undefined;
  startWorker?: (() => Worker) | undefined;
}

/**
 * CMU Flite in a thread of its own: English only, without a network, 25 ms (`kal`) to 160 ms (`slt`) for a sentence of 5 s.
 * One for a process. It remembers nothing.
 */
export class FliteSynthesizer implements EmbeddedSynthesizer {
  readonly languages = ['en'];
  readonly voices: readonly string[] = FLITE_VOICES;
  private readonly thread: FliteThread;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private closed = false;

  constructor(private readonly options: FliteOptions = {}) {
    const { startWorker = startFliteWorker, clock = systemClock, limitMs = 20_000 } = options;
    this.thread = new FliteThread(startWorker, clock, limitMs);
  }

  /**
   * No samples for a text without letters and digits.
   * @throws {RangeError} if the text has more than 2000 characters
   * @throws {Error} if nothing of the text can be said in English, too many wait, or flite failed
   */
  async synthesize(
    utterance: Utterance,
    { sampleRate, signal }: { sampleRate: number; signal: AbortSignal },
  ): Promise<Int16Array> {
    const voice = this.voiceOf(utterance);
    const said: Int16Array[] = [];
    for (const text of sayable(utterance.text)) {
      signal.throwIfAborted();
      const wav = await untilAborted(this.inTurn({ voice, text }, signal), signal);
      said.push(wavSamples(wav, sampleRate));
    }
    return joined(said);
  }

  /** Rejects what is under way and what waits. Not to be used afterwards. */
  async close(): Promise<void> {
    this.closed = true;
    await this.thread.close();
  }

  private voiceOf({ voice }: Utterance): string {
    return FLITE_VOICES.find((known) => known === voice) ?? this.options.voice ?? 'slt';
  }

  private async inTurn(request: { voice: string; text: string }, signal: AbortSignal): Promise<Uint8Array> {
    if (this.waiting >= LONGEST_QUEUE) throw new Error(`${this.waiting} texts are waiting for flite`);
    this.waiting += 1;
    const work = this.turn.then(() => {
      this.waiting -= 1;
      signal.throwIfAborted();
      if (this.closed) throw new Error('The synthesizer is closed');
      return this.thread.run(request);
    });
    this.turn = work.catch(() => undefined);
    return work;
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
