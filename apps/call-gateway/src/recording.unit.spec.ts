import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@greenroom/platform';
import { encodeAudio, readWav, type AudioFormat } from '@greenroom/telephony';
import { Recording } from './recording';

const FORMAT: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 8000 };
const START = 5000;

/** so many ms of one sample value */
const tone = (ms: number, value: number): Int16Array => new Int16Array(ms * 8).fill(value);

describe('a recording', () => {
  let folder: string;
  let now: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greenroom-recording-'));
    now = START;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const begin = (into = folder) =>
    new Recording({
      ...{ folder: into, name: 'call', format: FORMAT, startedAt: START, now: () => now },
      logger: createLogger('spec', 'silent'),
    });

  function channels(): { caller: Int16Array; assistant: Int16Array } {
    const { samples, sampleRate, channels: count } = readWav(readFileSync(join(folder, 'call.wav')));
    expect([sampleRate, count]).toEqual([8000, 2]);
    return {
      caller: samples.filter((_, index) => index % 2 === 0),
      assistant: samples.filter((_, index) => index % 2 === 1),
    };
  }

  it('has the caller on the left and the assistant on the right, on one time axis', async () => {
    const recording = begin();
    recording.sent(encodeAudio(FORMAT, tone(500, 7)), START + 1000);
    // the same memory each time, as the gateway has it
    const frame = tone(20, 0);
    for (let ms = 20; ms <= 3000; ms += 20) {
      now = START + ms;
      recording.heard(frame.fill(ms));
    }
    await recording.finish();
    const { caller, assistant } = channels();
    expect(caller.length).toBe(3000 * 8);
    expect([...caller]).toEqual([
      ...Array.from({ length: 150 }, (_, at) => [...tone(20, 20 * (at + 1))]).flat(),
    ]);
    expect(assistant.indexOf(7)).toBe(1000 * 8);
    expect(assistant.lastIndexOf(7)).toBe(1500 * 8 - 1);
    expect(readdirSync(folder)).toEqual(['call.wav']);
  });

  it('keeps what was said while nobody listened at the time at which it was said', async () => {
    const recording = begin();
    now = START + 3000;
    recording.catchUp(2000);
    for (let frame = 0; frame < 100; frame += 1) recording.heard(tone(20, 1));
    await recording.finish();
    const { caller } = channels();
    expect([caller.indexOf(1), caller.lastIndexOf(1), caller.length]).toEqual([8000, 24_000 - 1, 24_000]);
  });

  it('leaves a hole where the caller’s audio has one, and not for a late frame', async () => {
    const recording = begin();
    now = START + 100;
    recording.heard(tone(100, 1));
    now = START + 350;
    recording.heard(tone(100, 2));
    now = START + 2000;
    recording.heard(tone(100, 3));
    await recording.finish();
    const { caller } = channels();
    expect([caller.indexOf(1), caller.indexOf(2), caller.indexOf(3)]).toEqual([0, 800, 1900 * 8]);
  });

  it('takes what comes late for late, and not for a hole, where the provider tells the time', async () => {
    const recording = begin();
    const frame = (value: number, timestampMs: number) => recording.heard(tone(100, value), timestampMs);
    now = START + 100;
    frame(1, 7000);
    now = START + 1000;
    [2, 3, 4, 5, 6, 7, 8, 9, 10].forEach((value) => frame(value, 6900 + 100 * value));
    now = START + 2000;
    frame(11, 8900);
    // a clock that has gone mad
    now = START + 2100;
    frame(12, 1e9);
    await recording.finish();
    const { caller } = channels();
    const places = [1, 2, 10, 11, 12].map((value) => caller.indexOf(value) / 8);
    expect(places).toEqual([0, 100, 900, 1900, 2000]);
    expect(caller.length).toBe(2100 * 8);
  });

  it('has what was sent as it was then, whatever becomes of the bytes', async () => {
    const recording = begin();
    const message = encodeAudio(FORMAT, tone(200, 5));
    recording.sent(message, START);
    message.fill(0);
    now = START + 200;
    await recording.finish();
    expect([...channels().assistant]).toEqual([...tone(200, 5)]);
  });

  it('has nothing of what was cleared before it was played', async () => {
    const recording = begin();
    recording.sent(encodeAudio(FORMAT, tone(200, 1)), START);
    recording.sent(encodeAudio(FORMAT, tone(200, 2)), START + 200);
    recording.sent(encodeAudio(FORMAT, tone(200, 3)), START + 400);
    now = START + 300;
    recording.cleared(now);
    now = START + 1000;
    await recording.finish();
    const { assistant } = channels();
    expect([assistant.lastIndexOf(1), assistant.lastIndexOf(2), assistant.indexOf(3)]).toEqual([
      1599, 2399, -1,
    ]);
  });

  it('is given up, and the call goes on, where the disk refuses', async () => {
    const recording = begin(join(folder, 'missing'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    recording.heard(tone(20, 1));
    recording.sent(encodeAudio(FORMAT, tone(20, 1)), START);
    await recording.finish();
    expect(readdirSync(folder)).toEqual([]);
  });
});
