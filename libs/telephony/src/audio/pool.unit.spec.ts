import * as fc from 'fast-check';
import { AudioPool } from './pool';

const sizes = fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.nat(200), fc.nat(5000))), { maxLength: 200 });

describe('a pool of audio', () => {
  it('gives each its own room, which nobody writes into afterwards', () => {
    fc.assert(
      fc.property(sizes, (all) => {
        const pool = new AudioPool();
        const rooms = all.map(([wide, length], index) =>
          (wide ? pool.samples(length) : pool.bytes(length)).fill((index % 100) + 1),
        );
        rooms.forEach((room, index) => {
          expect(room).toHaveLength(all[index]![1]);
          expect(room.every((value: number) => value === (index % 100) + 1)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('cuts many from one slab, and begins another when it is full', () => {
    const pool = new AudioPool();
    const slabs = new Set(Array.from({ length: 100 }, () => pool.samples(160).buffer));
    expect(slabs.size).toBe(4);
    for (const { byteLength } of slabs) expect(byteLength).toBe(8192);
  });

  it('holds no more than is asked for, where that is much', () => {
    const pool = new AudioPool();
    expect(pool.samples(1600).buffer.byteLength).toBe(3200);
    expect(pool.bytes(3200).buffer.byteLength).toBe(3200);
    expect(pool.base64(Buffer.alloc(3201).toString('base64'), 3201)!.buffer.byteLength).toBe(3201);
  });

  it('has nothing in common with another pool', () => {
    expect(new AudioPool().bytes(1).buffer).not.toBe(new AudioPool().bytes(1).buffer);
  });

  it.each([3, 3000])('has the bytes of base64, if they are %d as they should be', (length) => {
    const pool = new AudioPool();
    const bytes = Buffer.from(Uint8Array.from({ length }, (_, index) => index));
    expect(Buffer.compare(pool.base64(bytes.toString('base64'), length)!, bytes)).toBe(0);
    expect(pool.base64(bytes.toString('base64'), length + 1)).toBeNull();
    expect(pool.base64(`!${bytes.toString('base64').slice(1)}`, length)).toBeNull();
  });
});
