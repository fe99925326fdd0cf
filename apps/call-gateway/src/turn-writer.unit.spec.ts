import type { Turn } from '@greenroom/contracts';
import { createLogger, systemClock } from '@greenroom/platform';
import { newKey } from '@greenroom/rendezvous/contract';
import { TurnWriter, type KeyedTurn, type TurnStore } from './turn-writer';

const turn = (number: number): Turn => ({
  ...{ number, who: 'caller', startedAt: 1, endedAt: 2, endedBy: 'no-input', text: null, digits: null },
  ...{ lengthMs: null, heardMs: null, heardText: null, speechMs: null, step: null },
});

function setUp(write: (batch: readonly KeyedTurn[]) => Promise<readonly KeyedTurn[]>) {
  const written: number[][] = [];
  const lost: number[] = [];
  const store = {
    write: async (batch: readonly KeyedTurn[]) => {
      const again = await write(batch);
      written.push(batch.filter((one) => !again.includes(one)).map(({ turn: { number } }) => number));
      return again;
    },
  } as TurnStore;
  const writer = new TurnWriter({
    ...{ store, clock: systemClock, logger: createLogger('spec', 'silent') },
    onLost: (count) => lost.push(count),
  });
  return { writer, written, lost };
}

const at = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('the writer of turns', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('writes at once, and what comes meanwhile together with the next', async () => {
    const { writer, written, lost } = setUp(
      () => new Promise((resolve) => setTimeout(() => resolve([]), 10)),
    );
    const key = newKey();
    writer.add(key, turn(1));
    await at(1);
    writer.add(key, turn(2));
    writer.add(newKey(), turn(3));
    await at(30);
    expect(written).toEqual([[1], [2, 3]]);
    expect([writer.size, lost]).toEqual([0, []]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps turns while the store is away, in their order, and tries again ever more rarely', async () => {
    let away = true;
    let tries = 0;
    const { writer, written } = setUp(() => {
      tries += 1;
      return away ? Promise.reject(new Error('away')) : Promise.resolve([]);
    });
    for (const number of [1, 2, 3]) writer.add(newKey(), turn(number));
    await at(60_000);
    expect(tries).toBeLessThan(25);
    away = false;
    await at(4000);
    expect(written.flat()).toEqual([1, 2, 3]);
  });

  it('does not hold the others back for a call that the store does not know yet', async () => {
    const stranger = newKey();
    let known = false;
    const { writer, written } = setUp((batch) =>
      Promise.resolve(known ? [] : batch.filter(({ key }) => key === stranger)),
    );
    writer.add(stranger, turn(1));
    await at(10_000);
    writer.add(newKey(), turn(2));
    await at(4000);
    expect(written.flat()).toEqual([2]);
    known = true;
    await at(4000);
    expect(written.flat()).toEqual([2, 1]);
  });

  it('does not hold the others back for so many of them that they fill a batch', async () => {
    const stranger = newKey();
    let known = false;
    const { writer, written } = setUp((batch) =>
      Promise.resolve(known ? [] : batch.filter(({ key }) => key === stranger)),
    );
    for (let number = 1; number <= 250; number += 1) writer.add(stranger, turn(number));
    writer.add(newKey(), turn(1000));
    await at(20_000);
    expect(written.flat()).toEqual([1000]);
    known = true;
    await at(10_000);
    expect(written.flat()).toHaveLength(251);
    expect(writer.size).toBe(0);
  });

  it('gives turns up, and says so, when their call is not known after ten minutes', async () => {
    const { writer, lost } = setUp((batch) => Promise.resolve(batch));
    writer.add(newKey(), turn(1));
    await at(610_000);
    expect([writer.size, lost]).toEqual([0, [1]]);
  });

  it('waits for the last of them at the end, and for no longer than it was told', async () => {
    const { writer, written, lost } = setUp(
      () => new Promise((resolve) => setTimeout(() => resolve([]), 100)),
    );
    writer.add(newKey(), turn(1));
    const drained = writer.drain(5000);
    await at(100);
    await drained;
    expect([written.flat(), lost]).toEqual([[1], []]);

    const stuck = setUp(() => Promise.reject(new Error('away')));
    stuck.writer.add(newKey(), turn(1));
    const given = stuck.writer.drain(5000);
    await at(5000);
    await given;
    expect(stuck.lost).toEqual([1]);
  });
});
