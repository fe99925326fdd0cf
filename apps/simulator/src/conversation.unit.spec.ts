import type { CallerAct } from './caller/caller';
import { bargeInsOf, describeConversation } from './conversation';

const act = (kind: CallerAct['kind'], atMs: number, endedAtMs = atMs + 500): CallerAct => ({
  kind,
  atMs,
  endedAtMs,
});
const prompt = (startedAtMs: number, endedAtMs: number, clearedAtMs: number | null = null) => ({
  startedAtMs,
  endedAtMs,
  clearedAtMs,
});

describe('a barge-in', () => {
  it('is timed from the caller’s first sample to the last audio of the prompt', () => {
    const prompts = [prompt(1000, 2400, 2310), prompt(4000, 5000)];
    expect(bargeInsOf({ prompts, acts: [act('interrupt', 2000.125)] })).toEqual([
      { kind: 'interrupt', spokeAtMs: 2000.125, audioStoppedAtMs: 2400, stoppedAfterMs: 399.875 },
    ]);
  });

  it.each([
    ['the prompt was heard to its end', [prompt(1000, 3000)], [act('interrupt', 2000)]],
    ['the caller spoke when it was cleared already', [prompt(1000, 2000, 1900)], [act('say', 1950)]],
    ['the caller had begun before it', [prompt(1000, 2000, 1900)], [act('say', 900)]],
    ['the caller did nothing that can be heard', [prompt(1000, 2000, 1900)], [act('silence', 1500)]],
  ])('is none where %s', (_what, prompts, acts) => {
    expect(bargeInsOf({ prompts, acts })).toEqual([]);
  });

  it('is of what the caller did last before the clear', () => {
    const acts = [act('cough', 1300, 1400), act('interrupt-press', 2000), act('say', 5000)];
    expect(bargeInsOf({ prompts: [prompt(1000, 2050, 2050)], acts })).toMatchObject([
      { kind: 'interrupt-press', stoppedAfterMs: 50 },
    ]);
  });
});

describe('a conversation', () => {
  const events = {
    prompts: [prompt(100, 900.00049), prompt(3000, 3400, 3300)],
    acts: [act('opening', 0), act('silence', 1400, 1400), act('interrupt', 3100), act('keys', 4000)],
    marks: [
      { name: 'a', sentAtMs: 100, playedAtMs: 900, returnedAtMs: 901 },
      { name: 'b', sentAtMs: 3000, playedAtMs: null, returnedAtMs: null },
    ],
    clears: [3300],
  };

  it('is told on the axis of the timeline, in microseconds', () => {
    expect(describeConversation(events, 50.25)).toEqual({
      startedAtMs: 50.25,
      prompts: [
        { startedAtMs: 150.25, endedAtMs: 950.25, cleared: false },
        { startedAtMs: 3050.25, endedAtMs: 3450.25, cleared: true },
      ],
      opening: { atMs: 50.25, endedAtMs: 550.25 },
      answers: [
        { kind: 'silence', atMs: 1450.25, endedAtMs: 1450.25 },
        { kind: 'interrupt', atMs: 3150.25, endedAtMs: 3650.25 },
      ],
      bargeIns: [{ kind: 'interrupt', spokeAtMs: 3150.25, audioStoppedAtMs: 3450.25, stoppedAfterMs: 300 }],
      marks: [
        { name: 'a', sentAtMs: 150.25, playedAtMs: 950.25, returnedAtMs: 951.25 },
        { name: 'b', sentAtMs: 3050.25, playedAtMs: null, returnedAtMs: null },
      ],
      clears: [3350.25],
    });
  });

  it('is empty where no stream was opened', () => {
    const nothing = { prompts: [], acts: [], marks: [], clears: [] };
    expect(describeConversation(nothing, null)).toMatchObject({
      startedAtMs: null,
      opening: null,
      prompts: [],
    });
  });
});
