import { compareRounds } from './rounds';
import {
  all,
  atLeast,
  atMost,
  below,
  both,
  comparedRow,
  ratioAtLeast,
  ratioAtMost,
  row,
  spreadRow,
  type Goal,
} from './row';
import { spreadOf } from './statistics';

describe('a row', () => {
  it('sets ours against the baseline', () => {
    expect(row('speed', { ours: 30, baseline: 20 }, ratioAtMost(2))).toEqual({
      ...{ name: 'speed', ours: 30, baseline: 20, ratio: 1.5, spread: null, goal: 'ratio ≤ 2', holds: true },
    });
  });

  it('may have no goal, and nothing to be compared with', () => {
    expect(row('memory', { ours: 80 })).toEqual({
      ...{ name: 'memory', ours: 80, baseline: null, ratio: null, spread: null, goal: null, holds: null },
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

describe('rows of rounds', () => {
  it('have the median of the rounds’ ratios, and what they were between', () => {
    const compared = compareRounds([10, 30, 20], [10, 10, 10]);
    expect(comparedRow('work', compared, ratioAtMost(2))).toMatchObject({
      ...{ ours: 20, baseline: 10, ratio: 2, spread: [1, 3], holds: true },
    });
  });

  it('hold nothing where a baseline was nothing', () => {
    expect(comparedRow('work', compareRounds([1], [0]), ratioAtMost(2))).toMatchObject({
      ...{ ratio: null, spread: null, holds: false },
    });
  });

  it('may be of ours alone', () => {
    expect(spreadRow('calls', spreadOf([5, 1, 3]), atLeast(3))).toMatchObject({
      ...{ ours: 3, baseline: null, ratio: null, spread: [1, 5], holds: true },
    });
  });

  it('may have two goals at once', () => {
    const goal = both(ratioAtMost(2), below(20));
    expect(row('p99', { ours: 19, baseline: 10 }, goal)).toMatchObject({
      goal: 'ratio ≤ 2 and < 20',
      holds: true,
    });
    expect(row('p99', { ours: 21, baseline: 11 }, goal).holds).toBe(false);
    expect(row('p99', { ours: 19, baseline: 9 }, goal).holds).toBe(false);
  });
});
