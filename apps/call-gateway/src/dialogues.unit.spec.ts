import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts, AccountSchema } from '@greenroom/platform';
import { loadDialogues } from './dialogues';

const account = (more: object) => AccountSchema.parse({ name: 'a', provider: 'twilio', ...more });

describe('the dialogues of the accounts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-dialogues-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (...accounts: ReturnType<typeof account>[]) =>
    loadDialogues(new Accounts(accounts), folder, (language) => language === 'en');
  const write = (name: string, end: string) =>
    writeFileSync(join(folder, name), `language: en\nstart: a\nsteps:\n  a: { say: Goodbye., ${end} }\n`);

  it('are read once each, and not for accounts that need none', () => {
    write('bye.yaml', 'hangup: true');
    const script = { agent: { script: 'bye.yaml' } };
    const dialogues = load(
      account(script),
      account({ ...script, name: 'b' }),
      account({ agent: 'echo', name: 'c' }),
    );
    expect([...dialogues.keys()]).toEqual(['bye.yaml']);
  });

  it('keep the process from booting where one is missing, in words that say where it was looked for', () => {
    expect(() => load(account({}))).toThrow(
      /dialogue of account twilio\/a cannot be read.*welcome\.yaml.*DIALOGUES_DIR/s,
    );
  });

  it('or wrong, in words that say in which line', () => {
    writeFileSync(join(folder, 'welcome.yaml'), 'language: en\nstart: nowhere\nsteps: {}\n');
    expect(() => load(account({}))).toThrow(/welcome\.yaml:\d+:\d+: /);
  });

  it('or connects callers to a person whom the account does not name', () => {
    write('welcome.yaml', 'transfer: true');
    expect(() => load(account({}))).toThrow(/account twilio\/a does not say to whom.*transferTo/s);
    expect(load(account({ transferTo: '+12025550123' })).size).toBe(1);
    expect(load(account({ provider: 'exotel' })).size).toBe(1);
  });

  it('or is in a language that nobody speaks, unless it is all recordings', () => {
    const write = (say: string) =>
      writeFileSync(
        join(folder, 'welcome.yaml'),
        `language: hi\nstart: a\nsteps:\n  a: { say: ${say}, hangup: true }\n`,
      );
    const twilio = account({ transferTo: '+12025550123' });
    write('नमस्ते');
    expect(() => load(twilio)).toThrow(/is in "hi", which the built-in voice does not speak.*SPEECH_URL/s);
    write('{ audio: hello.wav, text: नमस्ते }');
    expect(load(twilio).size).toBe(1);
  });
});
