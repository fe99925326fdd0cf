import { Breaker } from './breaker';

const opened = (): Breaker => {
  const breaker = new Breaker({ failures: 3, pauseMs: 30_000 });
  for (let i = 0; i < 3; i += 1) breaker.failed(1000);
  return breaker;
};

describe('a breaker', () => {
  it('lets requests on as long as fewer fail in a row than it takes', () => {
    const breaker = new Breaker({ failures: 3, pauseMs: 30_000 });
    for (let i = 0; i < 10; i += 1) {
      breaker.failed(i);
      breaker.failed(i);
      breaker.succeeded();
    }
    breaker.failed(20);
    breaker.failed(20);
    expect(breaker.admits(20)).toBe(true);
  });

  it('lets none on for a while after so many failures in a row', () => {
    const breaker = opened();
    expect([1000, 15_000, 30_999].map((now) => breaker.admits(now))).toEqual([false, false, false]);
  });

  it('then lets one on', () => {
    const breaker = opened();
    expect([31_000, 31_001, 60_999].map((now) => breaker.admits(now))).toEqual([true, false, false]);
  });

  it('closes when that one succeeds, and counts anew', () => {
    const breaker = opened();
    breaker.admits(31_000);
    breaker.succeeded();
    breaker.failed(31_100);
    breaker.failed(31_100);
    expect([31_100, 31_101].map((now) => breaker.admits(now))).toEqual([true, true]);
  });

  it('waits once more when that one fails', () => {
    const breaker = opened();
    breaker.admits(31_000);
    breaker.failed(32_500);
    expect([32_500, 62_499, 62_500].map((now) => breaker.admits(now))).toEqual([false, false, true]);
  });

  it('lets another on when that one never says how it went', () => {
    const breaker = opened();
    breaker.admits(31_000);
    expect(breaker.admits(61_000)).toBe(true);
  });
});
