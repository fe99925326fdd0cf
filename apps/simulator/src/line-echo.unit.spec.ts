import { exotel } from './exotel/exotel';
import { LineEcho } from './line-echo';
import { decodeSamples, encodeSamples } from './line-samples';
import { twilio } from './twilio/twilio';

/** 8 samples are 1 ms, a frame is 800 of them */
const pcm = exotel.lineAudio(8000);
const silent = new Uint8Array(pcm.frameBytes);
const samples = (...values: number[]): Uint8Array => encodeSamples(Int16Array.from(values), pcm);
/** what is not silent, as `[sample, value]` */
const sounding = (frame: Uint8Array): [number, number][] =>
  [...decodeSamples(frame, pcm).entries()].filter(([, value]) => value !== 0);

describe('the echo on the line', () => {
  it('comes so much later and so much softer, to the sample', () => {
    const echo = new LineEcho(pcm, { belowDb: 20, delayMs: 250 });
    echo.queued(samples(1000, -2000), 10);
    expect(sounding(echo.mixInto(silent, 0))).toEqual([]);
    expect(echo.mixInto(silent, 100)).toBe(silent);
    expect(sounding(echo.mixInto(silent, 200))).toEqual([
      [480, 100],
      [481, -200],
    ]);
    expect(echo.mixInto(silent, 300)).toBe(silent);
  });

  it('goes on in the next frame, and over what the caller says', () => {
    const echo = new LineEcho(pcm, { belowDb: 0, delayMs: 0 });
    const spoken = encodeSamples(new Int16Array(800).fill(30_000), pcm);
    echo.queued(samples(1, 2, 3, 4000), 100 - 2 / 8);
    expect(sounding(echo.mixInto(silent, 0))).toEqual([
      [798, 1],
      [799, 2],
    ]);
    const mixed = decodeSamples(echo.mixInto(spoken, 100), pcm);
    expect([...mixed.subarray(0, 3)]).toEqual([30_003, 32_767, 30_000]);
  });

  it('is of what was really played: not of what was cleared', () => {
    const echo = new LineEcho(pcm, { belowDb: 0, delayMs: 50 });
    echo.queued(samples(5, 5, 5, 5), 0);
    echo.queued(samples(6, 6), 0.5);
    echo.cut(2 / 8);
    expect(sounding(echo.mixInto(silent, 0))).toEqual([
      [400, 5],
      [401, 5],
    ]);
    echo.queued(samples(7), 20);
    expect(sounding(echo.mixInto(silent, 100))).toEqual([]);
  });

  it('is mu-law where the line is', () => {
    const audio = twilio.lineAudio(8000);
    const echo = new LineEcho(audio, { belowDb: 6.0206, delayMs: 0 });
    const quiet = new Uint8Array(160).fill(audio.silence);
    echo.queued(encodeSamples(new Int16Array(160).fill(8000), audio), 0);
    const [first = 0] = decodeSamples(echo.mixInto(quiet, 0), audio);
    expect(Math.abs(first - 4000)).toBeLessThan(130);
    expect([...echo.mixInto(quiet, 20)]).toEqual([...quiet]);
  });
});
