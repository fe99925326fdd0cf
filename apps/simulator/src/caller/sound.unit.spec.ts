import { exotel } from '../exotel/exotel';
import { twilio } from '../twilio/twilio';
import { cough } from './cough';
import { soundOf, withoutSilentEnds } from './sound';

const audio = twilio.lineAudio(8000);

describe('speech on the line', () => {
  const speech = { samples: Int16Array.from([0, -1, 1, 1000, -1000, 32_767]), sampleRate: 8000 };

  it('is PCM on Exotel, at the rate of the line', () => {
    expect(soundOf(speech, exotel.lineAudio(8000)).bytes).toHaveLength(12);
    expect(soundOf(speech, exotel.lineAudio(16_000)).bytes).toHaveLength(24);
  });

  it('is mu-law on Twilio, without the zero that PCM does not have', () => {
    expect([...soundOf(speech, audio).bytes].slice(0, 3)).toEqual([0xff, 0xff, 0xff]);
  });
});

describe('a sound', () => {
  const samples = new Int16Array(80);
  samples.set([99, -100, 5000, 0, 100, -99], 8);

  it('begins with its first sample that is not silence, and ends with its last', () => {
    const sound = soundOf({ samples, sampleRate: 8000 }, audio);
    expect(sound).toMatchObject({ lengthMs: 10, audibleFromMs: 9 / 8, audibleToMs: 13 / 8 });
    expect([...withoutSilentEnds({ samples, sampleRate: 8000 }).samples]).toEqual([-100, 5000, 0, 100]);
  });

  it('of nothing but silence lasts as long as it is', () => {
    const silent = soundOf({ samples: new Int16Array(80), sampleRate: 8000 }, audio);
    expect(silent).toMatchObject({ lengthMs: 10, audibleFromMs: 0, audibleToMs: 10 });
  });

  it('that is a cough is loud noise of its length, and always the same', () => {
    const { samples: noise, sampleRate } = cough(120);
    expect(noise).toHaveLength(0.12 * sampleRate);
    const power = noise.reduce((sum, sample) => sum + sample ** 2, 0) / noise.length;
    expect(Math.sqrt(power)).toBeGreaterThan(3000);
    expect(cough(120).samples).toEqual(noise);
    const mean = noise.reduce((sum, sample) => sum + sample, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(500);
  });
});
