import { type Axis, linearAxis, logAxis, roundDown, roundUp, tickText } from './axis';

const places = (axis: Axis, values: number[]): number[] =>
  values.map((value) => Number(axis.placeOf(value).toFixed(3)));

describe('a linear axis', () => {
  it('has round lines that hold all values', () => {
    const axis = linearAxis([0, 37, 96], { lines: 5 });
    expect(axis.ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(places(axis, [0, 50, 100])).toEqual([0, 0.5, 1]);
  });

  it('begins near what it shows, unless lengths are compared', () => {
    expect(linearAxis([95, 99.5], { lines: 5 }).ticks[0]).toBe(95);
    expect(linearAxis([95, 99.5], { lines: 5, fromZero: true }).ticks[0]).toBe(0);
    expect(linearAxis([4, 100], { lines: 5 }).ticks[0]).toBe(0);
  });

  it('has values on both sides of 0', () => {
    const axis = linearAxis([-30, 10], { lines: 4, fromZero: true });
    expect(axis.ticks).toEqual([-30, -20, -10, 0, 10]);
    expect(linearAxis([-30, -10], { lines: 4, fromZero: true }).ticks.at(-1)).toBe(0);
  });

  it.each([[[]], [[0]], [[7]], [[-7]], [[0.001, 0.001]], [[Number.NaN]], [[Infinity, -Infinity]], [[1e300]]])(
    'has a length where there is little to show: %j',
    (values) => {
      for (const fromZero of [false, true]) {
        const { ticks, placeOf } = linearAxis(values, { lines: 5, fromZero });
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.every(Number.isFinite)).toBe(true);
        for (const value of values.filter((each) => Math.abs(each) < 1e15))
          expect(placeOf(value)).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('leaves nothing behind the last digit', () => {
    expect(linearAxis([0, 0.6], { lines: 6 }).ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  });
});

describe('a logarithmic axis', () => {
  it('gives each power of ten the same length', () => {
    const axis = logAxis([1, 1000], { lines: 6 });
    expect(axis.ticks).toEqual([1, 10, 100, 1000]);
    expect(places(axis, [1, 10, 100, 1000])).toEqual([0, 0.333, 0.667, 1]);
  });

  it('has finer lines where there is room, and ends near what it shows', () => {
    expect(logAxis([21, 480], { lines: 6 }).ticks).toEqual([20, 50, 100, 200, 500]);
  });

  it('has coarser ones over many powers', () => {
    const { ticks } = logAxis([1e-6, 1e9], { lines: 6 });
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every((tick) => Number.isInteger(Math.log10(tick)))).toBe(true);
  });

  it('counts what lies between its ends, and not around them', () => {
    expect(logAxis([20, 500_000], { lines: 5 }).ticks).toEqual([100, 1000, 10_000, 100_000]);
  });

  it('has what is 0 or below at its beginning', () => {
    const axis = logAxis([0, -3, 2, 90], { lines: 6 });
    expect(axis.ticks).toEqual([2, 5, 10, 20, 50, 100]);
    expect(places(axis, [0, -3, 2])).toEqual([0, 0, 0]);
  });

  it('is linear where nothing is above 0', () => {
    expect(logAxis([0, 0], { lines: 5 }).ticks[0]).toBe(0);
    expect(logAxis([], { lines: 5 }).ticks.length).toBeGreaterThan(1);
  });

  it('has a length where all values are one', () => {
    expect(logAxis([5], { lines: 5 }).ticks).toEqual([5, 10, 20, 50]);
  });
});

it.each([
  [0.7, 1, 0.5],
  [1, 1, 1],
  [3, 5, 2],
  [0.05, 0.05, 0.05],
  [501, 1000, 500],
  [1000, 1000, 1000],
])('%d lies between round values: up %d, down %d', (value, up, down) => {
  expect([roundUp(value), roundDown(value)]).toEqual([up, down]);
});

it.each([
  [0, '0'],
  [0.25, '0.25'],
  [-40, '-40'],
  [1500, '1,500'],
  [20_000_000, '2e7'],
  [0.0001, '1e-4'],
])('%d is written as %s', (value, text) => {
  expect(tickText(value)).toBe(text);
});
