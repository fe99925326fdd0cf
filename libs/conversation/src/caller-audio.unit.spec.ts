import { CallerAudio } from './caller-audio';
import { type SpeechEvent } from './endpointer';
import { LevelDetector } from './model/slow-speech';
import { silence, together, tone } from './model/sounds';

const RATE = 8000;
const SETTINGS = { minimumMs: 100, endSilenceMs: 400, longestMs: 3000 };
const msOf = (pcm: Int16Array): number => (pcm.length / RATE) * 1000;

function listener(hangoverFrames = 0) {
  const detector = new LevelDetector(RATE, hangoverFrames);
  const audio = new CallerAudio(detector, RATE, SETTINGS);
  const told: (SpeechEvent & { at: number })[] = [];
  let now = 0;
  let kind: 'new' | 'more' = 'new';
  const hearOne = (pcm: Int16Array) => {
    now += msOf(pcm);
    audio.hear(pcm, now, (event) => {
      told.push({ ...event, at: now });
      return kind;
    });
  };
  return {
    ...{ audio, detector, told },
    /** in pieces of that many samples */
    hear: (pcm: Int16Array, size = 160) => {
      for (let start = 0; start < pcm.length; start += size) hearOne(pcm.subarray(start, start + size));
    },
    goOn: () => (kind = 'more'),
  };
}

const WORDS = together(silence(500), tone(300, -25), silence(600));
/** With what is kept before and after. */
const KEPT = WORDS.subarray(300 * 8, 1000 * 8);
const isSame = (one: Int16Array, other: Int16Array): boolean =>
  one.length === other.length && one.every((sample, index) => sample === other[index]);

describe('given a caller who says something', () => {
  it('when it is over, then it is kept with 200 ms before and after it', () => {
    const { hear, audio, told } = listener();
    hear(WORDS);
    expect(told).toEqual([
      { kind: 'began', agoMs: 100, at: 600 },
      { kind: 'ended', speechMs: 300, silentMs: 400, why: 'end-silence', at: 1200 },
    ]);
    expect(isSame(audio.said(), KEPT)).toBe(true);
  });

  it.each([3, 100, 161, 800, 4000])(
    'when it comes in pieces of %i samples, then the same is kept',
    (size) => {
      const { hear, audio, told } = listener();
      hear(WORDS, size);
      expect(isSame(audio.said(), KEPT)).toBe(true);
      expect(told.map(({ kind }) => kind)).toEqual(['began', 'ended']);
    },
  );

  it('when all of it comes at once, then it began as long ago as it did', () => {
    const { hear, told } = listener();
    hear(WORDS, WORDS.length);
    expect(told[0]).toEqual({ kind: 'began', agoMs: 900, at: 1400 });
  });

  it('when it begins in a frame that came in two pieces, then it began as long ago as it did', () => {
    const { hear, told } = listener();
    const words = tone(1100, -25);
    hear(words.subarray(0, 90 * 8), 90 * 8);
    hear(words.subarray(90 * 8), words.length);
    expect(told).toEqual([{ kind: 'began', agoMs: 1100, at: 1100 }]);
  });

  it('when the agent asks again since the caller went on, then both parts are kept', () => {
    const { hear, audio, goOn } = listener();
    hear(WORDS);
    goOn();
    hear(together(tone(300, -25), silence(500)));
    expect(msOf(audio.said())).toBe(700 + 200 + 300 + 200);
  });

  it('when it is a new answer, then only the new part is kept', () => {
    const { hear, audio } = listener();
    hear(together(WORDS, silence(1000), tone(300, -25), silence(500)));
    expect(msOf(audio.said())).toBe(700);
  });

  it('when it was heard, then it is forgotten on request', () => {
    const { hear, audio } = listener();
    hear(WORDS);
    audio.forget();
    expect(audio.said()).toHaveLength(0);
  });

  it('when the detector lets go 120 ms late, then the end is told on time', () => {
    const { hear, told } = listener(6);
    hear(WORDS);
    expect(told[1]).toMatchObject({ kind: 'ended', speechMs: 300, at: 1200 });
  });
});

describe('given audio that comes in memory which is used again', () => {
  it.each([100, 160, 800])('when it is over, then what was said is what came (pieces of %i)', (size) => {
    const { hear, audio } = listener();
    const memory = new Int16Array(size);
    for (let start = 0; start < WORDS.length; start += size) {
      const piece = memory.subarray(0, Math.min(size, WORDS.length - start));
      piece.set(WORDS.subarray(start, start + piece.length));
      hear(piece, size);
    }
    expect(isSame(audio.said(), KEPT)).toBe(true);
  });
});

describe('given a noise that is too short', () => {
  it('when it was heard, then nothing is told or kept', () => {
    const { hear, audio, told } = listener();
    hear(together(silence(500), tone(80, -20), silence(500)));
    expect(told).toEqual([]);
    expect(audio.said()).toHaveLength(0);
  });
});

describe('given a line that is loud all the time', () => {
  it('when nobody ever stops, then no more is kept than one may speak', () => {
    const { hear, audio, told } = listener();
    for (let second = 0; second < 16; second += 1) hear(tone(1000, -25));
    expect(msOf(audio.said())).toBeLessThanOrEqual(3000 + 300);
    expect(told.filter(({ kind }) => kind === 'ended')).toHaveLength(5);
  });
});

describe('given a line that is closed', () => {
  it('when nothing will be heard any more, then the detector gives back what it holds, once', () => {
    const { audio, detector } = listener();
    audio.close();
    expect(detector.closed).toBe(1);
    expect(audio.said()).toHaveLength(0);
  });
});
