import { LateFirst } from './late-first';

const sent = (window: number, count: number): number[] => {
  const late = new LateFirst<number>(window);
  const messages = Array.from({ length: count }, (_, at) => at + 1);
  return [...messages.flatMap((message) => late.next(message)), ...late.flush()];
};

describe('messages of which some come late', () => {
  it.each([
    [1, [1, 2, 3, 4, 5]],
    [2, [2, 1, 4, 3, 5]],
    [3, [2, 3, 1, 5, 4]],
    [9, [2, 3, 4, 5, 1]],
  ])('come in windows of %i as %j, none lost', (window, order) => {
    expect(sent(window, 5)).toEqual(order);
  });
});
