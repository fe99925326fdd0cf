/** Bytes of the first, and so of the smallest, ring: a second of mu-law. */
const FIRST_BYTES = 8192;
const FIRST_FRAMES = 64;
const MORE_FRAMES = 32;

export interface AudioRingSize {
  maxBytes: number;
  maxFrames: number;
}

/** A frame of the caller's audio. */
export interface AudioEvent {
  kind: 'audio';
  /** in the stream's own format */
  payload: Uint8Array;
  /** of its first sample, by the provider's clock */
  timestampMs: number | null;
  /** by our own clock (`performance.now`) */
  cameAt: number;
}

/**
 * The latest frames of a caller's audio, copied into memory of its own: one piece for the bytes, three for what is known
 * of each frame. It holds nothing until the first frame comes, and a little while that is enough, as it is for most calls.
 * Then it grows once, to its size: each step in between would be a piece that is given back to the allocator and not to
 * the system. Beyond its size the oldest frames go, each in no time.
 */
export class AudioRing {
  private memory = new Uint8Array(0);
  private firstByte = 0;
  private lengths = new Uint32Array(0);
  private timestamps = new Float64Array(0);
  private arrivals = new Float64Array(0);
  private firstFrame = 0;
  /** frames that it holds */
  frames = 0;
  /** bytes that it holds */
  bytes = 0;
  /** frames and bytes that had to go so far */
  droppedFrames = 0;
  droppedBytes = 0;

  constructor(private readonly size: AudioRingSize) {}

  push({ payload, timestampMs, cameAt }: AudioEvent): void {
    const { maxBytes, maxFrames } = this.size;
    const count = payload.byteLength;
    while (this.frames > 0 && (this.bytes + count > maxBytes || this.frames === maxFrames)) this.dropOldest();
    if (count > maxBytes) {
      this.droppedFrames += 1;
      this.droppedBytes += count;
      return;
    }
    if (this.bytes + count > this.memory.length) this.growMemory(this.bytes + count);
    if (this.frames === this.lengths.length) this.growFrames();
    this.write(payload);
    const place = this.placeOf(this.frames);
    this.lengths[place] = count;
    this.timestamps[place] = timestampMs ?? NaN;
    this.arrivals[place] = cameAt;
    this.frames += 1;
    this.bytes += count;
  }

  /** The oldest frame, of those that it holds: there has to be one. Its bytes stay as they are until the next `push`. */
  shift(): AudioEvent {
    const place = this.firstFrame;
    const payload = this.read(this.lengths[place] ?? 0);
    const timestamp = this.timestamps[place] ?? NaN;
    const timestampMs = Number.isNaN(timestamp) ? null : timestamp;
    const cameAt = this.arrivals[place] ?? 0;
    this.dropFirst();
    return { kind: 'audio', payload, timestampMs, cameAt };
  }

  private dropOldest(): void {
    this.droppedFrames += 1;
    this.droppedBytes += this.lengths[this.firstFrame] ?? 0;
    this.dropFirst();
  }

  private dropFirst(): void {
    const count = this.lengths[this.firstFrame] ?? 0;
    this.firstFrame = this.placeOf(1);
    this.frames -= 1;
    this.firstByte = this.byteAt(count);
    this.bytes -= count;
  }

  private write(payload: Uint8Array): void {
    const at = this.byteAt(this.bytes);
    const untilEnd = this.memory.length - at;
    if (payload.byteLength <= untilEnd) return this.memory.set(payload, at);
    this.memory.set(payload.subarray(0, untilEnd), at);
    this.memory.set(payload.subarray(untilEnd), 0);
  }

  /** The first so many bytes: where they lie, unless they go round the end. */
  private read(count: number): Uint8Array {
    const end = this.firstByte + count;
    if (end <= this.memory.length) return this.memory.subarray(this.firstByte, end);
    const whole = new Uint8Array(count);
    const head = this.memory.subarray(this.firstByte);
    whole.set(head);
    whole.set(this.memory.subarray(0, count - head.length), head.length);
    return whole;
  }

  private growMemory(needed: number): void {
    const { maxBytes } = this.size;
    const memory = new Uint8Array(needed <= FIRST_BYTES ? Math.min(FIRST_BYTES, maxBytes) : maxBytes);
    memory.set(this.read(this.bytes));
    this.memory = memory;
    this.firstByte = 0;
  }

  private growFrames(): void {
    const places = Math.min(Math.max(FIRST_FRAMES, this.expectedFrames()), this.size.maxFrames);
    const [lengths, timestamps, arrivals] = [
      new Uint32Array(places),
      new Float64Array(places),
      new Float64Array(places),
    ];
    for (let index = 0; index < this.frames; index += 1) {
      const place = this.placeOf(index);
      lengths[index] = this.lengths[place] ?? 0;
      timestamps[index] = this.timestamps[place] ?? NaN;
      arrivals[index] = this.arrivals[place] ?? 0;
    }
    [this.lengths, this.timestamps, this.arrivals, this.firstFrame] = [lengths, timestamps, arrivals, 0];
  }

  /** As many as fill the ring if they go on as they are, and a few more; more than there are in any case. */
  private expectedFrames(): number {
    const full = (this.frames * this.size.maxBytes) / Math.max(1, this.bytes);
    return this.frames + Math.max(MORE_FRAMES, Math.ceil(full) - this.frames);
  }

  private placeOf(index: number): number {
    return (this.firstFrame + index) % Math.max(1, this.lengths.length);
  }

  private byteAt(offset: number): number {
    return (this.firstByte + offset) % Math.max(1, this.memory.length);
  }
}
