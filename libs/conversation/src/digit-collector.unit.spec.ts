import { NO_DIGITS, pressKey } from './digit-collector';

const CODE = { length: 4, finishKey: '#', pauseMs: 2000 };

type Wanted = Parameters<typeof pressKey>[2];

function pressAll(keys: string, wanted: Wanted) {
  let pressed = { collector: NO_DIGITS, complete: false };
  [...keys].forEach((key, index) => {
    if (!pressed.complete) pressed = pressKey(pressed.collector, key, wanted, 1000 + 100 * index);
  });
  return pressed;
}

describe('given a question that awaits a code of four digits and #', () => {
  it('when all four were pressed, then the answer is complete', () => {
    expect(pressAll('1234', CODE)).toMatchObject({ complete: true, collector: { digits: '1234' } });
  });

  it('when # follows two of them, then the answer is complete without it', () => {
    expect(pressAll('12#', CODE)).toMatchObject({ complete: true, collector: { digits: '12' } });
  });

  it('when # is pressed before anything else, then it is part of the answer', () => {
    expect(pressAll('#', CODE)).toMatchObject({ complete: false, collector: { digits: '#' } });
  });

  it('when some are missing, then the answer is complete by the pause after the last of them', () => {
    expect(pressAll('12', CODE)).toEqual({ complete: false, collector: { digits: '12', completeAt: 3100 } });
  });

  it.each(['', 'x', '12', 'a', ' ', 'E', '٣'])(
    'when %j comes, which is no key, then nothing has changed',
    (key) => {
      const { collector } = pressAll('12', CODE);
      expect(pressKey(collector, key, CODE, 9000)).toEqual({ complete: false, collector });
    },
  );

  it('when keys were pressed, then what was collected before is as it was', () => {
    const before = Object.freeze({ digits: '1', completeAt: 5 });
    expect(pressKey(before, '2', CODE, 10).collector.digits).toBe('12');
    expect(before).toEqual({ digits: '1', completeAt: 5 });
  });
});

describe('given a question that awaits no keys', () => {
  it.each([...'0123456789*#ABCD'])('when %s is pressed, then it is the answer', (key) => {
    expect(pressAll(key, null)).toMatchObject({ complete: true, collector: { digits: key } });
  });
});

describe('given a question without a finish key', () => {
  it('when # is pressed, then it counts as a digit', () => {
    expect(pressAll('1#', { ...CODE, finishKey: null })).toMatchObject({ collector: { digits: '1#' } });
  });
});

describe('given a question that awaits more than anybody types', () => {
  it('when 64 were pressed, then that is enough', () => {
    const long = { ...CODE, length: 1000 };
    expect(pressAll('7'.repeat(63), long).complete).toBe(false);
    expect(pressAll('7'.repeat(100), long)).toMatchObject({
      complete: true,
      collector: { digits: '7'.repeat(64) },
    });
  });
});
