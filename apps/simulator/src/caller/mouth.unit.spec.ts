import { exotel } from '../exotel/exotel';
import { twilio } from '../twilio/twilio';
import { Keypad } from './keypad';
import { Mouth } from './mouth';
import type { Sound } from './sound';

/** 8 bytes are 1 ms, a frame is 160 bytes */
const audio = twilio.lineAudio(8000);
const sound = (ms: number, fill = 1): Sound => ({
  bytes: new Uint8Array(ms * 8).fill(fill),
  lengthMs: ms,
  audibleFromMs: 0,
  audibleToMs: ms,
});

/** `160×silence`, or `8×silence 152×1` */
function written(frame: Uint8Array): string {
  const runs: [number, number][] = [];
  for (const byte of frame) {
    const last = runs.at(-1);
    if (last?.[1] === byte) last[0] += 1;
    else runs.push([1, byte]);
  }
  return runs.map(([times, byte]) => `${times}×${byte === 0xff ? 'silence' : byte}`).join(' ');
}
const frames = (mouth: Mouth, count: number): string[] =>
  Array.from({ length: count }, () => written(mouth.nextFrame()));

describe('what the caller says', () => {
  it('begins at its very sample, goes on without a gap and ends in silence', () => {
    const mouth = new Mouth(audio);
    expect(mouth.say(sound(25), 21)).toBe(21);
    expect(frames(mouth, 4)).toEqual(['160×silence', '8×silence 152×1', '48×1 112×silence', '160×silence']);
  });

  it('takes the next sample where its time lies between two', () => {
    expect(new Mouth(audio).say(sound(1), 10.01)).toBe(10.125);
    expect(new Mouth(audio).say(sound(1), 10.125 + 1e-9)).toBe(10.125);
  });

  it('waits for what is being said, and fills whole frames', () => {
    const mouth = new Mouth(audio);
    mouth.say(sound(30), 0);
    expect(mouth.say(sound(30, 2), 10)).toBe(30);
    expect(frames(mouth, 4)).toEqual(['160×1', '80×1 80×2', '160×2', '160×silence']);
    expect(mouth.idle).toBe(true);
  });

  it('does not go back into a frame that is gone', () => {
    const mouth = new Mouth(audio);
    frames(mouth, 3);
    expect([mouth.sentMs, mouth.say(sound(20), 5), mouth.idle]).toEqual([60, 60, false]);
    expect(frames(mouth, 2)).toEqual(['160×1', '160×silence']);
  });

  it('may be two short sounds within one frame', () => {
    const mouth = new Mouth(audio);
    mouth.say(sound(2), 1);
    mouth.say(sound(2, 3), 10);
    expect(frames(mouth, 1)).toEqual(['8×silence 16×1 56×silence 16×3 64×silence']);
  });

  it('never lies between the bytes of a sample', () => {
    const mouth = new Mouth(exotel.lineAudio(8000));
    expect(mouth.say(sound(1), 1.2)).toBe(1.25);
    expect(mouth.nextFrame().findIndex((byte) => byte === 1)).toBe(20);
  });
});

describe('the keys', () => {
  it('are pressed a quarter of a second apart, and not before their time', () => {
    const keypad = new Keypad();
    const times: number[] = [];
    keypad.press('12', 40, (atMs) => times.push(atMs));
    keypad.press('3', 900);
    const pressed = Array.from({ length: 50 }, (_, at) => keypad.next(20 * at)).join('');
    expect(pressed).toBe('123');
    expect(times).toEqual([40, 300]);
    expect(keypad.idle).toBe(true);
  });
});
