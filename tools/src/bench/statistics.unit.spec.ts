import { median, percentile, shareOf, spreadOf } from './statistics';

describe('the median', () => {
  it('is the one in the middle, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 10, 1, 2])).toBe(3);
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
  ])('%d is the nearest rank', (part, value) => {
    expect(percentile(hundred, part)).toBe(value);
  });
});

it('a share counts those for which it holds', () => {
  expect(shareOf([1, 2, 3, 4], (value) => value > 1)).toBe(0.75);
});

it('a spread tells the middle and the ends', () => {
  expect(spreadOf([2, 8, 1, 4])).toEqual({ least: 1, median: 3, most: 8 });
});

it.each([
  ['median', () => median([])],
  ['percentile', () => percentile([], 0.5)],
  ['share', () => shareOf([], () => true)],
  ['spread', () => spreadOf([])],
])('nothing has no %s', (_name, measure) => {
  expect(measure).toThrow(RangeError);
});
