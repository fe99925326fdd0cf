import { delaysOf, type SimulatedCall } from './answer-delay';

const call = (
  prompts: number[],
  answers: [kind: string, atMs: number, endedAtMs: number][],
): SimulatedCall => ({
  ok: true,
  why: null,
  conversation: {
    prompts: prompts.map((startedAtMs) => ({ startedAtMs })),
    answers: answers.map(([kind, atMs, endedAtMs]) => ({ kind, atMs, endedAtMs })),
  },
});

describe('the delay of an answer', () => {
  it('is from the end of what the caller says to the prompt behind it', () => {
    const one = call(
      [100, 3600, 7050],
      [
        ['wav', 2000, 3000],
        ['wav', 5500, 6500],
        ['hang-up', 9000, 9000],
      ],
    );
    expect(delaysOf(one)).toEqual([600, 550]);
  });

  it('is less than 0 where the caller was talked over', () => {
    expect(delaysOf(call([100, 2800], [['wav', 2000, 3000]]))).toEqual([-200]);
  });

  it('is none where nothing was said before the next answer, or at all', () => {
    const one = call(
      [100, 7050],
      [
        ['wav', 2000, 3000],
        ['wav', 5500, 6500],
        ['wav', 9000, 9500],
      ],
    );
    expect(delaysOf(one)).toEqual([550]);
  });
});
