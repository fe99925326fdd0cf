import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAccounts } from './accounts';

describe('the accounts file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (yaml: string, environment = {}, demo = false) => {
    const file = join(folder, 'accounts.yaml');
    writeFileSync(file, yaml);
    return loadAccounts(file, environment, { demo });
  };

  it('gives each account its defaults', () => {
    const accounts = load(`- {name: default, provider: exotel, credentials: {pathSecrets: [abcdefgh]}}`);
    expect(accounts.find('exotel', 'default')).toMatchObject({
      country: 'IN',
      session: { timeoutMs: 10_000, onTimeout: 'close' },
      agent: { script: 'welcome.yaml' },
    });
    expect(accounts.find('exotel', 'default')?.transferTo).toBeUndefined();
    expect(accounts.find('twilio', 'default')).toBeNull();
    expect(accounts.find('exotel', 'other')).toBeNull();
  });

  const credentials = 'credentials: {pathSecrets: [abcdefgh]}';
  const loadOne = (more: string) => load(`- {name: a, provider: twilio, ${credentials}, ${more}}`).list[0];

  it('says who talks with the caller', () => {
    expect(loadOne('agent: echo')?.agent).toBe('echo');
    for (const script of ['a.yaml', 'hi-IN/collections.v2.yaml', '..a/b..c.yaml', '.hidden/...']) {
      expect(loadOne(`agent: {script: "${script}"}`)?.agent).toEqual({ script });
    }
  });

  it.each([0, 20, 2000])('takes an echo that holds the caller’s audio back for %d ms', (delayMs) => {
    expect(loadOne(`agent: {echo: {delayMs: ${delayMs}}}`)?.agent).toEqual({ echo: { delayMs } });
  });

  it.each([-1, 2001])('refuses an echo of %d ms, and says how long one may be', (delayMs) => {
    expect(() => loadOne(`agent: {echo: {delayMs: ${delayMs}}}`)).toThrow(
      /account 0\.agent\.echo\.delayMs: .*from 0 to 2000/,
    );
  });

  it.each([
    'agent: parrot',
    'agent: {}',
    'agent: {script: 1}',
    'agent: [echo]',
    'agent:',
    'agent: {echo: 400}',
    'agent: {echo: {}}',
    'agent: {echo: {delayMs: 20.5}}',
    'agent: {echo: {delayMs: "400"}}',
  ])('refuses an agent that is none (%s), and says which there are', (agent) => {
    expect(() => loadOne(agent)).toThrow(
      /account 0\.agent: echo, \{echo: \{delayMs: MS\}\} with a whole number from 0 to 2000, or \{script: FILE\}/,
    );
  });

  it.each([
    '',
    '/etc/passwd',
    '../a.yaml',
    'a/../b.yaml',
    'a/..',
    '..',
    '.',
    './a.yaml',
    'a//b',
    'a/',
    'a\\\\b',
    'a b',
  ])('refuses the script %j, which is not below the directory of dialogues', (script) => {
    expect(() => loadOne(`agent: {script: "${script}"}`)).toThrow(
      /account 0\.agent\.script: a file below the directory of dialogues/,
    );
  });

  it('refuses what an agent does not have', () => {
    expect(() => loadOne('agent: {script: a.yaml, voice: b}')).toThrow(/account 0\.agent: .*voice/);
    expect(() => loadOne('agent: {script: a.yaml, echo: {delayMs: 0}}')).toThrow(/account 0\.agent: /);
    expect(() => loadOne('agent: {echo: {delayMs: 0, gain: 2}}')).toThrow(/account 0\.agent\.echo: .*gain/);
  });

  it('names the person whom a transfer goes to', () => {
    expect(loadOne('transferTo: "+14155550199"')?.transferTo).toBe('+14155550199');
    const yaml = `- {name: a, provider: twilio, ${credentials}, transferTo: "\${PERSON}"}`;
    expect(load(yaml, { PERSON: '+14155550199' }).list[0]?.transferTo).toBe('+14155550199');
  });

  it.each(['+14155550199', '"4155550199"', '"+1 415 555 0199"', '"sip:a@b"', '""', '"+0123456789"'])(
    'refuses transferTo: %s, and says how it is written',
    (number) => {
      expect(() => loadOne(`transferTo: ${number}`)).toThrow(
        /account 0\.transferTo: a phone number in E\.164 and in quotes/,
      );
    },
  );

  it('takes secrets from the environment', () => {
    const yaml = `- {name: a, provider: twilio, credentials: {authTokens: ["\${TWILIO_TOKEN}"]}}`;
    const account = load(yaml, { TWILIO_TOKEN: 'token-of-8' }).find('twilio', 'a');
    expect(account?.credentials.authTokens).toEqual(['token-of-8']);
    expect(() => load(yaml)).toThrow(/TWILIO_TOKEN, which is not set/);
  });

  it('refuses an account without a credential, except in a demo', () => {
    const yaml = `- {name: a, provider: exotel}`;
    expect(() => load(yaml)).toThrow(/exotel\/a .* has no credential/);
    expect(load(yaml, {}, true).list).toHaveLength(1);
  });

  it.each([
    ['an unknown setting', `- {name: a, provider: exotel, colour: red}`, /colour/],
    ['an unknown provider', `- {name: a, provider: acme}`, /provider/],
    ['a name that no URL can hold', `- {name: "A b", provider: exotel}`, /name/],
    ['a short secret', `- {name: a, provider: exotel, credentials: {pathSecrets: [abc]}}`, /8 characters/],
    ['a range that is none', `- {name: a, provider: exotel, allowCidrs: [10.0.0.0]}`, /203.0.113.0\/24/],
    ['broken YAML', `- {name: a`, /cannot be read/],
    ['an empty file', ``, /all of it: a list of accounts/],
    ['a file without accounts', `[]`, /all of it: a list of accounts/],
    ['one account that is no list', `{name: a, provider: exotel}`, /all of it: a list of accounts/],
    [
      'a variable without its quotes',
      `- credentials: {authTokens: [\${A}]}`,
      /"\$\{NAME\}" stands in quotes/,
    ],
    [
      'the same account twice',
      `[{name: a, provider: exotel, credentials: {pathSecrets: [abcdefgh]}}, {name: a, provider: exotel, credentials: {pathSecrets: [abcdefgh]}}]`,
      /stands twice/,
    ],
  ])('refuses %s with a message that names it', (_, yaml, message) => {
    expect(() => load(yaml)).toThrow(message);
  });

  it('never shows a secret in a message', () => {
    const yaml = `- {name: a, provider: exotel, credentials: {pathSecrets: ["not a valid secret"], basic: [{username: u, password: pw}]}}`;
    expect(() => load(yaml)).toThrow('letters, digits, - and _ only');
    expect(() => load(yaml)).not.toThrow(/not a valid secret|pw/);
  });

  it('says which file is missing', () => {
    expect(() => loadAccounts('/nowhere/accounts.yaml', {}, { demo: false })).toThrow(
      '/nowhere/accounts.yaml',
    );
  });

  const DOCS = join(__dirname, '../../../docs');
  const pages = readdirSync(join(DOCS, 'providers')).map((name) => join('providers', name));

  it.each(['settings.md', ...pages])('is taken as %s shows it', (page) => {
    const text = readFileSync(join(DOCS, page), 'utf8');
    const blocks = [...text.matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)].filter(([, , block]) =>
      block?.includes('provider:'),
    );
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    const secrets = names.map((name) => [name, name.endsWith('PUBLIC_KEY') ? `${'A'.repeat(43)}=` : name]);
    for (const [, indent = '', block = ''] of blocks) {
      const yaml = block.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
      expect(load(yaml, Object.fromEntries(secrets) as Record<string, string>).list).not.toEqual([]);
    }
    expect(blocks).toHaveLength(names.length === 0 ? 0 : 1);
  });

  it('keeps what stands around a mistake in the YAML out of its message', () => {
    const load = () => loadOne('credentials: {authTokens: [a-secret-of-mine}');
    expect(load).toThrow(/it is not YAML in line \d+, column \d+ \(\w+\)$/);
    expect(load).not.toThrow(/a-secret-of-mine/);
    const alias = () => loadOne('country: *a-secret-of-mine');
    expect(alias).toThrow(/it is not YAML/);
    expect(alias).not.toThrow(/a-secret-of-mine/);
  });
});
