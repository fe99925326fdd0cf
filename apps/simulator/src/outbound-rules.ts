import type { OutboundRules } from './provider-side';

/** Collects what Greenroom did against the provider's rules: each kind once, with how often it happened. */
export class RuleKeeper {
  private readonly broken = new Map<string, { first: string; times: number }>();

  constructor(private readonly rules: OutboundRules) {}

  get violations(): string[] {
    return [...this.broken.values()].map(({ first, times }) =>
      times > 1 ? `${first} (${times} times)` : first,
    );
  }

  /** @param leadMs how long before its turn the message came */
  checkMedia(bytes: number, leadMs: number): void {
    const { minBytes, maxBytes, multipleOf, maxLeadMs } = this.rules;
    if (bytes < minBytes) this.note('small', `media of ${bytes} bytes, the least is ${minBytes}`);
    if (bytes > maxBytes) this.note('large', `media of ${bytes} bytes, the most is ${maxBytes}`);
    if (bytes % multipleOf !== 0)
      this.note('uneven', `media of ${bytes} bytes, not a multiple of ${multipleOf}`);
    if (leadMs > maxLeadMs) {
      this.note('early', `media ${Math.round(leadMs)} ms before its turn, the most is ${maxLeadMs} ms`);
    }
  }

  /** @param kind what makes two of them the same; the words of the first one are kept */
  note(kind: string, what: string): void {
    const known = this.broken.get(kind);
    if (known) known.times += 1;
    else this.broken.set(kind, { first: what, times: 1 });
  }
}
