import { findingsOf, type Waits } from './findings';
import { type Heard } from './latency';

/** Ninety-eight calls of one latency and two of another. */
const latencies = (most: number, few: number): Heard => ({
  ms: [...Array.from({ length: 98 }, () => most), few, few],
  found: { event: 100 },
  written: { written: 100, tookMs: 50, lateP99Ms: 1 },
  spent: { gateway: 30 },
});

const rounds = (of: Heard): Heard[] => [of, of, of];

/** Three rounds alike. */
const waits = (waiting: number, [ours, floor, polling]: [Heard, Heard, Heard]): Waits => ({
  ...{ waiting, announced: 100 },
  ...{ ours: rounds(ours), floor: rounds(floor), polling: rounds(polling) },
});

describe('the findings', () => {
  const { rows, notes, plots } = findingsOf({
    few: waits(1000, [latencies(0.4, 1), latencies(0.2, 1), latencies(240, 480)]),
    many: waits(10_000, [latencies(0.5, 6), latencies(0.25, 1), latencies(200, 800)]),
    brokenCalls: 0,
    looks: { ours: [90, 120, 80], single: [1000, 1000, 1000] },
    works: [{ waiting: 100, redis: { get: 3 }, postgres: { 'greenroom-find': 1 } }],
  });
  const rowOf = (part: string) => rows.find(({ name }) => name.includes(part));

  it('compare with one hop, median and p99', () => {
    expect(rowOf('10000 waiting, median, µs (one hop)')).toMatchObject({
      ...{ ours: 500, baseline: 250, ratio: 2, holds: true },
    });
    expect(rowOf('p99')).toMatchObject({ ours: 6000, baseline: 1000, ratio: 6, holds: false });
  });

  it('compare with polling, in times', () => {
    expect(rowOf('as polling, 1000 waiting')).toMatchObject({ ours: 600, holds: true });
    expect(rowOf('as polling, 10000 waiting')).toMatchObject({ ours: 400, holds: false });
  });

  it('compare one look for all with all looks', () => {
    expect(rowOf('processor for a look')).toMatchObject({ ours: 90, ratio: 0.09, holds: true });
  });

  it('count the calls that were found', () => {
    expect(rowOf('calls that were found')).toMatchObject({ ours: 600, baseline: 600, holds: true });
  });

  it('tell how the calls were found, and how they spread', () => {
    expect(notes.join('\n')).toContain('found by event 600');
    expect(notes.join('\n')).toContain('gateway 300');
    expect(plots?.[0]?.series.map(({ points }) => points.at(-1))).toEqual([
      [6, 100],
      [1, 100],
      [800, 100],
    ]);
  });
});
