import { type Costs } from './event-cost';
import { findingsOf } from './findings';

/** Redis pays 10 us for an event and as much for each that gets it; a gateway pays 20 us for each that it gets. */
const costs = (others: number, more: Partial<Costs> = {}): Costs => {
  const perCall = { redisUs: 20, gatewaysUs: 20 };
  const shared = { redisUs: 10 + 10 * (others + 1), gatewaysUs: 20 * (others + 1) };
  return {
    ...{ others, idleUs: 1000 + 10 * others, published: 100, arrived: 100, stray: 0 },
    cost: { 'per call': { apart: perCall, burst: perCall }, shared: { apart: shared, burst: shared } },
    ...more,
  };
};

const PLAYED = { rounds: 2, events: 50 };
const two = (others: number, more: Partial<Costs> = {}): Costs[] => [
  costs(others, more),
  costs(others, more),
];
const rowsOf = (played: Costs[][]) => findingsOf(played, PLAYED).rows;

describe('the findings of the fleet', () => {
  it('hold while an event costs the same whoever else is connected', () => {
    const rows = rowsOf([two(0), two(50)]);
    expect(rows[0]).toMatchObject({ ours: 20, baseline: 20, ratio: 1, spread: [1, 1], holds: true });
    expect(rows.filter(({ holds }) => holds === false)).toEqual([]);
  });

  it('do not hold once it costs more with many', () => {
    const dear = { redisUs: 27, gatewaysUs: 20 };
    const grown = two(50, { cost: { ...costs(50).cost, 'per call': { apart: dear, burst: dear } } });
    expect(rowsOf([two(0), grown])[0]).toMatchObject({ ratio: 1.35, holds: false });
  });

  it('set the channel of the call against the shared one', () => {
    const row = rowsOf([two(0), two(50)]).find(({ name }) => name.includes('shared channel), us'));
    expect(row).toMatchObject({ ours: 20, baseline: 520 });
  });

  it('tell what one event costs one gateway that did not want it', () => {
    const row = rowsOf([two(0), two(50)]).find(({ name }) => name.includes('not for it'));
    expect(row).toMatchObject({ ours: 20, spread: [20, 20] });
  });

  it('notice an event that came to the wrong gateway, and one that came to none', () => {
    const [...stray] = rowsOf([two(0), two(50, { stray: 1 })]);
    expect(stray.filter(({ holds }) => holds === false)).toMatchObject([{ ours: 2 }]);
    const [...lost] = rowsOf([two(0, { arrived: 99 }), two(50)]);
    expect(lost.filter(({ holds }) => holds === false)).toMatchObject([{ ours: 398, baseline: 400 }]);
  });

  it('are drawn against the number of gateways, by channel and pace', () => {
    const [plot] = findingsOf([two(0), two(10), two(50)], PLAYED).plots ?? [];
    expect(plot?.series.map(({ points }) => points.map(([x]) => x))).toEqual(Array(4).fill([0, 10, 50]));
    expect(plot?.series[2]?.points.map(([, y]) => y)).toEqual([20, 120, 520]);
  });
});
