import { closeSync, createWriteStream, openSync, renameSync, writeSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { errorFields, type Logger } from '@greenroom/platform';
import { AudioPool, decodeAudio, writeWav, type AudioFormat } from '@greenroom/telephony';
import type { PlaybackWatch } from './playback';

/** Written in pieces of this length. */
const PIECE_MS = 1000;
/** The caller's frames come with jitter; only a hole longer than this is one. */
const HOLE_MS = 500;
/** A disk that is so far behind is stuck: the recording is given up, the call goes on. */
const MAX_UNWRITTEN_BYTES = 8_388_608;
const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const CHANNELS = 2;

export interface RecordingOptions {
  folder: string;
  /** without `.wav` */
  name: string;
  format: AudioFormat;
  /** clock time of the stream's start: zero of the recording */
  startedAt: number;
  now: () => number;
  logger: Logger;
}

interface Piece {
  /** index of its first sample */
  from: number;
  samples: Int16Array;
}

/**
 * A call as a stereo WAV file: the caller on the left as it came, the assistant on the right as the caller heard it, on
 * one time axis that begins with the stream. Written while the call goes on; whatever is wrong with the disk, the call
 * does not notice.
 */
export class Recording implements PlaybackWatch {
  private readonly file: string;
  private stream: WriteStream | null;
  private caller: Piece[] = [];
  private assistant: Piece[] = [];
  private readonly pool = new AudioPool();
  /** samples of each channel that were written */
  private written = 0;
  /** where the caller's next sample goes */
  private callerAt = 0;
  /** up to there it comes all at once, and has no holes */
  private caughtUpAt = 0;
  /** where the sample is, or would be, with which the provider's clock began; null: it has told no time yet */
  private providerZero: number | null = null;

  constructor(private readonly options: RecordingOptions) {
    this.file = join(options.folder, `${options.name}.wav`);
    this.stream = createWriteStream(`${this.file}.part`, { mode: 0o600 });
    this.stream.on('error', (error) => this.giveUp(error));
    this.stream.write(header(options.format.sampleRate, 0));
  }

  /** What was kept while nobody listened is told next: it was said up to now. */
  catchUp(bufferedMs: number): void {
    const now = this.options.now();
    this.callerAt = Math.max(0, this.indexOf(now - bufferedMs));
    this.caughtUpAt = this.indexOf(now) - 1;
  }

  /** @param pcm is copied; @param timestampMs of the first sample, by the provider's clock; null: it tells none */
  heard(pcm: Int16Array, timestampMs: number | null = null): void {
    if (!this.stream) return;
    const place = this.placeOf(pcm, timestampMs);
    if (this.callerAt >= this.caughtUpAt && place - this.callerAt > this.samplesIn(HOLE_MS))
      this.callerAt = place;
    this.caller.push({ from: this.callerAt, samples: this.copyOf(pcm) });
    this.callerAt += pcm.length;
    const until = Math.min(this.indexOf(this.options.now()), this.callerAt);
    if (until - this.written >= this.samplesIn(PIECE_MS)) this.write(until);
  }

  private copyOf(pcm: Int16Array): Int16Array {
    const samples = this.pool.samples(pcm.length);
    samples.set(pcm);
    return samples;
  }

  /** By the provider's clock, which does not take what was only late for a hole; but nothing is said in the future. */
  private placeOf(pcm: Int16Array, timestampMs: number | null): number {
    const arrived = this.indexOf(this.options.now()) - pcm.length;
    if (timestampMs === null) return arrived;
    const since = Math.round(this.samplesIn(timestampMs));
    this.providerZero ??= this.callerAt - since;
    return Math.min(arrived, this.providerZero + since);
  }

  sent(bytes: Uint8Array, at: number): void {
    if (!this.stream) return;
    this.assistant.push({
      from: this.indexOf(at),
      samples: decodeAudio(this.options.format, bytes, this.pool),
    });
  }

  cleared(from: number): void {
    const end = this.indexOf(from);
    this.assistant = this.assistant
      .filter((piece) => piece.from < end)
      .map((piece) => ({ from: piece.from, samples: piece.samples.subarray(0, end - piece.from) }));
  }

  /** Resolves when the file is complete and has its name. Never rejects. */
  async finish(): Promise<void> {
    if (!this.stream) return;
    // what was not played by now never will be: the line is closed
    const now = this.indexOf(this.options.now());
    this.cleared(this.options.now());
    this.write(Math.max(this.written, this.callerAt, now));
    const { stream } = this;
    if (!stream) return;
    this.stream = null;
    await new Promise<void>((resolve) => {
      stream.once('error', () => resolve());
      stream.end(() => resolve());
    });
    this.complete(stream.errored !== null);
  }

  private complete(broken: boolean): void {
    if (broken) return;
    try {
      const file = openSync(`${this.file}.part`, 'r+');
      writeSync(file, header(this.options.format.sampleRate, this.written), 0, HEADER_BYTES, 0);
      closeSync(file);
      renameSync(`${this.file}.part`, this.file);
    } catch (error) {
      this.giveUp(error);
    }
  }

  private write(until: number): void {
    const interleaved = new Int16Array((until - this.written) * CHANNELS);
    this.caller = this.overlay(this.caller, interleaved, 0, until);
    this.assistant = this.overlay(this.assistant, interleaved, 1, until);
    this.written = until;
    const { buffer, byteOffset, byteLength } = interleaved;
    this.stream?.write(Buffer.from(buffer, byteOffset, byteLength));
    if ((this.stream?.writableLength ?? 0) > MAX_UNWRITTEN_BYTES)
      this.giveUp(new Error('The disk is too slow.'));
  }

  /** @returns what is left for later */
  private overlay(pieces: readonly Piece[], target: Int16Array, channel: number, until: number): Piece[] {
    const left: Piece[] = [];
    for (const { from, samples } of pieces) {
      const first = Math.max(0, this.written - from);
      const end = Math.min(samples.length, until - from);
      for (let index = first; index < end; index += 1) {
        target[(from + index - this.written) * CHANNELS + channel] = samples[index] ?? 0;
      }
      if (end < samples.length) left.push({ from, samples });
    }
    return left;
  }

  private giveUp(error: unknown): void {
    this.options.logger.error(errorFields(error), 'recording given up, the call goes on');
    this.stream?.destroy();
    this.stream = null;
    this.caller = [];
    this.assistant = [];
  }

  private indexOf(clockMs: number): number {
    return Math.round(this.samplesIn(clockMs - this.options.startedAt));
  }

  private samplesIn(ms: number): number {
    return (ms / 1000) * this.options.format.sampleRate;
  }
}

/** The header that `writeWav` gives a file of so many samples a channel. */
function header(sampleRate: number, samples: number): Uint8Array {
  const bytes = writeWav({ sampleRate, channels: CHANNELS, samples: new Int16Array(0) });
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const length = samples * CHANNELS * SAMPLE_BYTES;
  view.setUint32(4, HEADER_BYTES - 8 + length, true);
  view.setUint32(40, length, true);
  return bytes;
}
