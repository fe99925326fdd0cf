import { type Point } from '../plot';

/** Every bucket is wider than the one before by a hundredth of a decade: 2.3 %. */
const BUCKETS_PER_DECADE = 100;
/** The first one begins at a microsecond, in ms; what is less counts there as well. */
const LEAST_MS = 0.001;
/** Up to 100 s; what is more counts in the last one. */
const BUCKETS = 8 * BUCKETS_PER_DECADE;

/** A bucket and how often it was hit, without those that never were: what is sent between processes. */
export type Counts = [bucket: number, count: number][];

/** How often values of each size came, for very many of them: durations in ms, told no finer than 2.3 %. */
export class LogHistogram {
  private readonly buckets = new Float64Array(BUCKETS);
  private total = 0;

  static of(counts: Counts): LogHistogram {
    const histogram = new LogHistogram();
    for (const [bucket, count] of counts) histogram.put(bucket, count);
    return histogram;
  }

  /** All of what these have. */
  static together(each: readonly LogHistogram[]): LogHistogram {
    return LogHistogram.of(each.flatMap((one) => one.counts()));
  }

  get count(): number {
    return this.total;
  }

  add(ms: number): void {
    const bucket = Math.floor(Math.log10(ms / LEAST_MS) * BUCKETS_PER_DECADE);
    // 0 and less have no logarithm
    this.put(bucket >= 0 ? Math.min(bucket, BUCKETS - 1) : 0, 1);
  }

  counts(): Counts {
    return [...this.buckets.entries()].filter(([, count]) => count > 0);
  }

  /**
   * The end of the bucket that holds it: rather too much than too little.
   * @param part 0.99 for the 99th
   * @throws {RangeError} if nothing was added
   */
  percentile(part: number): number {
    if (this.total === 0) throw new RangeError('Nothing was measured.');
    const rank = Math.max(1, Math.ceil(part * this.total));
    let seen = 0;
    const bucket = this.buckets.findIndex((count) => (seen += count) >= rank);
    return endOf(bucket);
  }

  /** Which share of the values, in %, is at most so large: rising to 100. */
  distribution(): Point[] {
    let seen = 0;
    return this.counts().map(([bucket, count]) => [endOf(bucket), (100 * (seen += count)) / this.total]);
  }

  private put(bucket: number, count: number): void {
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + count;
    this.total += count;
  }
}

const endOf = (bucket: number): number => LEAST_MS * 10 ** ((bucket + 1) / BUCKETS_PER_DECADE);
