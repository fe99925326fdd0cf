import { planAxis } from './axis';
import { exampleSheet } from './example-sheet';
import { dateText, lengthText, tickText, timeText } from './time-words';

const short = planAxis(exampleSheet({ durationMs: 59_000 }));
const long = planAxis(exampleSheet({ durationMs: 60_000 }));

describe('times in words', () => {
  it('are seconds in a call of less than a minute', () => {
    expect([0, 1, 3250, -500].map((ms) => timeText(short, ms))).toEqual([
      '0.000 s',
      '0.001 s',
      '3.250 s',
      '−0.500 s',
    ]);
    expect([0, 2500, 10_000].map((ms) => tickText(short, ms))).toEqual(['0 s', '2.5 s', '10 s']);
  });

  it('are minutes and seconds in a longer one', () => {
    const times = [0, 3250, 59_999.9, 63_250, 3_600_000, -500].map((ms) => timeText(long, ms));
    expect(times).toEqual(['0:00.000', '0:03.250', '1:00.000', '1:03.250', '60:00.000', '−0:00.500']);
    expect([0, 80_000].map((ms) => tickText(long, ms))).toEqual(['0:00', '1:20']);
  });

  it('say how long something took', () => {
    expect([0, -5, 19.4, 1234, 63_000].map(lengthText)).toEqual([
      '0.0 s',
      '0.0 s',
      '19 ms',
      '1.2 s',
      '1:03 min',
    ]);
  });

  it('say so where a time is none', () => {
    expect(timeText(short, NaN)).toBe('unknown');
    expect(lengthText(Infinity)).toBe('an unknown time');
    expect(dateText(NaN)).toBe('at an unknown time');
    expect(dateText(1e300)).toBe('at an unknown time');
  });

  it('tell the date in UTC', () => {
    expect(dateText(Date.UTC(2025, 2, 9, 14, 5, 22, 250))).toBe('2025-03-09 14:05:22.250 UTC');
  });
});
