import { compareRounds, playRounds } from './rounds';

describe('rounds', () => {
  it('play A B A B, one after the other', async () => {
    const played: string[] = [];
    const play = (name: string) => async (round: number) => {
      played.push(`${name}${round} begins`);
      await Promise.resolve();
      played.push(`${name}${round} ends`);
      return round * 10;
    };
    const figures = await playRounds(2, { a: play('a'), b: play('b') });
    expect(figures).toEqual({ a: [10, 20], b: [10, 20] });
    const order = ['a1', 'b1', 'a2', 'b2'];
    expect(played).toEqual(order.flatMap((each) => [`${each} begins`, `${each} ends`]));
  });

  it('compare what belongs together, not the medians', () => {
    // the machine was slow in the second round
    expect(compareRounds([2, 40, 3], [1, 20, 1])).toEqual({
      ours: { least: 2, median: 3, most: 40 },
      baseline: { least: 1, median: 1, most: 20 },
      ratio: { least: 2, median: 2, most: 3 },
    });
  });

  it('tell no ratio where one of them cannot be told', () => {
    expect(compareRounds([1, 2], [1, 0]).ratio).toBeNull();
  });

  it('do not compare more of the one than of the other', () => {
    expect(() => compareRounds([1, 2], [1])).toThrow(RangeError);
  });
});
