/**
 * Bytes in their order, put in as they come and taken out in messages. What is smaller than a message is gathered in a
 * piece of the queue's own, which is used again; what may stay for long is copied out of memory that it shares with others.
 */
export class ByteQueue {
  private readonly pieces: Uint8Array[] = [];
  /** bytes of the first piece that were taken already */
  private head = 0;
  /** bytes at the end of the last piece that are still free */
  private room = 0;
  private own: Uint8Array | null = null;
  private ownIsFree = false;
  /** bytes that were put in so far */
  added = 0;
  /** bytes that were taken or dropped so far */
  taken = 0;

  /** @param messageBytes what most messages have */
  constructor(private readonly messageBytes: number) {}

  /** The bytes must not change afterwards, unless they are fewer than a message has: those are copied. */
  add(bytes: Uint8Array): void {
    this.added += bytes.length;
    const filled = this.room === 0 ? 0 : this.fill(bytes);
    if (filled === bytes.length) return;
    const rest = filled === 0 ? bytes : bytes.subarray(filled);
    if (rest.length < this.messageBytes) return this.gather(rest);
    const isNext = this.pieces.length === 0 && rest.length === this.messageBytes;
    this.pieces.push(isNext || fillsItsMemory(rest) ? rest : new Uint8Array(rest));
  }

  /**
   * The next bytes. They stay as they are until `reuse` is called.
   * @param count not more than there are
   */
  take(count: number): Uint8Array {
    this.taken += count;
    const first = this.pieces[0];
    const whole = first !== undefined && first.length - this.head >= count;
    const message = whole ? this.cut(first, count) : this.join(count);
    if (this.taken === this.added) this.forget();
    return message;
  }

  /** What was taken so far is needed by nobody any more. */
  reuse(): void {
    this.ownIsFree = this.own !== null && !this.pieces.includes(this.own);
  }

  clear(): void {
    this.taken = this.added;
    this.forget();
  }

  /** @returns how many of them there was room for */
  private fill(bytes: Uint8Array): number {
    const last = this.pieces[this.pieces.length - 1];
    if (!last) return 0;
    const count = Math.min(this.room, bytes.length);
    last.set(count === bytes.length ? bytes : bytes.subarray(0, count), last.length - this.room);
    this.room -= count;
    return count;
  }

  private gather(bytes: Uint8Array): void {
    const piece = this.own && this.ownIsFree ? this.own : new Uint8Array(this.messageBytes);
    this.own = piece;
    this.ownIsFree = false;
    piece.set(bytes);
    this.room = piece.length - bytes.length;
    this.pieces.push(piece);
  }

  private cut(first: Uint8Array, count: number): Uint8Array {
    const from = this.head;
    this.head += count;
    if (this.head === first.length) this.shift();
    return count === first.length ? first : first.subarray(from, from + count);
  }

  private join(count: number): Uint8Array {
    const joined = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const first = this.pieces[0];
      if (!first) break;
      const part = this.cut(first, Math.min(count - at, first.length - this.head));
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  private shift(): void {
    this.pieces.shift();
    this.head = 0;
  }

  private forget(): void {
    this.pieces.length = 0;
    this.head = 0;
    this.room = 0;
  }
}

/** A small part of a larger memory would hold all of that for as long as it is queued. */
const fillsItsMemory = (bytes: Uint8Array): boolean => 2 * bytes.byteLength >= bytes.buffer.byteLength;
