import { audioLengthMs, onAxis, planAxis, positionIn, shareOf, spanOnAxis, touches } from './axis';
import { exampleEvent, exampleSheet, exampleTurn } from './example-sheet';

const audioOf = (caller: number, assistant: number, sampleRate = 8000) => ({
  sampleRate,
  caller: new Int16Array(caller),
  assistant: new Int16Array(assistant),
});

describe('the time axis', () => {
  it('is as long as the call', () => {
    expect(planAxis(exampleSheet({ durationMs: 41_500 })).lengthMs).toBe(41_500);
  });

  it('has room for audio that is longer than the call', () => {
    const audio = audioOf(8000, 24_000);
    expect(audioLengthMs(audio)).toBe(3000);
    expect(planAxis(exampleSheet({ durationMs: 2000, audio })).lengthMs).toBe(3000);
  });

  it.each([0, -5, NaN, Infinity])(
    'of a call of %d ms reaches to the last thing that happened',
    (durationMs) => {
      const turns = [exampleTurn('caller', [1000, 7000])];
      const events = [exampleEvent('note', 4000), exampleEvent('note', NaN)];
      expect(planAxis(exampleSheet({ durationMs, turns, events })).lengthMs).toBe(7000);
      expect(planAxis(exampleSheet({ durationMs })).lengthMs).toBe(1000);
    },
  );

  it('is a day at most', () => {
    const axis = planAxis(exampleSheet({ durationMs: 1e300 }));
    expect(axis).toMatchObject({ lengthMs: 86_400_000, width: 32_000 });
  });

  it.each([
    [3000, 600, 500, 1],
    [40_000, 1200, 2000, 2],
    [60_000, 1800, 2000, 3],
    [600_000, 14_400, 5000, 22],
    [1_200_000, 28_800, 5000, 44],
  ])(
    'of %d ms is %d px wide, with a line every %d ms, and %d lines of print',
    (durationMs, width, tickMs, lines) => {
      expect(planAxis(exampleSheet({ durationMs }))).toMatchObject({ width, tickMs, lines });
    },
  );

  it.each([0, -8000, NaN, Infinity])('has no audio at a sample rate of %d', (sampleRate) => {
    expect(audioLengthMs(audioOf(8000, 8000, sampleRate))).toBe(0);
  });

  it('moves what lies outside to its nearest end', () => {
    const axis = planAxis(exampleSheet());
    expect([-1, 5, 20_001, NaN, -Infinity, Infinity].map((ms) => onAxis(axis, ms))).toEqual([
      0, 5, 20_000, 0, 0, 20_000,
    ]);
    expect(spanOnAxis(axis, 900, 300)).toEqual({ fromMs: 900, toMs: 900 });
    expect(spanOnAxis(axis, -50, NaN)).toEqual({ fromMs: 0, toMs: 0 });
  });

  it('places by share of the span, and beyond it', () => {
    const span = { fromMs: 1000, toMs: 3000 };
    expect([1000, 1500, 3000, 0, 4000].map((ms) => positionIn(span, ms))).toEqual([
      '0%',
      '25%',
      '100%',
      '-50%',
      '150%',
    ]);
    expect(shareOf(span, 500)).toBe('25%');
    expect(touches(span, { fromMs: 3000, toMs: 3001 })).toBe(true);
    expect(touches(span, { fromMs: 3001, toMs: 3002 })).toBe(false);
  });
});
