import { InFlight } from './in-flight';

describe('the messages in flight', () => {
  it('tell when the one that is being played will have been played', () => {
    const inFlight = new InFlight();
    for (const end of [80, 160, 240]) inFlight.add(end, 0);
    expect([0, 79, 80, 200, 240].map((now) => inFlight.endAfter(now))).toEqual([80, 80, 160, 240, null]);
  });

  it('may be any number, and what has been played takes no place', () => {
    const inFlight = new InFlight();
    const leads = [100, 400, 1000, 200];
    let ends: number[] = [];
    let end = 0;
    for (let now = 0; now < 4000; now += 20) {
      for (const until = now + (leads[Math.floor(now / 1000)] as number); end < until;) {
        inFlight.add((end += 20), now);
        ends.push(end);
      }
      ends = ends.filter((each) => each > now);
    }
    expect(inFlight.places).toBe(64);
    expect(ends).toHaveLength(10);
    for (const each of ends) expect(inFlight.endAfter(each - 1)).toBe(each);
  });

  it('stay in their order when there is no more room for them', () => {
    const inFlight = new InFlight();
    for (let end = 20; end <= 160; end += 20) inFlight.add(end, 0);
    for (let end = 180; end <= 400; end += 20) inFlight.add(end, 60);
    const ends = Array.from({ length: 17 }, (_, index) => 80 + 20 * index);
    expect(ends.map((end) => inFlight.endAfter(end - 1))).toEqual(ends);
  });

  it('are none after they were cleared', () => {
    const inFlight = new InFlight();
    inFlight.add(80, 0);
    inFlight.clear();
    expect(inFlight.endAfter(0)).toBeNull();
    inFlight.add(100, 50);
    expect(inFlight.endAfter(60)).toBe(100);
  });
});
