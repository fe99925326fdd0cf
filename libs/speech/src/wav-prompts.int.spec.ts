import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { writeWav } from '@greenroom/telephony';
import { WavFiles, WavPrompts } from './wav-prompts';

const RECORDED = Int16Array.of(1, 2, 3);
const SAID = Int16Array.of(9);
const signal = new AbortController().signal;

describe('prompts from WAV files', () => {
  let folder: string;
  let faults: string[];
  let said: Utterance[];
  let prompts: WavPrompts;
  const inFolder = (...path: string[]) => join(folder, ...path);
  const play = (audioFile?: string, sampleRate = 8000) =>
    prompts.synthesize({ text: 'Hello', language: 'en', audioFile }, { sampleRate, signal });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prompts-'));
    const wav = writeWav({ sampleRate: 8000, channels: 1, samples: RECORDED });
    for (const name of ['prompts', 'prompts/en', 'prompts-of-others']) await mkdir(inFolder(name));
    for (const name of ['prompts/hello.wav', 'prompts/en/hello.wav', 'secret.wav', 'prompts-of-others/a.wav'])
      await writeFile(inFolder(name), wav);
    const wide = writeWav({ sampleRate: 16_000, channels: 2, samples: new Int16Array(3200).fill(500) });
    await writeFile(inFolder('prompts/wide.wav'), wide);
    await writeFile(inFolder('prompts/broken.wav'), 'not audio');
    await writeFile(inFolder('prompts/huge.wav'), wav);
    await truncate(inFolder('prompts/huge.wav'), 33 * 1024 * 1024);
    await symlink(inFolder('secret.wav'), inFolder('prompts/link.wav'));
    await symlink(inFolder('prompts-of-others'), inFolder('prompts/folder'));
    await symlink('hello.wav', inFolder('prompts/alias.wav'));
    execFileSync('mkfifo', [inFolder('prompts/pipe.wav')]);
  });
  beforeEach(() => {
    [faults, said] = [[], []];
    const next: SpeechSynthesizer = {
      synthesize: (utterance) => {
        said.push(utterance);
        return Promise.resolve(SAID);
      },
    };
    prompts = new WavPrompts(new WavFiles(inFolder('prompts')), next, (where, error) =>
      faults.push(`${where}: ${(error as Error).message}`),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['hello.wav', './hello.wav', 'en/../hello.wav', 'en/hello.wav', 'alias.wav'])(
    'plays %s',
    async (file) => {
      expect(await play(file)).toEqual(RECORDED);
      expect([faults, said]).toEqual([[], []]);
    },
  );

  it('plays a file that is named by its whole path, below the directory', async () => {
    expect(await play(inFolder('prompts/hello.wav'))).toEqual(RECORDED);
  });

  it('plays it at the rate of the call, of several channels the mean', async () => {
    expect(await play('wide.wav')).toEqual(new Int16Array(800).fill(500));
  });

  it('leaves what has no file to the next synthesizer', async () => {
    expect(await play()).toBe(SAID);
    expect(faults).toEqual([]);
  });

  it.each([
    ['../secret.wav', 'not a prompt'],
    ['en/../../secret.wav', 'not a prompt'],
    ['../prompts-of-others/a.wav', 'not a prompt'],
    ['link.wav', 'not a prompt'],
    ['folder/a.wav', 'not a prompt'],
    ['/etc/hostname', 'not a prompt'],
    ['.', 'not a prompt'],
    ['missing.wav', 'ENOENT'],
    ['hello.wav\0.txt', 'null bytes'],
    ['en', 'not a file'],
    ['pipe.wav', 'not a file'],
    ['broken.wav', 'Not a WAV file'],
    ['huge.wav', '33554432 at most'],
  ])('says the text instead of %j, and tells of the fault', async (file, message) => {
    expect(await play(file)).toBe(SAID);
    expect(said).toEqual([{ text: 'Hello', language: 'en', audioFile: undefined }]);
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^prompt: .*${message}`))]);
  });

  it('says the text where there is no directory', async () => {
    prompts = new WavPrompts(
      new WavFiles(undefined),
      { synthesize: () => Promise.resolve(SAID) },
      (where) => void faults.push(where),
    );
    expect(await play('hello.wav')).toBe(SAID);
    expect(faults).toEqual(['prompt']);
  });
});
