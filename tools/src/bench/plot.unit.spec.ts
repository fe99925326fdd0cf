import { distributionOf } from './plot';

it('a distribution rises to all of the values', () => {
  expect(distributionOf([4, 1, 3, 2])).toEqual([
    [1, 25],
    [2, 50],
    [3, 75],
    [4, 100],
  ]);
});

it('of many values it has few points, the last of them the largest', () => {
  const points = distributionOf(Array.from({ length: 10_001 }, (_, index) => index));
  expect(points.length).toBeLessThanOrEqual(202);
  expect(points.at(-1)).toEqual([10_000, 100]);
});

it('of nothing there is none', () => {
  expect(distributionOf([])).toEqual([]);
});
