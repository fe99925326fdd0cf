import { type Span } from './axis';
import { stackRows } from './stack-rows';

const span = (fromMs: number, toMs: number): Span => ({ fromMs, toMs });

describe('stacking', () => {
  it('keeps what does not overlap in one row', () => {
    expect(stackRows([span(0, 10), span(10, 20), span(30, 40)], 5)).toEqual([0, 0, 0]);
  });

  it('puts what overlaps into the first row that is free', () => {
    expect(stackRows([span(0, 10), span(5, 30), span(8, 12), span(12, 20), span(13, 14)], 5)).toEqual([
      0, 1, 2, 0, 2,
    ]);
  });

  it('says where all rows are taken, and goes on behind that', () => {
    expect(stackRows([span(0, 10), span(1, 10), span(2, 10), span(10, 11)], 2)).toEqual([0, 1, null, 0]);
  });

  it('leaves no overlap in any row, and no row that was not needed', () => {
    const spans = Array.from({ length: 80 }, (_, index) =>
      span(index * 7, index * 7 + ((index * 37) % 100) + 1),
    );
    const rows = stackRows(spans, 50);
    const most = Math.max(
      ...spans.map(({ fromMs }) => spans.filter((s) => s.fromMs <= fromMs && s.toMs > fromMs).length),
    );
    expect(Math.max(...rows.map((row) => row ?? NaN)) + 1).toBe(most);
    spans.forEach((a, i) =>
      spans.slice(i + 1).forEach((b, j) => {
        if (rows[i] === rows[i + 1 + j]) expect(a.toMs).toBeLessThanOrEqual(b.fromMs);
      }),
    );
  });
});
