import { LogHistogram } from './log-histogram';
import { notesOf } from './notes';
import { plotsOf } from './plots';
import { callsPerCore, type Measured, rowsOf, usPerFrame } from './rows';
import { BRIEF } from './settings';
import { type Window, Windows } from './windows';

const SECOND = 1000;

function countsOf(ms: number) {
  const histogram = new LogHistogram();
  for (let count = 0; count < 100; count++) histogram.add(ms);
  return histogram.counts();
}

/** A second of so many calls. */
function windowOf(calls: number, us: number, other: Partial<Window> = {}): Window {
  const sent = calls * 50;
  return {
    ...{ tookMs: SECOND, sent, heard: sent, messages: sent / 4, audioMs: sent * 20 },
    ...{ strange: 0, blocked: 0, ownMs: 100 },
    ...{ processorMs: (sent * us) / 1000, idleMs: 20, latency: countsOf(2), late: countsOf(1) },
    lag: { p99Ms: 3, mostMs: 9 },
    ...other,
  };
}

const flooded = (frames: number) => ({ tookMs: SECOND, frames, processorMs: [900], ownMs: 300 });

const measured = (other: Record<string, Window[]> = {}): Measured => ({
  windows: new Windows({
    'echo few': [windowOf(150, 16), windowOf(150, 16), windowOf(150, 16)],
    'echo some': [windowOf(300, 16), windowOf(300, 17), windowOf(300, 30)],
    'full some': [windowOf(300, 20), windowOf(300, 20), windowOf(300, 40)],
    'slice some': [windowOf(300, 16), windowOf(300, 16), windowOf(300, 16)],
    'slice-80ms some': [windowOf(300, 10), windowOf(300, 10), windowOf(300, 10)],
    'talk some': [windowOf(300, 20), windowOf(300, 22), windowOf(300, 22)],
    'talk few': [windowOf(150, 20), windowOf(150, 20), windowOf(150, 20)],
    'echo many': [windowOf(500, 16, { latency: countsOf(5) })],
    'full many': [windowOf(500, 20)],
    'full few': [windowOf(150, 20)],
    'slice few': [windowOf(150, 16)],
    'slice many': [windowOf(500, 16)],
    ...other,
  }),
  floods: { one: [flooded(50_000)], two: [flooded(80_000)] },
});

const rowNamed = (part: string, of: Measured = measured()) =>
  rowsOf(of, BRIEF).find(({ name }) => name.includes(part));

it('a frame costs what the process took for all of them', () => {
  const window = { processorMs: 300, sent: 15_000 };
  expect(usPerFrame(window)).toBe(20);
  expect(callsPerCore(window)).toBe(1000);
});

describe('the rows', () => {
  it('compare the rounds of ours with those of each bare server', () => {
    expect(rowNamed('echo: processor per frame, us; to a straightforward')).toMatchObject({
      ...{ ours: 17, baseline: 20, ratio: 0.8, spread: [0.75, 0.85], holds: true },
    });
    expect(rowNamed('messages as long as ours')).toMatchObject({ ratio: 1.7, holds: false });
    expect(rowNamed('a reply to each frame')).toMatchObject({ ratio: 1.0625, goal: null });
    expect(rowNamed('dialogue: processor per frame, us')).toMatchObject({ ratio: 1, holds: true });
  });

  it('tell how many calls a core takes', () => {
    expect(rowNamed('echo: calls a core')).toMatchObject({
      ours: 1e6 / (50 * 17),
      goal: '≥ 700',
      holds: true,
    });
  });

  it('tell how soon audio is said back, and lose none of it', () => {
    const late = rowNamed('latency p99');
    expect(late?.ratio).toBeGreaterThan(2.4);
    expect(late?.holds).toBe(false);
    expect(rowNamed('frames that came back')).toMatchObject({ ours: 25_000, baseline: 25_000, holds: true });
    const lost = measured({ 'echo many': [windowOf(500, 16, { heard: 24_999 })] });
    expect(rowNamed('frames that came back', lost)).toMatchObject({ ours: 24_999, holds: false });
  });

  it('tell how it grows', () => {
    expect(rowNamed('dialogue: processor of 300 calls')).toMatchObject({ ratio: 2.2, holds: true });
    expect(rowNamed('two processes')).toMatchObject({ ours: 80_000, baseline: 50_000, ratio: 1.6 });
  });
});

describe('the notes', () => {
  it('tell when the generator was too late to measure anything', () => {
    const [good, bad] = [measured(), measured({ 'echo many': [windowOf(500, 16, { late: countsOf(50) })] })];
    expect(notesOf(good, BRIEF).join('\n')).toContain('in 0 of 26 windows it was later');
    expect(notesOf(bad, BRIEF).join('\n')).toContain('in 1 of 26 windows it was later');
  });

  it('tell what our calls cost while nothing is said', () => {
    expect(notesOf(measured(), BRIEF).join('\n')).toContain(
      '300 callers say nothing meanwhile takes 2 % of a core',
    );
  });

  it('tell of audio that nobody knows', () => {
    expect(notesOf(measured(), BRIEF).join('\n')).not.toContain('not whole frames');
    const strange = measured({ 'slice many': [windowOf(500, 16, { strange: 3 })] });
    expect(notesOf(strange, BRIEF).at(-1)).toBe(
      'slice many calls: 3 messages were not whole frames, 0 frames had to wait to be sent.',
    );
  });
});

it('the pictures show all numbers of calls', () => {
  const [latency, frames, lag] = plotsOf(measured().windows, BRIEF);
  expect(latency).toMatchObject({ logX: true });
  expect(latency?.series.map(({ points }) => points.at(-1)?.[1])).toEqual([100, 100]);
  expect(frames?.series.map(({ points }) => points.map(([calls]) => calls))).toEqual([
    [150, 300, 500],
    [150, 300, 500],
    [150, 300, 500],
  ]);
  expect(lag?.series[0]?.points[0]).toEqual([150, 3]);
});
