import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../config';
import { runDialogue } from './run-dialogue';

interface Ran {
  code: number;
  out: string[];
  err: string[];
}

/** @param typed lines; after them comes the end of the input */
async function run(
  args: readonly string[],
  typed: readonly string[] = [],
  folder = repositoryRoot(),
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const left = [...typed];
  const code = await runDialogue(args, {
    folder,
    say: (line) => out.push(line),
    complain: (line) => err.push(line),
    ask: (prompt) => {
      const line = left.shift() ?? null;
      out.push(`${prompt}${line ?? ''}`);
      return Promise.resolve(line);
    },
  });
  return { code, out, err };
}

const REMINDER = 'dialogues/payment-reminder.yaml';

describe('dialogue check', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is content with the dialogues of this repository', async () => {
    const { code, out, err } = await run(['check', 'dialogues/welcome.yaml', REMINDER]);
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(out).toEqual([
      expect.stringMatching(/^dialogues\/welcome\.yaml: ok, \d+ steps in en, may transfer to a person$/),
      expect.stringMatching(/^dialogues\/payment-reminder\.yaml: ok, \d+ steps in en and hi, may transfer/),
    ]);
  });

  it('tells every problem with its place, of every file', async () => {
    writeFileSync(join(folder, 'a.yaml'), 'language: en\nstart: a\nsteps:\n  a: {say: Hi {x, goto: b}\n');
    writeFileSync(join(folder, 'b.yaml'), 'language: en\nstart: c\nsteps:\n  a: {say: Hi, hangup: true}\n');
    const { code, out, err } = await run(['check', 'a.yaml', 'b.yaml', 'c.yaml'], [], folder);
    expect({ code, out }).toEqual({ code: 1, out: [] });
    expect(err.join('\n')).toMatch(/^a\.yaml:4:\d+: /);
    expect(err.join('\n')).toContain('b.yaml:2:8: there is no step c.');
    expect(err.at(-1)).toBe('c.yaml: cannot be read: there is no such file');
  });

  it('misses recordings', async () => {
    mkdirSync(join(folder, 'sub'));
    const say = (name: string) => `{say: {audio: ${name}, text: Hello}, hangup: true}`;
    writeFileSync(
      join(folder, 'sub', 'a.yaml'),
      `language: en\nstart: a\nsteps:\n  a: ${say('hello.wav')}\n`,
    );
    expect(await run(['check', 'sub/a.yaml'], [], folder)).toMatchObject({
      code: 1,
      err: ['sub/a.yaml:4:20: there is no recording hello.wav next to the dialogue'],
    });
    writeFileSync(join(folder, 'sub', 'hello.wav'), '');
    expect(await run(['check', join(folder, 'sub', 'a.yaml')], [], folder)).toMatchObject({
      code: 0,
      err: [],
    });
  });

  it.each([
    [[], 'No command given'],
    [['chekc'], 'accepted are check and try'],
    [['check'], 'check needs the name of a file'],
    [['check', 'a.yaml', '--name', 'Asha'], 'these options are for try'],
    [['try', 'a.yaml', 'b.yaml'], 'one file at a time'],
    [['try', 'a.yaml', '--attribute', 'amount'], 'accepted is NAME=TEXT'],
    [['try', 'a.yaml', '--attribute', `a=${'x'.repeat(2000)}`], 'its text 1024'],
    [['try', 'a.yaml', '--nmae', 'Asha'], '--nmae'],
  ])('does not understand %j', async (args, says) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err.join('\n')).toContain(says);
  });

  it('helps', async () => {
    const { code, out } = await run(['try', '--help']);
    expect(code).toBe(0);
    expect(out.join('\n')).toContain('dialogue -- try FILE');
  });
});

describe('dialogue try', () => {
  it('plays a whole call', async () => {
    const args = ['try', REMINDER, '--name', 'Asha Rao', '--attribute', 'amount=4,999 rupees'];
    const { code, out } = await run(args, ['', '...', 'that is me', '/what', '1']);
    expect(code).toBe(0);
    expect(out.map((line) => line.slice(0, 55))).toEqual([
      'assistant: Hello. Am I speaking with Asha Rao? Say yes ',
      'who> ',
      'assistant: I did not hear you.',
      'assistant: Hello. Am I speaking with Asha Rao? Say yes ',
      'who> ...',
      'assistant: Sorry, I did not understand that. You can al',
      'assistant: Hello. Am I speaking with Asha Rao? Say yes ',
      'who> that is me',
      'assistant: Your payment of 4,999 rupees to us is due so',
      'assistant: Would you like to talk to a person about it?',
      'offer> /what',
      'There are /known and /hang up. See --help.',
      'offer> 1',
      'assistant: One moment, please. I am connecting you.',
      'The assistant transfers the call to a person.',
    ]);
  });

  it('speaks the language of the caller', async () => {
    const { out } = await run(['try', REMINDER, '--language', 'hi'], ['नहीं']);
    expect(out.at(-2)).toBe('assistant: [hi] असुविधा के लिए क्षमा कीजिए। नमस्ते।');
    expect(out.at(-1)).toBe('The assistant hangs up.');
  });

  it('lets the data of an unknown caller come late', async () => {
    const args = ['try', 'dialogues/welcome.yaml', '--unknown', '--name', 'Asha Rao'];
    const { out } = await run(args, ['hello', '/known', 'hm', '/hang up']);
    expect(out).toContain('The caller is known now: Asha Rao.');
    expect(out).toContain('assistant: Thank you for your patience, Asha Rao. I have found your details now.');
    expect(out.at(-1)).toBe('The caller hangs up.');
  });

  it('ends with the input', async () => {
    const { code, out } = await run(['try', 'dialogues/welcome.yaml']);
    expect(code).toBe(0);
    expect(out.at(-1)).toBe('The caller hangs up.');
  });

  it('does not play what is wrong', async () => {
    expect(await run(['try', 'package.json'])).toMatchObject({
      code: 1,
      out: [],
      err: [expect.stringContaining('package.json:2:3: a dialogue knows nothing named `name`')],
    });
    expect(await run(['try', 'dialogues'])).toMatchObject({
      code: 1,
      err: ['dialogues: cannot be read: it is a folder'],
    });
  });
});
