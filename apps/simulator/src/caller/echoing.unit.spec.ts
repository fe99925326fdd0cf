import { twilio } from '../twilio/twilio';
import { EchoingCaller, type EchoPlan } from './echoing';

const audio = twilio.lineAudio(8000);
const bytes = new Uint8Array(400).fill(7);
const plan: EchoPlan = {
  audio,
  said: { bytes, lengthMs: 50, audibleFromMs: 5, audibleToMs: 45 },
  sayAfterMs: 0,
  digits: '',
  holdMs: 0,
};

describe('the caller who wants an echo', () => {
  it('says all in whole frames, the last filled up with silence, and silence from then on', () => {
    const caller = new EchoingCaller(plan);
    const frames = [1, 2, 3, 4].map(() => caller.nextFrame());
    expect(frames.map(({ length }) => length)).toEqual([160, 160, 160, 160]);
    expect(
      Buffer.concat(frames.slice(0, 3))
        .subarray(0, 400)
        .every((byte) => byte === 7),
    ).toBe(true);
    expect(frames[2]?.subarray(80).every((byte) => byte === 0xff)).toBe(true);
    expect(frames[3]?.every((byte) => byte === 0xff)).toBe(true);
    expect(caller.done).toBe(true);
    expect([caller.saidMs, caller.sentMs]).toEqual([50, 80]);
  });

  it('waits before it speaks', () => {
    const caller = new EchoingCaller({ ...plan, sayAfterMs: 30 });
    expect([caller.nextFrame()[0], caller.nextFrame()[0], caller.nextFrame()[0]]).toEqual([0xff, 0xff, 7]);
  });

  it('presses its keys when all is said, a quarter of a second apart, and is done with the last', () => {
    const caller = new EchoingCaller({ ...plan, digits: '12' });
    const pressed: [number, string][] = [];
    for (let frame = 1; frame <= 30; frame += 1) {
      caller.nextFrame();
      const digit = caller.nextDigit();
      if (digit !== null) pressed.push([frame, digit]);
    }
    expect(pressed).toEqual([
      [3, '1'],
      [16, '2'],
    ]);
    expect(caller.done).toBe(true);
  });

  it('has heard itself when all that it said came back, and not before', () => {
    const caller = new EchoingCaller(plan);
    caller.hear(bytes.subarray(0, 399));
    expect([caller.heardBack, caller.heardMs]).toEqual([false, 50]);
    expect(caller.complaint('gateway')).toBe('50 of 50 ms came back unbroken before the gateway closed');
    caller.hear(bytes.subarray(399));
    expect([caller.heardBack, caller.complaint('gateway')]).toEqual([true, null]);
  });

  it('hangs up when it has said all, heard all, and been on the line for as long as it is to hold', () => {
    const caller = new EchoingCaller({ ...plan, holdMs: 500 });
    caller.hear(bytes);
    expect(caller.leaves(600)).toBe(false);
    [1, 2, 3].forEach(() => caller.nextFrame());
    expect([caller.leaves(499), caller.leaves(500)]).toEqual([false, true]);
  });

  it('knows when it was heard: by its first and its last sample that are not silence, and by its keys', () => {
    const caller = new EchoingCaller({ ...plan, sayAfterMs: 20, digits: '12' });
    const acts = [];
    for (let frame = 1; frame <= 20; frame += 1) {
      caller.nextFrame();
      caller.nextDigit();
      acts.push(caller.acts);
    }
    expect(acts[0]).toEqual([]);
    expect(acts[1]).toEqual([{ kind: 'opening', atMs: 25, endedAtMs: 40 }]);
    expect(acts[19]).toEqual([
      { kind: 'opening', atMs: 25, endedAtMs: 65 },
      { kind: 'keys', atMs: 80, endedAtMs: 340 },
    ]);
  });
});
