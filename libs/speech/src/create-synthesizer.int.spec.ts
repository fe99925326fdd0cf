import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Utterance } from '@greenroom/conversation';
import { failOnLeaks } from '@greenroom/testing';
import { writeWav } from '@greenroom/telephony';
import { createSynthesizer, type ClosableSynthesizer, type SynthesizerOptions } from './create-synthesizer';
import { LocalService } from './openai/local-service';

const constant = (samples: number, value: number): Int16Array => new Int16Array(samples).fill(value);
const wav = (samples: Int16Array): Uint8Array => writeWav({ sampleRate: 8000, channels: 1, samples });
const [SERVICE, PROMPT] = [constant(800, 700), constant(800, 300)];

describe('everything that can say something', () => {
  let service: LocalService;
  let folder: string;
  let faults: string[];
  let synthesizer: ClosableSynthesizer;
  const open = (more: Partial<SynthesizerOptions> = {}) => {
    const onFault = (where: string, error: unknown) => faults.push(`${where}: ${(error as Error).message}`);
    synthesizer = createSynthesizer({ onFault, ...more });
  };
  const withService = (budgetMs = 20_000) =>
    open({
      promptDirectory: folder,
      service: { baseUrl: service.baseUrl, model: 'tts-1', voice: 'alloy', timeoutMs: 20_000, budgetMs },
    });
  const say = (text: string, more: Partial<Utterance> = {}) =>
    synthesizer.synthesize(
      { text, language: 'en', ...more },
      { sampleRate: 8000, signal: new AbortController().signal },
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prompts-'));
    await writeFile(join(folder, 'hello.wav'), wav(PROMPT));
  });
  beforeEach(async () => {
    faults = [];
    service = await LocalService.open();
    service.answer = (response) => response.end(wav(SERVICE));
  });
  afterEach(async () => {
    await synthesizer.close();
    await service.close();
  });
  afterAll(() => rm(folder, { recursive: true }));
  failOnLeaks();

  it('speaks with nothing configured', async () => {
    open();
    expect((await say('Hello.')).length).toBeGreaterThan(2000);
    expect(await say('Hello.')).toBe(await say('Hello.'));
    expect(faults).toEqual([]);
  });

  it('plays files, and asks the service for the rest, each once', async () => {
    withService();
    for (let i = 0; i < 2; i += 1) {
      expect(await say('Hello.', { audioFile: 'hello.wav' })).toEqual(PROMPT);
      expect(await say('Hello.')).toEqual(SERVICE);
    }
    expect(service.asked).toHaveLength(1);
  });

  it('says the text of a file that is missing', async () => {
    withService();
    expect(await say('Hello.', { audioFile: 'missing.wav' })).toEqual(SERVICE);
    expect(faults).toEqual([expect.stringMatching(/^prompt: ENOENT/)]);
  });

  it('speaks by itself where the service fails, and goes back to it when it does not', async () => {
    withService();
    service.answer = (response) => response.writeHead(400).end();
    expect((await say('Hello.')).length).toBeGreaterThan(2000);
    expect(faults).toEqual(['speech-service: status 400']);
    service.answer = (response) => response.end(wav(SERVICE));
    expect(await say('Hello.')).toEqual(SERVICE);
  });

  it('uses what a slow service has said from the second time on', async () => {
    withService(100);
    let release = (): void => undefined;
    service.answer = (response) => (release = () => void response.end(wav(SERVICE)));
    expect((await say('Hello.')).length).toBeGreaterThan(2000);
    expect(faults).toEqual(['speech-service: no answer within 100 ms']);
    while (service.asked.length === 0) await sleep(5);
    release();
    while ((await say('Hello.')).length !== SERVICE.length) await sleep(50);
    expect(await say('Hello.')).toEqual(SERVICE);
    expect(service.asked).toHaveLength(1);
  });

  it('rejects what is under way when it is closed', async () => {
    withService();
    service.answer = () => undefined;
    const said = say('Hello.');
    while (service.asked.length === 0) await sleep(5);
    await synthesizer.close();
    await expect(said).rejects.toThrow('The synthesizer is closed');
    await expect(say('Hello.')).rejects.toThrow('closed');
  });
});
