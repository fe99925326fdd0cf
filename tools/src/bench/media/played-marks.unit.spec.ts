import { PlayedMarks } from './played-marks';

/** A clock that is set by hand. */
function handClock() {
  let nowMs = 1000;
  const due: { at: number; run: () => void }[] = [];
  return {
    now: () => nowMs,
    after: (ms: number, run: () => void) => {
      const timer = { at: nowMs + ms, run };
      due.push(timer);
      return () => void due.splice(due.indexOf(timer), 1);
    },
    goOn: (ms: number) => {
      nowMs += ms;
      due
        .filter(({ at }) => at <= nowMs)
        .forEach((timer) => {
          due.splice(due.indexOf(timer), 1);
          timer.run();
        });
    },
    left: () => due.length,
  };
}

describe('marks', () => {
  it('come back when all audio before them has been played', () => {
    const [clock, played] = [handClock(), [] as string[]];
    const marks = new PlayedMarks(clock, (name) => played.push(name));
    marks.audio(80);
    marks.audio(80);
    marks.mark('one');
    clock.goOn(159);
    expect(played).toEqual([]);
    clock.goOn(1);
    expect(played).toEqual(['one']);
    // after a pause audio is played at once
    clock.goOn(5000);
    marks.audio(80);
    marks.mark('two');
    clock.goOn(80);
    expect(played).toEqual(['one', 'two']);
  });

  it('come back at once when what is before them is thrown away', () => {
    const [clock, played] = [handClock(), [] as string[]];
    const marks = new PlayedMarks(clock, (name) => played.push(name));
    marks.audio(1000);
    marks.mark('one');
    marks.clear();
    expect(played).toEqual(['one']);
    marks.mark('two');
    clock.goOn(0);
    expect(played).toEqual(['one', 'two']);
    expect(clock.left()).toBe(0);
  });

  it('leave no timer behind', () => {
    const clock = handClock();
    const marks = new PlayedMarks(clock, () => undefined);
    marks.audio(1000);
    marks.mark('one');
    marks.stop();
    expect(clock.left()).toBe(0);
  });
});
