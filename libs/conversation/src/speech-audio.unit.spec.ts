import { SpeechAudio } from './speech-audio';

const RATE = 8000;
const FRAME = 160;

const frameOf = (value: number): Int16Array => new Int16Array(FRAME).fill(value);

/** What was said, by one sample of each frame. */
const said = (audio: SpeechAudio): number[] => {
  const samples = audio.said();
  expect(samples.every((sample, index) => sample === samples[index - (index % FRAME)])).toBe(true);
  return [...samples.filter((_, index) => index % FRAME === 0)];
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

describe('the audio of speech', () => {
  let audio: SpeechAudio;
  beforeEach(() => (audio = new SpeechAudio(RATE, FRAME)));

  const remember = (from: number, to: number) => {
    for (const value of range(from, to)) audio.remember(frameOf(value));
  };

  it.each([
    [10, 4, range(6, 10)],
    [10, 20, range(0, 10)],
    [50, 50, range(0, 50)],
    [170, 50, range(120, 170)],
    [170, 80, range(120, 170)],
    [175, 3, range(172, 175)],
  ])(
    'after %i frames, of the latest %i those are there that came in the last second',
    (came, asked, kept) => {
      remember(0, came);
      audio.addRecent(asked);
      expect(said(audio)).toEqual(kept);
    },
  );

  it('is what was remembered and then what was added, however much, in its order', () => {
    remember(0, 60);
    audio.addRecent(20);
    for (const value of range(60, 1000)) audio.add(frameOf(value));
    expect(said(audio)).toEqual(range(40, 1000));
  });

  it('can be taken back from its end, and goes on from there', () => {
    for (const value of range(0, 10)) audio.add(frameOf(value));
    audio.dropLast(3);
    audio.add(frameOf(77));
    expect(said(audio)).toEqual([...range(0, 7), 77]);
    audio.dropLast(100);
    expect(said(audio)).toEqual([]);
  });

  it.each([10, 500])('is empty after it was forgotten, and then what is new (%i frames)', (frames) => {
    for (const value of range(0, frames)) audio.add(frameOf(value));
    audio.forget();
    expect(said(audio)).toEqual([]);
    audio.add(frameOf(5));
    expect(said(audio)).toEqual([5]);
  });

  it('is given out as it is now: what is said or forgotten later changes nothing of it', () => {
    audio.add(frameOf(1));
    const given = audio.said();
    audio.forget();
    audio.add(frameOf(2));
    expect(given).toEqual(frameOf(1));
  });

  it('holds nothing of the memory that frames came in', () => {
    const frame = frameOf(1);
    audio.remember(frame);
    audio.add(frame);
    frame.fill(9);
    audio.addRecent(1);
    expect(said(audio)).toEqual([1, 1]);
  });
});
