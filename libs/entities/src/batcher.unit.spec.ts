import fc from 'fast-check';
import { Batcher, type BatcherOptions } from './batcher';

interface Item {
  name: string;
  keys?: string[];
}
type Run = { items: string[]; end: (error?: Error) => Promise<void> };

/** A batcher whose runs end when the spec says so; each item's result is its name and the number of its run. */
function open(more: Partial<BatcherOptions<Item, string>> = {}) {
  const runs: Run[] = [];
  const begin = (items: readonly Item[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const names = items.map(({ name }) => name);
      const number = runs.length;
      const end = (error?: Error) => {
        if (error) reject(error);
        else resolve(names.map((name) => `${name} in ${number}`));
        return settled();
      };
      runs.push({ items: names, end });
    });
  const batcher = new Batcher<Item, string>({
    one: async (item) => (await begin([item]))[0]!,
    many: begin,
    keysOf: ({ keys = [] }) => keys,
    isOfOneItem: (error) => error instanceof Error && error.message === 'of a row',
    ...{ atOnce: 2, most: 4, mostWaiting: 6, longestWaitMs: 500 },
    soon: (pump) => pump(),
    ...more,
  });
  const results: Record<string, string> = {};
  const run = (name: string, ...keys: string[]): void =>
    void batcher.run({ name, keys }).then(
      (result) => (results[name] = result),
      (error: Error) => (results[name] = error.message),
    );
  return { batcher, run, runs, results, begun: () => runs.map(({ items }) => items.join(' ')) };
}

/** Long enough for every promise that is due. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const TOO_MANY = 'Too much is waiting to be written.';
const TOO_LATE = 'It has waited for more than 500 ms to be written.';

describe('a batcher', () => {
  it('runs what comes while little is in flight at once, each by itself', () => {
    const { run, begun } = open();
    for (const name of ['a', 'b']) run(name);
    expect(begun()).toEqual(['a', 'b']);
  });

  it('runs together what has come in one turn of the event loop', async () => {
    const { run, begun } = open({ soon: setImmediate });
    for (const name of ['a', 'b', 'c', 'd', 'e']) run(name);
    await settled();
    expect(begun()).toEqual(['a b c d', 'e']);
  });

  it('runs together what has come meanwhile, as much as fits, in the order in which it came', async () => {
    const { run, runs, begun, results } = open();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) run(name);
    await runs[1]!.end();
    expect(begun()).toEqual(['a', 'b', 'c d e f']);
    await runs[2]!.end();
    expect(begun()).toEqual(['a', 'b', 'c d e f', 'g']);
    expect(results).toEqual({ b: 'b in 1', c: 'c in 2', d: 'd in 2', e: 'e in 2', f: 'f in 2' });
  });

  it('holds back what shares a key with something in flight, and lets others pass', async () => {
    const { run, runs, begun } = open();
    run('a', 'x');
    run('b', 'x');
    run('c', 'y');
    expect(begun()).toEqual(['a', 'c']);
    run('d', 'y');
    await runs[0]!.end();
    expect(begun()).toEqual(['a', 'c', 'b']);
  });

  it('lets nobody overtake one with the same key that is held back for another key', async () => {
    const { run, runs, begun } = open();
    run('a', 'x');
    run('b', 'x', 'y');
    run('c', 'y');
    expect(begun()).toEqual(['a']);
    await runs[0]!.end();
    expect(begun()).toEqual(['a', 'b']);
    await runs[1]!.end();
    expect(begun()).toEqual(['a', 'b', 'c']);
  });

  it('tries each item by itself when one of them may have caused the error', async () => {
    const { run, runs, begun, results } = open();
    for (const name of ['a', 'b', 'c', 'd']) run(name);
    await runs[0]!.end();
    await runs[2]!.end(new Error('of a row'));
    expect(begun()).toEqual(['a', 'b', 'c d', 'c', 'd']);
    await runs[3]!.end(new Error('of a row'));
    await runs[4]!.end();
    expect(results).toEqual({ a: 'a in 0', c: 'of a row', d: 'd in 4' });
  });

  it('fails all of a batch at once when none of them has caused the error, and goes on with the next', async () => {
    const { run, runs, begun, results } = open();
    for (const name of ['a', 'b', 'c', 'd']) run(name);
    await runs[0]!.end();
    run('e');
    await runs[2]!.end(new Error('away'));
    expect(begun()).toEqual(['a', 'b', 'c d', 'e']);
    expect(results).toEqual({ a: 'a in 0', c: 'away', d: 'away' });
  });

  it('keeps the keys of items that are tried by themselves until the last of them is done', async () => {
    const { run, runs, begun } = open({ atOnce: 1 });
    run('a');
    run('b', 'x');
    run('c', 'y');
    await runs[0]!.end();
    await runs[1]!.end(new Error('of a row'));
    run('d', 'x');
    await runs[2]!.end();
    expect(begun()).toEqual(['a', 'b c', 'b', 'c']);
    await runs[3]!.end();
    expect(begun()).toEqual(['a', 'b c', 'b', 'c', 'd']);
  });

  it('refuses what is more than may wait', async () => {
    const { run, results } = open({ atOnce: 0 });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) run(name);
    await settled();
    expect(results).toEqual({ g: TOO_MANY });
  });

  it('refuses what has waited too long rather than run it for nobody', async () => {
    let now = 0;
    const { run, runs, results, begun } = open({ atOnce: 1, now: () => now });
    run('a');
    run('b');
    now = 400;
    run('c');
    now = 501;
    await runs[0]!.end();
    expect(begun()).toEqual(['a', 'c']);
    expect(results).toEqual({ a: 'a in 0', b: TOO_LATE });
  });

  it('is drained when nothing waits and nothing runs', async () => {
    const { batcher, run, runs } = open({ atOnce: 1 });
    await batcher.drain();
    run('a');
    run('b');
    let drained = false;
    void batcher.drain().then(() => (drained = true));
    await runs[0]!.end();
    expect(drained).toBe(false);
    await runs[1]!.end(new Error('away'));
    expect(drained).toBe(true);
  });
});

const KEYS = ['u', 'v', 'w', 'x', 'y', 'z'];
const isSorted = (numbers: readonly number[]): boolean =>
  numbers.every((each, index) => index === 0 || numbers[index - 1]! < each);

it('with any load, each item is run once and answered once, in the order of its keys, within all bounds', async () => {
  const keys = fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 2 });
  // how many runs end before the item comes
  const items = fc.array(fc.record({ keys, endsBefore: fc.nat(2) }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 1, max: 3 }), async (given, atOnce) => {
      const { batcher, run, runs, results } = open({ atOnce, mostWaiting: 40 });
      const keysIn = (some: readonly Run[]): string[] =>
        some.flatMap((each) => each.items.flatMap((item) => given[Number(item)]!.keys));
      const faults: string[] = [];
      let over = 0;
      const endOne = async () => {
        if (over < runs.length) await runs[over++]!.end();
      };
      for (const [index, each] of given.entries()) {
        for (let ended = 0; ended < each.endsBefore; ended += 1) await endOne();
        run(String(index), ...each.keys);
        const inHand = keysIn(runs.slice(over));
        if (runs.length - over > atOnce) faults.push('too many runs');
        if (new Set(inHand).size < inHand.length) faults.push('a key twice in hand');
      }
      while (over < runs.length) await endOne();
      const order = runs.flatMap((each) => each.items.map(Number));
      for (const key of KEYS) {
        if (!isSorted(order.filter((index) => given[index]!.keys.includes(key)))) faults.push('out of order');
      }
      if (runs.some((each) => each.items.length > 4)) faults.push('too large');
      if (given.some((_, index) => !results[index]?.startsWith(`${index} in `))) faults.push('unanswered');
      await batcher.drain();
      expect(faults).toEqual([]);
      expect(order.toSorted((a, b) => a - b)).toEqual([...given.keys()]);
    }),
    { numRuns: 40 },
  );
});
