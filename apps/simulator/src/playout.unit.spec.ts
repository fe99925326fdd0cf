import { Playout, type Played } from './playout';

/** 8 bytes are 1 ms, as on Twilio */
const BYTES_PER_MS = 8;
const audio = (ms: number, fill = 1): Uint8Array => new Uint8Array(ms * BYTES_PER_MS).fill(fill);
const exotelLike = () => new Playout(BYTES_PER_MS, { cutsPlaying: false, returnsMarks: false });
const twilioLike = () => new Playout(BYTES_PER_MS, { cutsPlaying: true, returnsMarks: true });

/** `100 ms` for audio, the name for a mark */
const told = (played: readonly Played[]): string[] =>
  played.map((item) => (item.kind === 'mark' ? item.name : `${item.payload.length / BYTES_PER_MS} ms`));

describe('the play-out buffer', () => {
  it('plays a message when its time has passed, and not before', () => {
    const playout = exotelLike();
    playout.add(audio(100), 1000);
    expect(told(playout.advance(1099))).toEqual([]);
    expect(playout.dueAt()).toBe(1100);
    expect(told(playout.advance(1100))).toEqual(['100 ms']);
    expect(playout.dueAt()).toBeNull();
  });

  it('plays what arrives early behind what is there, however late anybody looks', () => {
    const playout = exotelLike();
    playout.add(audio(100), 0);
    playout.add(audio(100), 10);
    expect(playout.leadMs(10)).toBe(190);
    playout.advance(173);
    playout.add(audio(100), 173);
    expect(playout.dueAt()).toBe(200);
    expect(told(playout.advance(300))).toEqual(['100 ms', '100 ms']);
  });

  it('plays what arrives after a gap from its arrival on', () => {
    const playout = exotelLike();
    playout.add(audio(20), 0);
    playout.advance(20);
    expect(playout.leadMs(500)).toBe(0);
    playout.add(audio(20), 500);
    expect(playout.dueAt()).toBe(520);
  });

  it('returns a mark when all before it has been played', () => {
    const playout = exotelLike();
    playout.add(audio(100), 0);
    playout.mark('first', 0);
    playout.add(audio(100), 0);
    playout.mark('second', 0);
    expect(told(playout.advance(100))).toEqual(['100 ms', 'first']);
    expect(told(playout.advance(200))).toEqual(['100 ms', 'second']);
  });

  it('returns a mark at once when nothing is before it', () => {
    const playout = exotelLike();
    playout.mark('alone', 7);
    expect(told(playout.advance(7))).toEqual(['alone']);
  });

  it('after an Exotel clear plays the message to its end that has begun, and its mark returns', () => {
    const playout = exotelLike();
    playout.add(audio(100), 0);
    playout.mark('begun', 0);
    playout.add(audio(100), 0);
    playout.mark('dropped', 0);
    expect(told(playout.clear(30))).toEqual([]);
    expect(told(playout.advance(1000))).toEqual(['100 ms', 'begun']);
  });

  it('after an Exotel clear plays what comes next behind the message that has begun', () => {
    const playout = exotelLike();
    playout.add(audio(100), 0);
    playout.add(audio(100, 2), 0);
    playout.clear(30);
    playout.add(audio(50, 3), 40);
    const [first, second] = playout.advance(150);
    expect(told([first!, second!])).toEqual(['100 ms', '50 ms']);
    expect(second).toMatchObject({ payload: audio(50, 3) });
  });

  it('after a Twilio clear is silent at once, and every mark returns', () => {
    const playout = twilioLike();
    playout.add(audio(100), 0);
    playout.mark('a', 0);
    playout.add(audio(100), 0);
    playout.mark('b', 0);
    expect(told(playout.clear(30))).toEqual(['30 ms', 'a', 'b']);
    expect(playout.dueAt()).toBeNull();
    expect(playout.leadMs(30)).toBe(0);
  });

  it('tells what was played before a clear together with it', () => {
    const playout = twilioLike();
    playout.add(audio(20), 0);
    playout.mark('played', 0);
    expect(told(playout.clear(100))).toEqual(['20 ms', 'played']);
  });

  it('says when everything is, or was, or will be played', () => {
    const playout = twilioLike();
    expect(playout.audioEndsAt).toBe(Number.NEGATIVE_INFINITY);
    expect(playout.add(audio(100), 1000)).toEqual({ startsAt: 1000, endsAt: 1100 });
    expect(playout.add(audio(100), 1010)).toEqual({ startsAt: 1100, endsAt: 1200 });
    playout.mark('late', 1250);
    expect(playout.audioEndsAt).toBe(1200);
    const [first, second, mark] = playout.advance(1300);
    expect([first, second]).toMatchObject([{ startsAt: 1000 }, { startsAt: 1100 }]);
    expect(mark).toEqual({ kind: 'mark', name: 'late', at: 1250, cleared: false });
    expect(playout.audioEndsAt).toBe(1200);
  });

  it('says when the last audio was played that a clear has left', () => {
    const cut = twilioLike();
    cut.add(audio(100), 0);
    cut.mark('cut', 0);
    // whole samples of 2 bytes
    expect(cut.clear(30.2)).toMatchObject([{ startsAt: 0 }, { name: 'cut', at: 30.2, cleared: true }]);
    expect(cut.audioEndsAt).toBe(30);
    const uncut = exotelLike();
    uncut.add(audio(100), 0);
    uncut.add(audio(100), 0);
    uncut.clear(30);
    expect(uncut.audioEndsAt).toBe(100);
    uncut.cutOff(50);
    expect(uncut.audioEndsAt).toBe(50);
  });

  it('when the line is cut has played what there was time for, and no mark', () => {
    const playout = exotelLike();
    playout.add(audio(100), 0);
    playout.add(audio(100), 0);
    playout.mark('never', 0);
    expect(told(playout.cutOff(125))).toEqual(['100 ms', '25 ms']);
    expect(told(playout.cutOff(500))).toEqual([]);
  });
});
