/** Addresses that are remembered at once; beyond it the oldest is forgotten, which only gives it a new start. */
const MAX_ADDRESSES = 10_000;
const WINDOW_MS = 1000;

/**
 * How often one address may show wrong credentials. Providers come from few addresses and do not get them wrong, so
 * only refusals count, and only those of the last second.
 */
export class RefusalLimit {
  private readonly windows = new Map<string, { startedAt: number; refusals: number }>();
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly maxPerSecond: number,
    private readonly now: () => number,
  ) {}

  /** Nobody was refused within the last second, so that no address need be looked at. */
  get quiet(): boolean {
    return this.now() - this.lastAt >= WINDOW_MS;
  }

  exceeded(address: string): boolean {
    const window = this.windows.get(address);
    return window !== undefined && this.isCurrent(window) && window.refusals >= this.maxPerSecond;
  }

  count(address: string): void {
    this.lastAt = this.now();
    const window = this.windows.get(address);
    if (window && this.isCurrent(window)) {
      window.refusals += 1;
      return;
    }
    this.windows.delete(address);
    this.windows.set(address, { startedAt: this.now(), refusals: 1 });
    const [oldest] = this.windows.keys();
    if (this.windows.size > MAX_ADDRESSES && oldest !== undefined) this.windows.delete(oldest);
  }

  private isCurrent({ startedAt }: { startedAt: number }): boolean {
    return this.now() - startedAt < WINDOW_MS;
  }
}
