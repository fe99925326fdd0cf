import { findingsOf, type Round } from './findings';
import { type LoadReport } from './load';

const load = (count: number, tookMs: number, [server, postgres, redis]: number[]): LoadReport => ({
  ...{ count, tookMs, latenciesUs: [1000, 2000, 3000] },
  processorMs: { server: server!, postgres: postgres!, redis: redis!, load: 1 },
});

const round: Round = {
  ours: load(1000, 500, [100, 40, 10]),
  twice: load(2000, 1000, [210, 80, 20]),
  bare: load(1000, 1000, [80, 160, 20]),
  statements: { perSecond: 4000, postgresUs: 100 },
};

describe('the findings of webhooks', () => {
  const { rows, plots } = findingsOf([round, round, round], 'pgbench');
  const figuresOf = (start: string) => {
    const { ours, baseline, ratio, holds } = rows.find(({ name }) => name.startsWith(start))!;
    return { ours, baseline, ratio, holds };
  };

  it('compare what was measured in one round', () => {
    expect(figuresOf('webhooks a second, to a bare')).toEqual({
      ours: 2000,
      baseline: 1000,
      ratio: 2,
      holds: true,
    });
    expect(figuresOf('webhooks a second, to the statements')).toMatchObject({
      baseline: 4000,
      ratio: 0.5,
      holds: true,
    });
    expect(figuresOf('Postgres’')).toEqual({ ours: 40, baseline: 100, ratio: 0.4, holds: true });
    expect(figuresOf('processor of twice')).toMatchObject({ ours: 310, baseline: 150, holds: true });
    expect(figuresOf('webhook answered, median')).toMatchObject({ ours: 2, baseline: 2 });
    expect(figuresOf('server’s')).toMatchObject({ ours: 100, baseline: 80, ratio: 1.25 });
  });

  it('do not hold where they are not reached', () => {
    const slow: Round = {
      ...round,
      ours: load(1000, 3000, [100, 70, 10]),
      twice: load(2000, 6000, [300, 80, 20]),
    };
    const judged = findingsOf([slow, slow, slow], 'pgbench').rows.filter(({ goal }) => goal !== null);
    expect(judged.map(({ holds }) => holds)).toEqual([false, false, false, false]);
  });

  it('are drawn as latencies in ms, and as costs round by round', () => {
    expect(plots?.[0]?.series[0]?.points.at(-1)).toEqual([3, 100]);
    expect(plots?.[1]?.series[0]).toEqual({
      name: 'ingest: server',
      points: [1, 2, 3].map((each) => [each, 100]),
    });
  });
});
