import { planAxis } from './axis';
import { EXAMPLE_START, exampleSheet, exampleTurn } from './example-sheet';
import { placeTurns } from './place-turns';

/** 20 s, 600 px wide: 30 px a second */
const axis = planAxis(exampleSheet());
const place = (...turns: Parameters<typeof placeTurns>[0][number][]) =>
  placeTurns(turns, EXAMPLE_START, axis);

describe('placing turns', () => {
  it('keeps their times on the axis', () => {
    const { turns, rows } = place(exampleTurn('caller', [1000, 3000]), exampleTurn('caller', [3000, 9000]));
    expect(turns.map(({ span }) => span)).toEqual([
      { fromMs: 1000, toMs: 3000 },
      { fromMs: 3000, toMs: 9000 },
    ]);
    expect(rows).toBe(1);
  });

  it('goes by time, whatever their order', () => {
    const { turns } = place(exampleTurn('caller', [5000, 6000]), exampleTurn('caller', [1000, 2000]));
    expect(turns.map(({ span }) => span.fromMs)).toEqual([1000, 5000]);
  });

  it('stacks those that overlap', () => {
    const { turns, rows } = place(
      exampleTurn('assistant', [1000, 5000]),
      exampleTurn('assistant', [2000, 3000]),
      exampleTurn('assistant', [5000, 6000]),
    );
    expect(turns.map(({ row }) => row)).toEqual([0, 1, 0]);
    expect(rows).toBe(2);
  });

  it('draws a turn without length wide enough to be seen', () => {
    const { turns } = place(exampleTurn('caller', [5000, 5000]));
    expect(turns[0]).toMatchObject({ span: { fromMs: 5000, toMs: 5000 }, blockToMs: 6000 });
  });

  it('draws what was not heard as far as it would have gone, but not into the next turn', () => {
    const cut = { endedBy: 'barge-in', lengthMs: 6000, heardMs: 1000 } as const;
    const { turns } = place(
      exampleTurn('assistant', [1000, 2000], cut),
      exampleTurn('assistant', [5000, 6000], cut),
      exampleTurn('assistant', [18_000, 19_000], cut),
    );
    expect(turns.map(({ unheardToMs }) => unheardToMs)).toEqual([5000, 11_000, 20_000]);
  });

  it('has nothing unheard where all was heard', () => {
    const [turn] = place(exampleTurn('assistant', [1000, 2000], { lengthMs: 1000, heardMs: 1000 })).turns;
    expect(turn?.unheardToMs).toBe(2000);
  });

  it('lets the words of a short turn go on behind it where there is room', () => {
    const { turns } = place(exampleTurn('caller', [1000, 2000]), exampleTurn('caller', [3000, 4000]));
    expect(turns.map(({ textToMs }) => Math.round(textToMs))).toEqual([3000, 7333]);
  });

  it.each([
    ['no numbers', [NaN, NaN], { fromMs: 0, toMs: 0 }],
    ['an end before the beginning', [5000, 4000], { fromMs: 5000, toMs: 5000 }],
    ['times outside of the call', [-1e9, 1e9], { fromMs: 0, toMs: 20_000 }],
  ] as const)('puts %s somewhere on the axis', (_, [from, to], span) => {
    const [turn] = place(exampleTurn('assistant', [from, to], { lengthMs: NaN, heardMs: -3 })).turns;
    expect(turn?.span).toEqual(span);
    expect([turn?.blockToMs, turn?.unheardToMs, turn?.textToMs].every(Number.isFinite)).toBe(true);
  });
});
