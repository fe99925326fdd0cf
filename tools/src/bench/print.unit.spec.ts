import { figure, table, verdict } from './print';
import { atLeast, atMost, row } from './row';

const ROWS = [
  row('answer, ms', { ours: 561.26, baseline: 500 }, atMost(650)),
  row('within 5 ms, %', { ours: 98.1234, baseline: 99.5 }, atLeast(99)),
  row('memory, MB', { ours: 80 }),
];

describe('the table', () => {
  it('is aligned', () => {
    expect(table(ROWS)).toEqual([
      'what             ours  baseline  ratio  goal   holds',
      '--------------  -----  --------  -----  -----  -----',
      'answer, ms      561.3       500   1.12  ≤ 650  yes',
      'within 5 ms, %  98.12     99.50   0.99  ≥ 99   NO',
      'memory, MB         80         -      -  -      -',
    ]);
  });

  it('may be empty', () => {
    expect(table([])).toHaveLength(2);
  });
});

it.each([
  [null, '-'],
  [0, '0'],
  [0.126, '0.13'],
  [-0.5, '-0.50'],
  [99.994, '99.99'],
  [123.456, '123.5'],
  [12_345.6, '12346'],
])('%p is written as %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

describe('the verdict', () => {
  it('counts the goals, not the rows', () => {
    expect(verdict(ROWS, 61_700)).toBe('1 of 2 goals hold (3 rows, 62 s).');
  });
});
