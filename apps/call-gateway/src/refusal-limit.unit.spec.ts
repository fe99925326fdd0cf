import { RefusalLimit } from './refusal-limit';

describe('the limit of refusals', () => {
  it('stops one address, not its neighbour, and lets it try again a second later', () => {
    let now = 0;
    const limit = new RefusalLimit(3, () => now);
    for (let tries = 0; tries < 3; tries += 1) {
      expect(limit.exceeded('a')).toBe(false);
      limit.count('a');
    }
    expect([limit.exceeded('a'), limit.exceeded('b')]).toEqual([true, false]);
    now = 1001;
    expect(limit.exceeded('a')).toBe(false);
    limit.count('a');
    expect(limit.exceeded('a')).toBe(false);
  });

  it('is quiet until somebody is refused, and again a second after the last one', () => {
    let now = 0;
    const limit = new RefusalLimit(3, () => now);
    expect(limit.quiet).toBe(true);
    limit.count('a');
    now = 900;
    limit.count('b');
    now = 1899;
    expect(limit.quiet).toBe(false);
    now = 1900;
    expect(limit.quiet).toBe(true);
  });

  it('remembers a bounded number of addresses', () => {
    const limit = new RefusalLimit(1, () => 0);
    for (let address = 0; address < 20_000; address += 1) limit.count(String(address));
    expect([limit.exceeded('0'), limit.exceeded('19999')]).toEqual([false, true]);
  });
});
