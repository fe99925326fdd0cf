import { SampleCache } from './sample-cache';

/** an entry of this many bytes, with its key and what is counted beside */
const entry = (bytes: number): Int16Array => new Int16Array((bytes - 202) / 2);

describe('a cache of samples', () => {
  it('gives back what was put in', () => {
    const cache = new SampleCache(1000);
    const samples = entry(300);
    cache.set('a', samples);
    expect(cache.get('a')).toBe(samples);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.bytes).toBe(300);
  });

  it('lets go of what was used least recently', () => {
    const cache = new SampleCache(1000);
    for (const key of ['a', 'b', 'c']) cache.set(key, entry(300));
    cache.get('a');
    cache.set('d', entry(300));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
    expect(cache.bytes).toBe(900);
  });

  it('lets go of as many as are in the way', () => {
    const cache = new SampleCache(1000);
    for (const key of ['a', 'b', 'c']) cache.set(key, entry(300));
    cache.set('d', entry(600));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['c', 'd']);
    expect(cache.bytes).toBe(900);
  });

  it('counts a key once, with its last samples', () => {
    const cache = new SampleCache(1000);
    cache.set('a', entry(800));
    cache.set('a', entry(300));
    expect(cache.bytes).toBe(300);
  });

  it('does not keep what is larger than itself, and loses nothing to it', () => {
    const cache = new SampleCache(1000);
    cache.set('a', entry(300));
    cache.set('b', entry(1002));
    expect([cache.get('a')?.byteLength, cache.get('b'), cache.bytes]).toEqual([98, undefined, 300]);
  });

  it('counts the keys, which hold the text', () => {
    const cache = new SampleCache(1000);
    cache.set('x'.repeat(500), new Int16Array(0));
    expect(cache.bytes).toBe(0);
  });
});
