import { planAxis } from './axis';
import { exampleEvent, exampleSheet } from './example-sheet';
import { placeFlags } from './place-flags';

/** 20 s, 600 px wide: 30 px a second */
const axis = planAxis(exampleSheet());

describe('placing events', () => {
  it('keeps their times and labels them with what happened', () => {
    const { flags, rows } = placeFlags([exampleEvent('mark', 2000, { what: ' greeting\n1 ' })], axis);
    expect(flags).toMatchObject([{ atMs: 2000, row: 0, label: 'greeting 1', key: '', flipped: false }]);
    expect(rows).toBe(1);
  });

  it('stacks labels that would collide, and only those', () => {
    const events = [2000, 2100, 2200, 15_000].map((ms) => exampleEvent('mark', ms));
    expect(placeFlags(events, axis).flags.map(({ row }) => row)).toEqual([0, 1, 2, 0]);
  });

  it('shortens a long label by whole characters, and names the kind where there is no label', () => {
    const [long, none] = placeFlags(
      [exampleEvent('fault', 0, { what: '🙂'.repeat(50) }), exampleEvent('no-input', 9000, { what: ' ' })],
      axis,
    ).flags;
    expect(long?.label).toBe(`${'🙂'.repeat(39)}…`);
    expect(none?.label).toBe('no input');
  });

  it('writes a digit into its key', () => {
    const [digit, word] = placeFlags(
      [exampleEvent('digit', 1000, { what: '#' }), exampleEvent('digit', 5000, { what: 'five' })],
      axis,
    ).flags;
    expect(digit).toMatchObject({ key: '#', label: '' });
    expect(word).toMatchObject({ key: '', label: 'five' });
  });

  it('puts a label before its symbol where the axis ends', () => {
    const { flags } = placeFlags([exampleEvent('note', 19_900), exampleEvent('note', 10_000)], axis);
    expect(flags.map(({ atMs, flipped }) => [atMs, flipped])).toEqual([
      [10_000, false],
      [19_900, true],
    ]);
  });

  it('leaves labels out, never symbols, where more happens than there are rows', () => {
    const { flags, rows } = placeFlags(
      Array.from({ length: 40 }, () => exampleEvent('mark', 5000)),
      axis,
    );
    expect(flags).toHaveLength(40);
    expect(rows).toBe(9);
    expect(flags.filter(({ label }) => label === '').every(({ row }) => row === 8)).toBe(true);
    expect(flags.filter(({ label }) => label !== '').map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    [NaN, 0],
    [-4, 0],
    [1e9, 20_000],
    [Infinity, 20_000],
  ])('puts what happened at %d somewhere on the axis', (given, atMs) => {
    expect(placeFlags([exampleEvent('fault', given)], axis).flags[0]?.atMs).toBe(atMs);
  });
});
