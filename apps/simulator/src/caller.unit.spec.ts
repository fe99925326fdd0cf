import { Caller, type CallerPlan } from './caller';
import { exotel } from './exotel/exotel';
import { encodeSpeech } from './speech';
import { twilio } from './twilio/twilio';

const audio = twilio.lineAudio(8000);
const plan: CallerPlan = {
  audio,
  said: new Uint8Array(400).fill(7),
  sayAfterMs: 0,
  digits: '',
  record: false,
};

describe('the caller', () => {
  it('says all in whole frames, the last filled up with silence, and silence from then on', () => {
    const caller = new Caller(plan);
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
    const caller = new Caller({ ...plan, sayAfterMs: 30 });
    expect([caller.nextFrame()[0], caller.nextFrame()[0], caller.nextFrame()[0]]).toEqual([0xff, 0xff, 7]);
  });

  it('presses its keys when all is said, a quarter of a second apart, and is done with the last', () => {
    const caller = new Caller({ ...plan, digits: '12' });
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
    const caller = new Caller({ ...plan, record: true });
    caller.hear(plan.said.subarray(0, 399));
    expect([caller.heardBack, caller.heardMs]).toEqual([false, 50]);
    caller.hear(plan.said.subarray(399));
    expect(caller.heardBack).toBe(true);
    expect(caller.heard()).toHaveLength(400);
  });
});

describe('speech on the line', () => {
  const speech = { samples: Int16Array.from([0, -1, 1, 1000, -1000, 32_767]), sampleRate: 8000 };

  it('is PCM on Exotel, at the rate of the line', () => {
    expect(encodeSpeech(speech, exotel.lineAudio(8000))).toHaveLength(12);
    expect(encodeSpeech(speech, exotel.lineAudio(16_000))).toHaveLength(24);
  });

  it('is mu-law on Twilio, without the zero that PCM does not have', () => {
    expect([...encodeSpeech(speech, audio)].slice(0, 3)).toEqual([0xff, 0xff, 0xff]);
  });
});
