/** As large as Node's own pool of Buffers. For messages of 20 ms, eight times as much was 3 % faster. */
const SLAB_BYTES = 8192;
/** What is larger has a store of its own: at 3,200 bytes that takes no longer than a part of a slab. */
const LARGEST_SHARE = SLAB_BYTES / 4;

/** Where audio is written. What stands in it is not defined: it has to be written whole. */
export interface AudioRoom {
  bytes(length: number): Uint8Array<ArrayBuffer>;
  samples(length: number): Int16Array<ArrayBuffer>;
}

/**
 * Room for the audio of message after message: a store of its own for each would cost more than the decoding. Slabs are
 * cut up from front to back and never used again, so what was handed out is its holder's for ever.
 *
 * It holds its whole slab, though: whoever keeps audio long copies it, or has a pool for each call. And nobody hands the
 * slab (`buffer`) over to another thread, which would take it from all others.
 */
export class AudioPool implements AudioRoom {
  private store = new ArrayBuffer(0);
  private slab = Buffer.from(this.store);
  private free = 0;

  bytes(length: number): Uint8Array<ArrayBuffer> {
    if (length > LARGEST_SHARE) return new Uint8Array(length);
    const at = this.take(length);
    return new Uint8Array(this.store, at, length);
  }

  samples(length: number): Int16Array<ArrayBuffer> {
    if (2 * length > LARGEST_SHARE) return new Int16Array(length);
    const at = this.take(2 * length);
    return new Int16Array(this.store, at, length);
  }

  /** The bytes of a base64 text that should be so many; null if they are fewer. What is no base64 is skipped over. */
  base64(text: string, length: number): Uint8Array<ArrayBuffer> | null {
    if (length > LARGEST_SHARE) {
      const own = Buffer.from(new ArrayBuffer(length));
      return own.write(text, 0, length, 'base64') === length ? new Uint8Array(own.buffer) : null;
    }
    const at = this.take(length);
    if (this.slab.write(text, at, length, 'base64') !== length) return null;
    return new Uint8Array(this.store, at, length);
  }

  /** @returns where in the store; always even, as samples have to begin */
  private take(bytes: number): number {
    if (this.free + bytes > this.store.byteLength) {
      this.store = new ArrayBuffer(SLAB_BYTES);
      this.slab = Buffer.from(this.store);
      this.free = 0;
    }
    const at = this.free;
    this.free = (at + bytes + 1) & ~1;
    return at;
  }
}

/** For whoever brings none of its own. */
export const SHARED_POOL = new AudioPool();
