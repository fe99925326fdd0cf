import { type Plot, type Point } from '../plot';
import { drawPlot } from './draw-plot';
import { markup } from './markup';
import { parsePage } from './parse-page';

const plot = (series: Record<string, readonly Point[]>, more: Partial<Plot> = {}): Plot => ({
  ...{ title: 'Wake-ups', x: 'ms', y: '% of calls' },
  series: Object.entries(series).map(([name, points]) => ({ name, points })),
  ...more,
});

const draw = (...args: Parameters<typeof plot>): string => drawPlot(plot(...args)).source;

/** All numbers of paths and places, of both drawings. */
const numbersIn = (svg: string): string[] =>
  [...svg.matchAll(/\s(?:d|[xy][12]?|viewBox)="([^"]*)"/g)].flatMap(
    ([, value = '']) => value.match(/[^\s,A-Za-z]+/g) ?? [],
  );

const linesIn = (svg: string): number => svg.match(/<path class="line"/g)?.length ?? 0;
const markersIn = (svg: string): number => svg.match(/<path class="marker"/g)?.length ?? 0;
/** one in the legend, and one in each of the two drawings */
const COPIES = 3;

const HOSTILE: Record<string, Record<string, readonly Point[]>> = {
  'no series': {},
  'a series without points': { ours: [] },
  'one point': { ours: [[3, 4]] },
  'one point at 0': { ours: [[0, 0]] },
  'the same point again and again': {
    ours: [
      [3, 4],
      [3, 4],
    ],
  },
  zeros: {
    ours: [
      [0, 0],
      [0, 50],
      [0.001, 100],
    ],
  },
  'less than 0': {
    ours: [
      [-5, -1],
      [-1, -9],
    ],
  },
  'no numbers': {
    ours: [
      [Number.NaN, 1],
      [1, Number.NaN],
      [Infinity, 5],
      [5, -Infinity],
    ],
    baseline: [
      [1, 2],
      [10, 3],
    ],
  },
  'nothing but no numbers': { ours: [[Number.NaN, Infinity]] },
  'the largest and the smallest': {
    ours: [
      [5e-324, 1e308],
      [1e308, 5e-324],
      [1, 1],
    ],
  },
};

describe.each([
  ['linear', false],
  ['logarithmic', true],
])('a plot, %s', (_, logX) => {
  it.each(Object.entries(HOSTILE))('of %s has nothing but numbers in it', (_name, series) => {
    const svg = draw(series, { logX });
    expect(numbersIn(svg).filter((text) => !Number.isFinite(Number(text)))).toEqual([]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(parsePage(svg)).toMatchObject({ unbalanced: [] });
  });
});

describe('a plot', () => {
  const two: Record<string, readonly Point[]> = {
    ours: [
      [1, 10],
      [10, 20],
      [100, 30],
    ],
    baseline: [
      [1, 15],
      [100, 60],
    ],
  };

  it('has a line, markers and a line of the legend for each series', () => {
    const svg = draw(two);
    expect(linesIn(svg)).toBe(2 * COPIES);
    expect(markersIn(svg)).toBe(2 * 5 + 2);
    expect(svg).toContain('<span>ours</span>');
    expect(svg).toContain('<span>baseline</span>');
  });

  it('tells series apart without colours', () => {
    const dashes = [...draw(two).matchAll(/stroke-dasharray="([^"]*)"/g)].map(([, dash]) => dash);
    expect(new Set(dashes).size).toBe(2);
  });

  it('shows what its axes are, with their units', () => {
    const svg = draw(two, { x: 'gateways', y: 'time, us' });
    expect(svg).toContain('gateways →');
    expect(svg).toContain('↑ time, us');
    expect(svg).toContain('aria-label="Wake-ups: time, us, against gateways"');
  });

  it('shows one point as a marker', () => {
    const svg = draw({ ours: [[3, 4]] });
    expect([linesIn(svg), markersIn(svg)]).toEqual([1, COPIES]);
    expect(svg).toContain('<title>3: 4</title>');
  });

  it('has few markers on a curve of many points', () => {
    const curve = Array.from({ length: 200 }, (_, index): Point => [index, index / 2]);
    expect(markersIn(draw({ ours: curve, baseline: curve }))).toBe(2 * (2 * 5 + 1));
  });

  it('says that there is nothing, and which series has nothing', () => {
    expect(draw({ ours: [] })).toContain('There is nothing to be drawn.');
    expect(draw({ ours: [[1, 1]], baseline: [] })).toContain('baseline (no values)');
  });

  it('says what it leaves out, and what it has moved', () => {
    const points: Point[] = [
      [0, 1],
      [1, Number.NaN],
      [10, 2],
    ];
    expect(draw({ ours: points }, { logX: true })).toContain('they are no numbers: 1 of 3 values.');
    expect(draw({ ours: points }, { logX: true })).toContain('they are not above 0: 1 values.');
    expect(draw({ ours: points })).not.toContain('left edge');
    expect(draw(two, { logX: true })).not.toContain('remark');
  });

  it('has as many colours as it needs for more series than there are colours', () => {
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`s${index}`, two['ours']!]));
    expect(draw(many)).not.toMatch(/class="s([6-9]|\d\d)"/);
  });
});

describe('markup', () => {
  it('escapes what is text, joins lists, and leaves out what is not there', () => {
    const inner = markup`<b>${'a < b & "c"'}</b>`;
    expect(markup`<p>${[inner, null, "it's"]}</p>`.source).toBe(
      '<p><b>a &lt; b &amp; &quot;c&quot;</b>it&#39;s</p>',
    );
    expect(markup`${'\u0000\ud800'}`.source).toBe('\ufffd\ufffd');
  });

  it('takes no number that is none', () => {
    expect(markup`${1.23456}`.source).toBe('1.23');
    expect(() => markup`${Number.NaN}`).toThrow(RangeError);
    expect(() => markup`${Infinity}`).toThrow(RangeError);
  });
});
