import { type Measured } from './measure-groups';
import { figure, findingsText, rowsAsJson, table, verdict } from './print';
import { atLeast, atMost, row, spreadRow } from './row';

const ROWS = [
  row('answer, ms', { ours: 561.26, baseline: 500, spread: [1.1, 1.2] }, atMost(650)),
  row('within 5 ms, %', { ours: 98.1234, baseline: 99.5 }, atLeast(99)),
  row('memory, MB', { ours: 80 }),
];

const measured = (group: string, more: Partial<Measured> = {}): Measured => ({
  ...{ group, about: '', tookMs: 0, rows: [], notes: [], plots: [], failure: null },
  ...more,
});

describe('the table', () => {
  it('is aligned', () => {
    expect(table(ROWS)).toEqual([
      'what             ours  baseline              ratio  goal   holds',
      '--------------  -----  --------  -----------------  -----  -----',
      'answer, ms      561.3       500  1.12 (1.10..1.20)  ≤ 650  yes',
      'within 5 ms, %  98.12     99.50               0.99  ≥ 99   NO',
      'memory, MB         80         -                  -  -      -',
    ]);
  });

  it('tells what the rounds were between beside the figure that they were of', () => {
    const [, , line] = table([spreadRow('calls', { least: 5, median: 6.5, most: 9 })]);
    expect(line).toBe('calls  6.50 (5..9)         -      -  -     -');
  });

  it('may be empty', () => {
    expect(table([])).toHaveLength(2);
  });
});

it.each([
  [null, '-'],
  [Number.NaN, '-'],
  [Infinity, '-'],
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
    expect(verdict([measured('media', { rows: ROWS })], 61_700)).toBe('1 of 2 goals hold (3 rows, 62 s).');
  });

  it('names what was not measured', () => {
    const groups = [measured('media', { rows: ROWS }), measured('ingest', { failure: 'broke' })];
    expect(verdict(groups, 1000)).toBe('1 of 2 goals hold (3 rows, 1 s). Not measured: ingest.');
  });
});

describe('the findings', () => {
  const groups = [
    measured('media', { rows: ROWS.slice(0, 1), notes: ['quiet'] }),
    measured('ingest', { failure: 'There is no Redis.' }),
    measured('memory', { rows: ROWS.slice(2) }),
  ];

  it('are one table, the notes, and what was not measured', () => {
    const text = findingsText(groups);
    expect(text.filter((line) => line.startsWith('what'))).toHaveLength(1);
    expect(text.slice(-2)).toEqual(['quiet', 'ingest was not measured: There is no Redis.']);
  });

  it('are rows that tell their group, as JSON', () => {
    expect(JSON.parse(rowsAsJson(groups))).toEqual([
      { group: 'media', ...ROWS[0] },
      { group: 'memory', ...ROWS[2] },
    ]);
  });
});
