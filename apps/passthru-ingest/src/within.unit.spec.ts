import { within } from './within';

/** A clock whose timers go off when the spec says so. */
function manualClock() {
  const timers = new Set<() => void>();
  const after = (_: number, run: () => void) => {
    timers.add(run);
    return () => void timers.delete(run);
  };
  return { timers, clock: { now: () => 0, after }, ring: () => timers.forEach((run) => run()) };
}

describe('a bounded wait', () => {
  it('gives the result, or the error, and leaves no timer', async () => {
    const { timers, clock } = manualClock();
    expect(await within(10, 'It', Promise.resolve(7), clock)).toBe(7);
    await expect(within(10, 'It', Promise.reject(new Error('own')), clock)).rejects.toThrow('own');
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers.size).toBe(0);
  });

  it('says who was late, and a failure that comes after it is nobody’s', async () => {
    const { clock, ring } = manualClock();
    let fail: (error: Error) => void = () => undefined;
    const late = within(10, 'It', new Promise((_, reject) => (fail = reject)), clock);
    ring();
    await expect(late).rejects.toThrow('It did not answer within 10 ms.');
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
