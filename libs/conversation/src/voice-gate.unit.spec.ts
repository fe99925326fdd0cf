import { LevelDetector } from './model/slow-speech';
import { louder, silence, together, tone } from './model/sounds';
import { levelOf, VoiceGate } from './voice-gate';

const RATE = 8000;
const FRAME = 160;
const NOW = 10_000;

const gateWith = (hangoverFrames = 0) => new VoiceGate(new LevelDetector(RATE, hangoverFrames), RATE);

/** Which frames of 20 ms hold voice, from `at` on. */
function voiced(gate: VoiceGate, pcm: Int16Array, at = NOW): boolean[] {
  return Array.from({ length: pcm.length / FRAME }, (_, index) =>
    gate.isVoice(pcm.subarray(index * FRAME, (index + 1) * FRAME), at + (index + 1) * 20),
  );
}

const anyVoice = (...given: Parameters<typeof voiced>): boolean => voiced(...given).includes(true);
const ms = (frames: readonly boolean[]): number => frames.filter(Boolean).length * 20;

/** As words are: loud and low by turns, with pauses. */
const WORDS = together(
  ...[-18, -30, -22, -45, -16, -70, -70, -70, -24, -19].flatMap((level, index) => [
    tone(60 + 20 * (index % 3), level),
    silence(20),
  ]),
);

describe('the level of samples', () => {
  it('is counted in dB below full scale, and silence has the least', () => {
    expect(levelOf(tone(1000, -20))).toBeCloseTo(-20, 1);
    expect(levelOf(silence(20))).toBe(-100);
    expect(levelOf(new Int16Array(0))).toBe(-100);
    expect(levelOf(new Int16Array(160).fill(-32768))).toBe(0);
  });
});

describe('given a line on which nothing is played', () => {
  it('when the caller speaks, then it is voice', () => {
    expect(voiced(gateWith(), tone(200, -25))).toEqual(Array(10).fill(true));
  });

  it('when the caller speaks low, then it is voice as well', () => {
    expect(voiced(gateWith(), tone(200, -48))).toEqual(Array(10).fill(true));
  });

  it('when the line only hums, then it is none, whatever the detector says', () => {
    expect(anyVoice(gateWith(100), tone(1000, -60))).toBe(false);
  });

  it.each([
    ['digital silence', silence(200)],
    ['low noise', tone(200, -58)],
    ['noise that is no louder than voices may be', tone(200, -52)],
  ])(
    'when speech ends in %s, then it is over at once, though the detector lets go 120 ms late',
    (_title, after) => {
      const gate = gateWith(6);
      expect(ms(voiced(gate, tone(400, -20)))).toBe(400);
      expect(anyVoice(gate, after, NOW + 400)).toBe(false);
    },
  );

  it('when somebody speaks low a while after a loud word, then it is voice', () => {
    const gate = gateWith();
    voiced(gate, tone(200, -10));
    voiced(gate, silence(1000), NOW + 200);
    expect(anyVoice(gate, tone(100, -36), NOW + 1200)).toBe(true);
  });
});

describe('given a prompt that is being played', () => {
  const lates = [0, 20, 100, 250];

  it.each(lates)('when its echo comes 20 dB below and %i ms late, then it is not the caller', (lateMs) => {
    const gate = gateWith(6);
    gate.playing(WORDS, NOW);
    expect(anyVoice(gate, together(silence(lateMs), louder(WORDS, -20), silence(1000)))).toBe(false);
  });

  it('when the line gives an echo back that was delayed by its buffers as well, then it is not the caller', () => {
    const gate = gateWith();
    gate.playing(tone(1000, -18), NOW);
    expect(anyVoice(gate, together(silence(600), tone(1000, -38)))).toBe(false);
  });

  it('when the caller speaks as loud as the prompt, then it is voice', () => {
    const gate = gateWith();
    gate.playing(WORDS, NOW);
    expect(ms(voiced(gate, tone(400, -20)))).toBe(400);
  });

  it('when the caller speaks 10 dB below the prompt, then it is voice', () => {
    const gate = gateWith();
    gate.playing(tone(2000, -20), NOW);
    expect(ms(voiced(gate, tone(400, -30)))).toBe(400);
  });

  it('when it was over some time ago, then somebody who speaks low is heard', () => {
    const gate = gateWith();
    gate.playing(tone(1000, -15), NOW);
    expect(anyVoice(gate, tone(200, -40), NOW + 1000)).toBe(false);
    expect(anyVoice(gate, tone(200, -40), NOW + 1900)).toBe(true);
  });

  it('when it was cleared, then what was not played is not waited for', () => {
    const gate = gateWith();
    gate.playing(tone(10_000, -15), NOW);
    gate.cleared(NOW + 500);
    expect(anyVoice(gate, tone(200, -40), NOW + 700)).toBe(false);
    expect(anyVoice(gate, tone(200, -40), NOW + 1600)).toBe(true);
  });

  it('when the rest of a long one is still to come, then only what was played may echo', () => {
    const gate = gateWith();
    gate.playing(together(tone(500, -40), silence(500), tone(1000, -10)), NOW);
    expect(anyVoice(gate, tone(300, -45), NOW + 100)).toBe(true);
  });

  it('when the line has shown that it does not echo, then a caller with a soft voice is heard over a loud one', () => {
    const gate = gateWith();
    gate.playing(tone(5000, -10), NOW);
    expect(anyVoice(gate, silence(2500))).toBe(false);
    expect(ms(voiced(gate, tone(400, -36), NOW + 2500))).toBe(400);
  });

  it('when the line has shown that it echoes, then its echo is never the caller, and a loud caller is', () => {
    const gate = gateWith();
    const prompt = together(...Array.from({ length: 6 }, () => WORDS));
    gate.playing(prompt, NOW);
    expect(anyVoice(gate, together(silence(250), louder(prompt, -20)))).toBe(false);
    const end = NOW + 20 * Math.floor((250 + prompt.length / 8) / 20);
    gate.playing(tone(1000, -20), end);
    expect(ms(voiced(gate, tone(400, -22), end))).toBe(400);
  });
});
