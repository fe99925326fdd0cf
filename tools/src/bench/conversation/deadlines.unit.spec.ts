import { judgePacing, type Arrival } from './deadlines';

const COUNT = 20;

/** Messages of 80 ms that come when they are due with a lead of 400 ms, but for those that come so much later. */
function arrivals(later: Readonly<Record<number, number>> = {}): Arrival[] {
  return Array.from({ length: COUNT }, (_, index) => ({
    atMs: 1000 + Math.max(0, (index + 1) * 80 - 400) + (later[index] ?? 0),
    audioMs: 80,
  }));
}

/** None is late but these. */
const late = (by: Readonly<Record<number, number>>): number[] =>
  Array.from({ length: COUNT }, (_, index) => by[index] ?? 0);

describe('pacing', () => {
  it('sends as much as the lead at once, and then each message at its time', () => {
    expect(judgePacing(arrivals(), { leadMs: 400 })).toEqual({ lateMs: late({}), mostAheadMs: 400 });
  });

  it('counts each message by itself: what one is late, the next is not', () => {
    expect(judgePacing(arrivals({ 6: 30 }), { leadMs: 400 }).lateMs).toEqual(late({ 6: 30 }));
  });

  it('does not hang on the first message', () => {
    expect(judgePacing(arrivals({ 0: 7 }), { leadMs: 400 }).lateMs).toEqual(late({ 0: 7 }));
  });

  it('tells a message that comes before its time', () => {
    const { lateMs, mostAheadMs } = judgePacing(arrivals({ 6: -30 }), { leadMs: 400 });
    expect(lateMs).toEqual(late({ 6: -30 }));
    expect(mostAheadMs).toBe(430);
  });

  it('takes a longer message for early where its end is further away than the lead', () => {
    const last = { atMs: 1000 + 21 * 80 - 400, audioMs: 130 };
    const { lateMs, mostAheadMs } = judgePacing([...arrivals(), last], { leadMs: 400 });
    expect(lateMs).toEqual([...late({}), -50]);
    expect(mostAheadMs).toBe(450);
  });

  it('sees all of them drift away', () => {
    const drifting = Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [index, index * 2]));
    expect(judgePacing(arrivals(drifting), { leadMs: 400 }).lateMs.at(-1)).toBe(36);
  });

  it('lets a message that is due in a stall come when that is over, and not later', () => {
    // the messages 6 and 7 are due at 1160 and 1240
    const stalls = [{ fromMs: 1155, toMs: 1175 }];
    const { lateMs } = judgePacing(arrivals({ 6: 17, 7: 17 }), { leadMs: 400, stalls });
    expect(lateMs).toEqual(late({ 6: 2, 7: 17 }));
  });

  it('has nothing to tell of nothing', () => {
    expect(() => judgePacing([], { leadMs: 400 })).toThrow(RangeError);
  });
});
