/** Of an entry beside its samples: two objects and their places in the map. */
const OVERHEAD_BYTES = 200;

/** Audio by key, up to so many bytes; what was used least recently goes first. */
export class SampleCache {
  /** in the order of use */
  private readonly entries = new Map<string, Int16Array>();
  private used = 0;

  /** @param maxBytes of samples and keys together */
  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.used;
  }

  get(key: string): Int16Array | undefined {
    const samples = this.entries.get(key);
    if (!samples) return undefined;
    this.entries.delete(key);
    this.entries.set(key, samples);
    return samples;
  }

  /** What is larger than the whole cache is not kept, and pushes nothing out. */
  set(key: string, samples: Int16Array): void {
    this.remove(key);
    const bytes = bytesOf(key, samples);
    if (bytes > this.maxBytes) return;
    for (const oldest of this.entries.keys()) {
      if (this.used + bytes <= this.maxBytes) break;
      this.remove(oldest);
    }
    this.entries.set(key, samples);
    this.used += bytes;
  }

  private remove(key: string): void {
    const samples = this.entries.get(key);
    if (!samples) return;
    this.entries.delete(key);
    this.used -= bytesOf(key, samples);
  }
}

const bytesOf = (key: string, samples: Int16Array): number =>
  samples.byteLength + 2 * key.length + OVERHEAD_BYTES;
