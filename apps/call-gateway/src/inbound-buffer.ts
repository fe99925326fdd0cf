import type { AudioFormat } from '@greenroom/telephony';
import { AudioRing, type AudioEvent } from './audio-ring';
import { bytesPerMs } from './bytes-per-ms';

/** What happens on a stream, in order, as the conversation is told of it. */
export type StreamEvent = AudioEvent | Other;

type Other = { kind: 'dtmf'; digit: string } | { kind: 'mark'; name: string };

const MAX_OTHERS = 256;
const NONE = new Uint32Array(0);
/** Nothing was sent yet that a mark could be of: the names of a few are kept, and what an object takes beside its name. */
const MAX_MARKS_BYTES = 1024;
const MARK_BYTES = 64;
/** No provider's frames are shorter; where some are, the ring is full before it has its ms. */
const SHORTEST_FRAME_MS = 10;
/** One event for each key is enough, however often it is pressed. */
const KEYS: ReadonlyMap<string, Other> = new Map(
  [...'0123456789ABCD*#'].map((digit) => [digit, { kind: 'dtmf', digit }]),
);

/**
 * What the caller said and pressed while nobody listened yet: a ring of so many ms of audio. When it is full the
 * oldest audio goes; digits and marks stay, up to a number that no person reaches. Beside the audio itself it holds
 * 16 KiB at most, where the ring has 5 s.
 */
export class InboundBuffer {
  private ring: AudioRing | null = null;
  private others: Other[] = [];
  /** before which frame each of them came, counted from the first that ever came */
  private places = NONE;
  private marksBytes = 0;
  private readonly bytesPerMs: number;
  private droppedBytes = 0;

  /** @param format of all audio */
  constructor(
    private readonly maxAudioMs: number,
    format: AudioFormat,
  ) {
    this.bytesPerMs = bytesPerMs(format);
  }

  /** bytes of audio that it holds */
  get bytes(): number {
    return this.ring?.bytes ?? 0;
  }

  /** ms of audio that it holds */
  get audioMs(): number {
    return this.bytes / this.bytesPerMs;
  }

  /** ms of audio that it could not keep */
  get droppedMs(): number {
    return (this.droppedBytes + (this.ring?.droppedBytes ?? 0)) / this.bytesPerMs;
  }

  push(event: StreamEvent): void {
    if (event.kind !== 'audio') return this.keep(event);
    this.ring ??= new AudioRing({
      maxBytes: Math.floor(this.maxAudioMs * this.bytesPerMs),
      maxFrames: Math.max(1, Math.ceil(this.maxAudioMs / SHORTEST_FRAME_MS)),
    });
    this.ring.push(event);
  }

  /** All of it, oldest first; the buffer is empty afterwards. */
  take(): StreamEvent[] {
    const { ring, others, places } = this;
    const events: StreamEvent[] = [];
    let next = 0;
    const addOthersBefore = (frame: number) => {
      for (; next < others.length && (places[next] ?? 0) <= frame; next += 1)
        events.push(others[next] as Other);
    };
    for (let frame = ring?.droppedFrames ?? 0; ring && ring.frames > 0; frame += 1) {
      addOthersBefore(frame);
      events.push(ring.shift());
    }
    addOthersBefore(Infinity);
    this.empty();
    return events;
  }

  private keep(event: Other): void {
    if (this.others.length >= MAX_OTHERS) return;
    const bytes = event.kind === 'mark' ? MARK_BYTES + 2 * event.name.length : 0;
    if (this.marksBytes + bytes > MAX_MARKS_BYTES) return;
    this.marksBytes += bytes;
    if (this.places === NONE) this.places = new Uint32Array(MAX_OTHERS);
    this.places[this.others.length] = this.ring ? this.ring.droppedFrames + this.ring.frames : 0;
    this.others.push((event.kind === 'dtmf' && KEYS.get(event.digit)) || event);
  }

  private empty(): void {
    this.droppedBytes += this.ring?.droppedBytes ?? 0;
    this.ring = null;
    this.others = [];
    this.places = NONE;
    this.marksBytes = 0;
  }
}
