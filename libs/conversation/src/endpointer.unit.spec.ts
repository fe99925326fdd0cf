import { Endpointer, type EndpointerSettings, type SpeechEvent } from './endpointer';

const SETTINGS: EndpointerSettings = { minimumMs: 100, endSilenceMs: 400, longestMs: 3000 };
const FRAME_MS = 20;

/** An event, and after how many ms of audio it was told. */
type Told = SpeechEvent & { atMs: number };

/** `voice` and `pause` by turns, in ms, beginning with voice. */
function listen(durations: readonly number[], endpointer = new Endpointer(SETTINGS)): Told[] {
  const told: Told[] = [];
  let atMs = 0;
  durations.forEach((duration, index) => {
    for (let left = duration; left > 0; left -= FRAME_MS) {
      atMs += FRAME_MS;
      const event = endpointer.push(index % 2 === 0, FRAME_MS);
      if (event) told.push({ ...event, atMs });
    }
  });
  return told;
}

describe('given silence', () => {
  it('when it lasts, then nothing is told', () => {
    expect(listen([0, 10_000])).toEqual([]);
  });

  it('when a noise is shorter than the minimum, then nothing is told of it', () => {
    expect(listen([80, 2000])).toEqual([]);
  });

  it('when coughs follow each other, with pauses between them, then they do not add up', () => {
    expect(listen([80, 80, 80, 80, 80, 80, 80, 2000])).toEqual([]);
  });

  it('when voice has lasted for the minimum, then speech began at its first frame', () => {
    expect(listen([100])).toEqual([{ kind: 'began', agoMs: 100, atMs: 100 }]);
  });

  it('when the voice breaks off in the middle of a word, then it is one speech', () => {
    expect(listen([60, 60, 40])).toEqual([{ kind: 'began', agoMs: 160, atMs: 160 }]);
  });

  it('when no minimum is asked for, then the first voice is the beginning, and silence is none', () => {
    const endpointer = new Endpointer({ ...SETTINGS, minimumMs: 0 });
    expect(listen([0, 100, 20], endpointer)).toEqual([{ kind: 'began', agoMs: 20, atMs: 120 }]);
  });
});

describe('given speech', () => {
  it('when silence has lasted as long as asked for, then it has ended, and its length is without that silence', () => {
    expect(listen([1000, 1000])).toEqual([
      expect.objectContaining({ kind: 'began' }),
      { kind: 'ended', speechMs: 1000, silentMs: 400, why: 'end-silence', atMs: 1400 },
    ]);
  });

  it('when the caller pauses for less, then it goes on', () => {
    const [, ended] = listen([600, 380, 600, 1000]);
    expect(ended).toEqual({ kind: 'ended', speechMs: 1580, silentMs: 400, why: 'end-silence', atMs: 1980 });
  });

  it('when it lasts for as long as one may speak, then it is taken as it is, and the next begins', () => {
    const told = listen([4000]);
    expect(told[1]).toEqual({ kind: 'ended', speechMs: 3000, silentMs: 0, why: 'too-long', atMs: 3000 });
    expect(told[2]).toEqual({ kind: 'began', agoMs: 100, atMs: 3100 });
  });

  it('when more silence is asked for meanwhile, then that holds for this speech as well', () => {
    const endpointer = new Endpointer(SETTINGS);
    listen([200], endpointer);
    expect(endpointer.inSpeech).toBe(true);
    endpointer.configure({ ...SETTINGS, endSilenceMs: 800 });
    expect(listen([0, 780], endpointer)).toEqual([]);
    expect(listen([0, 20], endpointer)).toEqual([expect.objectContaining({ kind: 'ended', silentMs: 800 })]);
    expect(endpointer.inSpeech).toBe(false);
  });

  it('when it has ended, then the next is found as the first was', () => {
    expect(listen([200, 600, 300, 600]).map(({ kind, atMs }) => `${kind} ${atMs}`)).toEqual([
      'began 100',
      'ended 600',
      'began 900',
      'ended 1500',
    ]);
  });
});
