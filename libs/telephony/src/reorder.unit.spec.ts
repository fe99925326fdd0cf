import * as fc from 'fast-check';
import { Reorder } from './reorder';

const MAX_HELD = 5;

/** Numbers as they arrive, to numbers as they are released, and at last what was still waiting. */
function arrive(numbers: readonly number[], reorder = new Reorder<number>({ maxHeld: MAX_HELD })): number[] {
  const released = numbers.flatMap((number) => reorder.push(number, number));
  return [...released, ...reorder.flush()];
}

const countTo = (count: number, first = 1): number[] => Array.from({ length: count }, (_, i) => first + i);

/** Every order in which no number is overtaken by more than `most` higher ones. */
const shuffled = (numbers: readonly number[], most: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(most), { minLength: numbers.length, maxLength: numbers.length }).map((overtaken) =>
    numbers.reduceRight<number[]>((later, number, i) => {
      later.splice(Math.min(overtaken[i]!, later.length), 0, number);
      return later;
    }, []),
  );

const anyNumbers = fc.array(
  fc.oneof(
    fc.nat(20),
    fc.nat(2000),
    fc.constantFrom(0, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
  ),
  { maxLength: 60 },
);

describe('items that come in any order', () => {
  it('come out in their own, byte for byte', () => {
    const streams = fc
      .array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 60 })
      .chain((items) =>
        fc.record({
          items: fc.constant(items),
          order: shuffled(countTo(items.length), MAX_HELD),
        }),
      );
    fc.assert(
      fc.property(streams, ({ items, order }) => {
        const reorder = new Reorder<Uint8Array>({ maxHeld: MAX_HELD });
        const released = order.flatMap((number) => reorder.push(number, items[number - 1]!));
        expect(reorder.waiting).toBe(0);
        expect(Buffer.concat(released)).toEqual(Buffer.concat(items));
        expect([reorder.dropped, reorder.gaps]).toEqual([0, 0]);
      }),
    );
  });

  it('come out in their own wherever the numbering begins, if what comes first is first', () => {
    const streams = fc
      .tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 10, max: 40 }))
      .chain(([first, count]) =>
        shuffled(countTo(count, first + 1), MAX_HELD).map((rest) => ({ first, count, rest })),
      );
    fc.assert(
      fc.property(streams, ({ first, count, rest }) => {
        const reorder = new Reorder<number>({ maxHeld: MAX_HELD, first });
        expect(arrive([first, ...rest], reorder)).toEqual(countTo(count + 1, first));
      }),
    );
  });

  it('never come out twice, or out of order, whatever comes late, twice or never', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 100 });
    fc.assert(
      fc.property(numbers, (given) => {
        const reorder = new Reorder<number>({ maxHeld: MAX_HELD });
        const released = arrive(given, reorder);
        expect(released).toEqual([...new Set(released)].sort((a, b) => a - b));
        expect(released.length + reorder.dropped).toBe(given.length);
      }),
    );
  });

  it('never wait in greater number than may, and are released or dropped once each', () => {
    fc.assert(
      fc.property(anyNumbers, fc.nat(MAX_HELD), (numbers, maxHeld) => {
        const reorder = new Reorder<object>({ maxHeld });
        const items = numbers.map((number) => ({ number }));
        const released = items.flatMap((item) => {
          const due = reorder.push(item.number, item);
          expect(reorder.waiting).toBeLessThanOrEqual(maxHeld);
          return due;
        });
        released.push(...reorder.flush());
        expect(new Set(released).size).toBe(released.length);
        expect(released.length + reorder.dropped).toBe(items.length);
      }),
    );
  });
});

describe('a gap', () => {
  it('holds what follows, and lets it go when it is filled', () => {
    const reorder = new Reorder<number>({ maxHeld: MAX_HELD });
    expect([1, 3, 4].map((number) => reorder.push(number, number))).toEqual([[1], [], []]);
    expect(reorder.waiting).toBe(2);
    expect(reorder.push(2, 2)).toEqual([2, 3, 4]);
  });

  it('is given up when one more would wait than may, and dropped when it comes after all', () => {
    const reorder = new Reorder<number>({ maxHeld: 2 });
    expect([1, 3, 4].flatMap((number) => reorder.push(number, number))).toEqual([1]);
    expect(reorder.push(5, 5)).toEqual([3, 4, 5]);
    expect(reorder.push(2, 2)).toEqual([]);
    expect([reorder.gaps, reorder.dropped]).toEqual([1, 1]);
    expect(reorder.push(6, 6)).toEqual([6]);
  });

  it('is given up up to the next one only', () => {
    const reorder = new Reorder<number>({ maxHeld: 2 });
    [1, 3, 5].forEach((number) => reorder.push(number, number));
    expect(reorder.push(7, 7)).toEqual([3]);
    expect(reorder.waiting).toBe(2);
    expect(reorder.flush()).toEqual([5, 7]);
  });

  it('is not waited for at all where nothing may wait', () => {
    expect(arrive([1, 4, 3, 6], new Reorder({ maxHeld: 0 }))).toEqual([1, 4, 6]);
  });
});

describe('a numbering', () => {
  it.each([0, 1])('may begin with %d', (first) => {
    const reorder = new Reorder<number>({ maxHeld: MAX_HELD });
    expect(countTo(3, first).map((number) => reorder.push(number, number))).toEqual(
      countTo(3, first).map((number) => [number]),
    );
  });

  it('that begins elsewhere is found after as many as may wait', () => {
    const reorder = new Reorder<number>({ maxHeld: MAX_HELD });
    expect(countTo(5, 700).flatMap((number) => reorder.push(number, number))).toEqual([]);
    expect(reorder.push(705, 705)).toEqual(countTo(6, 700));
  });

  it('that begins with 0 is put in order even if the first does not come first', () => {
    expect(arrive([2, 0, 1, 3])).toEqual([0, 1, 2, 3]);
  });

  it('that begins anew is followed, after what still waited', () => {
    const reorder = new Reorder<string>({ maxHeld: MAX_HELD });
    for (const number of countTo(100)) reorder.push(number, `old ${number}`);
    reorder.push(102, 'old 102');
    expect(reorder.push(1, 'new 1')).toEqual(['old 102', 'new 1']);
    expect(reorder.push(2, 'new 2')).toEqual(['new 2']);
    expect(reorder.dropped).toBe(0);
  });

  it('that wraps round is followed', () => {
    expect(arrive([65_534, 65_535, 0, 1, 2], new Reorder({ maxHeld: MAX_HELD, first: 65_534 }))).toEqual([
      65_534, 65_535, 0, 1, 2,
    ]);
  });

  it('that begins anew close by is dropped until it has caught up', () => {
    const reorder = new Reorder<number>({ maxHeld: MAX_HELD });
    for (const number of countTo(20)) reorder.push(number, number);
    expect(countTo(25).flatMap((number) => reorder.push(number, number))).toEqual(countTo(5, 21));
    expect(reorder.dropped).toBe(20);
  });
});

describe('items without a number', () => {
  it('go past those that wait', () => {
    const reorder = new Reorder<string>({ maxHeld: MAX_HELD });
    reorder.push(2, 'second');
    expect(reorder.push(null, 'unnumbered')).toEqual(['unnumbered']);
    expect(reorder.push(1, 'first')).toEqual(['first', 'second']);
  });
});

describe('a flush', () => {
  it('releases what waits, in order, and goes on after it', () => {
    const reorder = new Reorder<number>({ maxHeld: MAX_HELD });
    [5, 3, 4].forEach((number) => reorder.push(number, number));
    expect(reorder.flush()).toEqual([3, 4, 5]);
    expect(reorder.flush()).toEqual([]);
    expect(reorder.push(2, 2)).toEqual([]);
    expect(reorder.push(6, 6)).toEqual([6]);
  });
});
