import fc from 'fast-check';
import { ByteQueue } from './byte-queue';

const SIZE = 8;

/** so many bytes that count on from the ones before */
function counting() {
  let next = 0;
  return (count: number) => Uint8Array.from({ length: count }, () => (next += 1) % 256);
}

/** a part of a larger memory, as audio comes */
function inSlab(bytes: Uint8Array): Uint8Array {
  const slab = new Uint8Array(1024);
  slab.set(bytes, 100);
  return slab.subarray(100, 100 + bytes.byteLength);
}

describe('a queue of bytes', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ what: fc.constant('add'), count: fc.nat(7) }) },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('add'), count: fc.nat(60) }) },
      { weight: 3, arbitrary: fc.record({ what: fc.constant('take'), count: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.constant({ what: 'reuse', count: 0 }) },
      { weight: 1, arbitrary: fc.constant({ what: 'clear', count: 0 }) },
    ),
    { maxLength: 40 },
  );

  it('gives out what was put in, in its order, and changes nothing of it until it may', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const queue = new ByteQueue(SIZE);
        const bytes = counting();
        let inside: number[] = [];
        let given: { taken: Uint8Array; expected: number[] }[] = [];
        for (const { what, count } of plan) {
          if (what === 'add') {
            const more = inSlab(bytes(count));
            inside.push(...more);
            queue.add(more);
          } else if (what === 'take') {
            const most = Math.min(count, inside.length);
            given.push({ taken: queue.take(most), expected: inside.splice(0, most) });
          } else if (what === 'clear') {
            inside = [];
            queue.clear();
          } else {
            given = [];
            queue.reuse();
          }
          expect(queue.added - queue.taken).toBe(inside.length);
          expect(given.map(({ taken }) => [...taken])).toEqual(given.map(({ expected }) => expected));
        }
      }),
    );
  });

  it('gathers small pieces in one memory, over and over', () => {
    const queue = new ByteQueue(SIZE);
    const bytes = counting();
    const memories = new Set<ArrayBufferLike>();
    for (let message = 0; message < 50; message += 1) {
      for (let frame = 0; frame < 4; frame += 1) queue.add(inSlab(bytes(2)));
      memories.add(queue.take(SIZE).buffer);
      queue.reuse();
    }
    expect(memories.size).toBe(1);
  });

  it('takes another memory while the last one is on its way', () => {
    const queue = new ByteQueue(SIZE);
    const bytes = counting();
    for (let frame = 0; frame < 4; frame += 1) queue.add(bytes(2));
    const message = queue.take(SIZE);
    for (let frame = 0; frame < 4; frame += 1) queue.add(bytes(2));
    expect([...message]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...queue.take(SIZE)]).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
  });

  it('passes on whole messages as they are, where nothing waits before them', () => {
    const queue = new ByteQueue(SIZE);
    const message = inSlab(counting()(SIZE));
    queue.add(message);
    expect(queue.take(SIZE)).toBe(message);
  });

  it('holds nothing of a memory that others share for what has to wait', () => {
    const queue = new ByteQueue(SIZE);
    const prompt = inSlab(counting()(30));
    queue.add(prompt);
    expect(queue.take(SIZE).buffer).not.toBe(prompt.buffer);
  });

  it('copies nothing that has its memory to itself', () => {
    const queue = new ByteQueue(SIZE);
    const prompt = counting()(30);
    queue.add(prompt);
    expect(queue.take(SIZE).buffer).toBe(prompt.buffer);
  });
});
