import { all, atLeast, atMost, below, ratioAtLeast, ratioAtMost, row, type Goal } from './row';

describe('a row', () => {
  it('sets ours against the baseline', () => {
    expect(row('speed', { ours: 30, baseline: 20 }, ratioAtMost(2))).toEqual({
      ...{ name: 'speed', ours: 30, baseline: 20, ratio: 1.5, goal: 'ratio ≤ 2', holds: true },
    });
  });

  it('may have no goal, and nothing to be compared with', () => {
    expect(row('memory', { ours: 80 })).toEqual({
      ...{ name: 'memory', ours: 80, baseline: null, ratio: null, goal: null, holds: null },
    });
  });

  it('keeps the ratio that the rounds have told', () => {
    expect(row('speed', { ours: 30, baseline: 20, ratio: 1.2 }).ratio).toBe(1.2);
  });

  it('has no ratio to a baseline of nothing, and no goal for a ratio holds then', () => {
    expect(row('lost', { ours: 1, baseline: 0 }, ratioAtMost(2))).toMatchObject({
      ratio: null,
      holds: false,
    });
  });
});

it.each<[Goal, number[], number[]]>([
  [atMost(5), [4, 5], [5.01]],
  [below(5), [4.99], [5, 6]],
  [atLeast(5), [5, 6], [4.99]],
  [ratioAtMost(0.5), [4, 5], [6]],
  [ratioAtLeast(0.5), [5, 6], [4]],
  [all, [10], [9, 11]],
])('a goal holds on one side of its limit: $text', (goal, good, bad) => {
  const holdsFor = (ours: number): boolean | null => row('figure', { ours, baseline: 10 }, goal).holds;
  expect(good.map(holdsFor)).toEqual(good.map(() => true));
  expect(bad.map(holdsFor)).toEqual(bad.map(() => false));
});
