import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallOptions } from '../call-options';
import { UsageError } from '../config';
import { writeSpeech } from '../speech';
import { prepareScript } from './script';

const stack = { webhookUrl: '', mediaUrl: '', publicBaseUrl: '', publicMediaUrl: '' };
const tone = { samples: new Int16Array(800).fill(5000), sampleRate: 8000 };
const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
const file = join(folder, 'said.wav');
writeSpeech(file, tone);
afterAll(() => rmSync(folder, { recursive: true }));

const prepare = (options: Partial<CallOptions>) =>
  prepareScript({ stack, ...options }, (texts) =>
    Promise.resolve(new Map(texts.map((text) => [text, tone]))),
  );

describe('the script', () => {
  it('of an echo call leaves the opening to the caller', async () => {
    expect(await prepare({})).toEqual({ opening: null, steps: null });
    expect((await prepare({ say: tone })).opening?.lengthMs).toBe(100);
    expect((await prepare({ sayText: 'hello' })).opening?.lengthMs).toBe(100);
  });

  it('has everything that can be heard as audio of the line', async () => {
    const { steps } = await prepare({
      sampleRate: 16_000,
      answers: [
        { kind: 'say', text: 'a' },
        { kind: 'wav', file },
        { kind: 'cough', forMs: 50 },
        { kind: 'silence' },
      ],
    });
    expect(steps?.map(({ sound }) => sound?.bytes.length ?? null)).toEqual([3200, 3200, 1600, null]);
    expect(steps?.map(({ from, afterMs, answers }) => [from, afterMs, answers])).toEqual([
      ['end', 300, true],
      ['end', 300, true],
      ['start', 300, false],
      ['end', 0, true],
    ]);
  });

  it('names a file that is none', async () => {
    const missing = prepare({ answers: [{ kind: 'wav', file: join(folder, 'missing.wav') }] });
    await expect(missing).rejects.toThrow(/wav:FILE accepts: a WAV file.*missing\.wav/);
    await expect(missing).rejects.toBeInstanceOf(UsageError);
  });

  it('speaks words that differ in nothing but their silence at the ends', async () => {
    const said = await prepareScript({
      stack,
      sayText: 'Yes, please.',
      answers: [{ kind: 'say', text: 'No.' }],
    });
    const [no] = said.steps ?? [];
    expect(said.opening?.lengthMs).toBeGreaterThan(400);
    expect(said.opening?.audibleFromMs).toBe(0);
    expect(no?.sound?.lengthMs).toBeGreaterThan(150);
    expect(no?.sound?.audibleToMs).toBe(no?.sound?.lengthMs);
    const wordless = prepareScript({ stack, sayText: '...' });
    await expect(wordless).rejects.toThrow('The caller cannot say “...”');
    await expect(wordless).rejects.toBeInstanceOf(UsageError);
  });
});
