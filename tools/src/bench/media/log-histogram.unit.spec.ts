import { LogHistogram } from './log-histogram';

const of = (...values: number[]): LogHistogram => {
  const histogram = new LogHistogram();
  values.forEach((value) => histogram.add(value));
  return histogram;
};

describe('a histogram', () => {
  it('tells percentiles no finer than its buckets, and never too small', () => {
    const histogram = of(...Array.from({ length: 1000 }, (_, index) => (index + 1) / 10));
    for (const [part, exact] of [
      [0.5, 50],
      [0.99, 99],
      [1, 100],
    ] as const) {
      const told = histogram.percentile(part);
      expect(told).toBeGreaterThanOrEqual(exact);
      expect(told).toBeLessThan(exact * 1.024);
    }
  });

  it('has a place for what is too small, and for what is too large', () => {
    const histogram = of(-1, 0, 1e-9, 1e9);
    expect(histogram.count).toBe(4);
    expect(histogram.percentile(0.5)).toBeLessThan(0.0011);
    expect(histogram.percentile(1)).toBeGreaterThan(90_000);
  });

  it('comes through another process as it was, and adds up', () => {
    const one = of(1, 2, 300);
    const copy = LogHistogram.of(JSON.parse(JSON.stringify(one.counts())) as ReturnType<typeof one.counts>);
    expect(copy.counts()).toEqual(one.counts());
    const both = LogHistogram.together([one, of(2, 5)]);
    expect(both.count).toBe(5);
    expect(both.percentile(0.6)).toBe(one.percentile(0.6));
  });

  it('rises to all of its values', () => {
    const points = of(1, 1, 1, 50).distribution();
    expect(points.map(([, share]) => share)).toEqual([75, 100]);
    expect(points[0]?.[0]).toBeCloseTo(1, 1);
    expect(of().distribution()).toEqual([]);
  });

  it('has no percentile of nothing', () => {
    expect(() => of().percentile(0.5)).toThrow(RangeError);
  });
});
