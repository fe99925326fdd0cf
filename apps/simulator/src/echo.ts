/**
 * Looks for what was said in what is heard, byte for byte and without a gap, as it arrives (Knuth, Morris and
 * Pratt: each byte is looked at once, so that hundreds of calls in one process cost nothing to speak of).
 */
export class EchoListener {
  private readonly fallback: Int32Array;
  private matched = 0;
  private longest = 0;

  constructor(private readonly said: Uint8Array) {
    if (said.length === 0) throw new RangeError('There is no echo of nothing.');
    this.fallback = fallbacks(said);
  }

  /** all of it was heard */
  get complete(): boolean {
    return this.longest === this.said.length;
  }

  /** bytes of the longest beginning that was heard without a gap */
  get longestBytes(): number {
    return this.longest;
  }

  hear(bytes: Uint8Array): void {
    if (this.complete) return;
    for (const byte of bytes) {
      while (this.matched > 0 && this.said[this.matched] !== byte) {
        this.matched = this.fallback[this.matched - 1] ?? 0;
      }
      if (this.said[this.matched] === byte) this.matched += 1;
      if (this.matched > this.longest) this.longest = this.matched;
      if (this.complete) return;
    }
  }
}

/** For each beginning of `said`: how long its longest own beginning is that is its end as well. */
function fallbacks(said: Uint8Array): Int32Array {
  const table = new Int32Array(said.length);
  let length = 0;
  for (let at = 1; at < said.length; at += 1) {
    while (length > 0 && said[at] !== said[length]) length = table[length - 1] ?? 0;
    if (said[at] === said[length]) length += 1;
    table[at] = length;
  }
  return table;
}
