import { Prompts } from './prompts';

const prompt = (startedAtMs: number, endedAtMs: number, clearedAtMs: number | null = null) => ({
  startedAtMs,
  endedAtMs,
  clearedAtMs,
});

describe('a prompt', () => {
  it('goes on over pauses that are shorter than the gap, and is over behind one that is not', () => {
    const prompts = new Prompts(500);
    expect(prompts.add(1000, 1200)).toBe(true);
    expect(prompts.add(1200, 1400)).toBe(false);
    expect(prompts.add(1899.9, 2000)).toBe(false);
    expect(prompts.isOver(prompts.latest!, 2499.9)).toBe(false);
    expect(prompts.isOver(prompts.latest!, 2500)).toBe(true);
    expect(prompts.add(2500, 2600)).toBe(true);
    expect(prompts.list).toEqual([prompt(1000, 2000), prompt(2500, 2600)]);
  });

  it('ends with what is left of it when it is cleared, and what comes then is another one', () => {
    const prompts = new Prompts(500);
    prompts.add(0, 2000);
    prompts.clear(730, 800);
    expect(prompts.add(800, 1000)).toBe(true);
    expect(prompts.list).toEqual([prompt(0, 800, 730), prompt(800, 1000)]);
  });

  it('is not cleared when all of it had been played', () => {
    const prompts = new Prompts(500);
    prompts.add(0, 200);
    prompts.clear(200, 200);
    expect(prompts.add(300, 400)).toBe(false);
    expect(prompts.list).toEqual([prompt(0, 400)]);
  });

  it('ends with the line, and never before it began', () => {
    const prompts = new Prompts(500);
    prompts.cutOff(5);
    prompts.add(0, 200);
    prompts.cutOff(150);
    expect(prompts.list).toEqual([prompt(0, 150)]);
    prompts.cutOff(Number.NEGATIVE_INFINITY);
    expect(prompts.list).toEqual([prompt(0, 0)]);
  });
});
