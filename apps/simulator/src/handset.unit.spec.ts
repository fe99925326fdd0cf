import { exotel } from './exotel/exotel';
import { Handset } from './handset';
import { LineEcho } from './line-echo';
import { encodeSamples } from './line-samples';
import { Prompts } from './prompts';
import { Recording } from './recording';

const audio = exotel.lineAudio(8000);
const newHandset = () => new Handset({ prompts: new Prompts(500), lineEcho: null, recording: null });
const mark = (name: string, at: number, cleared = false) => ({ kind: 'mark' as const, name, at, cleared });

describe('the marks of a call', () => {
  it('are noted with when they came, were played and were returned', () => {
    const handset = newHandset();
    handset.markCame('a', 10);
    handset.markCame('b', 11);
    handset.markPlayed(mark('a', 200), 201);
    handset.markPlayed(mark('b', 300), null);
    expect(handset.marks).toEqual([
      { name: 'a', sentAtMs: 10, playedAtMs: 200, returnedAtMs: 201 },
      { name: 'b', sentAtMs: 11, playedAtMs: 300, returnedAtMs: null },
    ]);
  });

  it('have not been played when they come back because of a clear, or never', () => {
    const handset = newHandset();
    handset.markCame('a', 10);
    handset.markCame('b', 11);
    handset.markCame('a', 500);
    handset.markPlayed(mark('a', 50, true), 50);
    handset.markPlayed(mark('a', 700), 700);
    expect(handset.marks.map(({ playedAtMs, returnedAtMs }) => [playedAtMs, returnedAtMs])).toEqual([
      [null, 50],
      [null, null],
      [700, 700],
    ]);
  });
});

describe('the handset', () => {
  it('lets what is heard into the line, and keeps what is really on it', () => {
    const recording = new Recording(audio);
    const lineEcho = new LineEcho(audio, { belowDb: 20, delayMs: 0 });
    const handset = new Handset({ prompts: new Prompts(500), lineEcho, recording });
    const loud = encodeSamples(new Int16Array(1600).fill(1000), audio);
    expect(handset.queued(loud, { startsAt: 0, endsAt: 200 })).toBe(true);
    handset.cleared(50, 50);
    const silence = new Uint8Array(audio.frameBytes);
    const sent = handset.spoken(silence, 0);
    handset.played({ kind: 'audio', payload: loud.subarray(0, 800), startsAt: 0 });
    handset.ended(50);
    const { caller, assistant } = recording.channels();
    expect(encodeSamples(caller, audio)).toEqual(sent);
    expect([caller[399], caller[400], assistant.length]).toEqual([100, 0, 400]);
    expect(handset.clears).toEqual([50]);
    expect(handset.prompts.list).toEqual([{ startedAtMs: 0, endedAtMs: 50, clearedAtMs: 50 }]);
  });
});
