import { judgePacing, type Arrival } from './deadlines';

/** Messages of 80 ms that come when they are due with a lead of 400 ms, but for those that come so much later. */
function arrivals(count: number, later: Readonly<Record<number, number>> = {}): Arrival[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: 1000 + Math.max(0, (index + 1) * 80 - 400) + (later[index] ?? 0),
    audioMs: 80,
  }));
}

describe('pacing', () => {
  it('sends as much as the lead at once, and then each message at its time', () => {
    const { lateMs, mostAheadMs } = judgePacing(arrivals(20), { leadMs: 400 });
    expect(lateMs).toEqual(new Array(20).fill(0));
    expect(mostAheadMs).toBe(400);
  });

  it('counts each message by itself: what one is late, the next is not', () => {
    const { lateMs } = judgePacing(arrivals(8, { 6: 30 }), { leadMs: 400 });
    expect(lateMs).toEqual([0, 0, 0, 0, 0, 0, 30, 0]);
  });

  it('tells a message that comes before its time', () => {
    const { lateMs, mostAheadMs } = judgePacing(arrivals(8, { 6: -30 }), { leadMs: 400 });
    expect(lateMs[6]).toBe(-30);
    expect(mostAheadMs).toBe(430);
  });

  it('takes a longer message for early where its end is further away than the lead', () => {
    const last = { atMs: 1000 + 480 - 400, audioMs: 130 };
    const { lateMs, mostAheadMs } = judgePacing([...arrivals(5), last], { leadMs: 400 });
    expect(lateMs[5]).toBe(-50);
    expect(mostAheadMs).toBe(450);
  });

  it('lets a message that is due in a stall come when that is over, and not later', () => {
    // the messages 6 and 7 are due at 1160 and 1240
    const stalls = [{ fromMs: 1155, toMs: 1175 }];
    const late = { 6: 17, 7: 17 };
    const { lateMs } = judgePacing(arrivals(8, late), { leadMs: 400, stalls });
    expect(lateMs.slice(5)).toEqual([0, 2, 17]);
  });

  it('takes a message for early that comes during the stall in which it is due', () => {
    const stalls = [{ fromMs: 1155, toMs: 1175 }];
    expect(judgePacing(arrivals(7), { leadMs: 400, stalls }).lateMs[6]).toBe(-15);
  });

  it('has nothing to tell of nothing', () => {
    expect(() => judgePacing([], { leadMs: 400 })).toThrow(RangeError);
  });
});
