import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountSchema } from '@greenroom/platform';
import { consoleValues } from './console-values';
import { perform, ok, type Verdict } from './finding';
import { readOptions } from './options';
import { printFindings, summaryOf } from './print';
import { runDoctor } from './run-doctor';
import { redact, secretsOf } from './secrets';
import { problemsIn, readSetup } from './setup';

describe('the options', () => {
  it('are read', () => {
    expect(
      readOptions([
        '--env',
        'a.env',
        '--admin',
        'http://h:3101/readyz',
        '--admin',
        'http://h:3102',
        '--only',
        'url,media',
      ]),
    ).toEqual({
      ...{ help: false, json: false, showSecrets: false, envFile: 'a.env' },
      adminUrls: ['http://h:3101', 'http://h:3102'],
      only: ['url', 'media'],
    });
  });

  it.each([
    [['--nonsense']],
    [['file']],
    [['--admin', 'h:3101']],
    [['--only', 'everything']],
    [['--env', '/no/such/file']],
  ])('are refused with 2: %j', async (args) => {
    const complained: string[] = [];
    const code = await runDoctor(args, {
      ...{ say: () => undefined, complain: (line) => complained.push(line), now: Date.now },
      ...{ standingIn: '/', folder: '/', dist: '/', environment: {} },
    });
    expect(code).toBe(2);
    expect(complained.at(-1)).toContain('--help');
  });
});

describe('the set-up', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (text: string): string => {
    writeFileSync(join(folder, 'accounts.yaml'), text);
    return 'accounts.yaml';
  };

  it('is read as far as it is right', () => {
    const setup = readSetup(
      { REDIS_URL: 'redis://h', PUBLIC_BASE_URL: 'https://h/', STREAM_TOKEN_SECRETS: 'short' },
      folder,
      null,
    );
    expect(setup).toMatchObject({
      ...{ databaseUrl: null, redisUrl: 'redis://h', queueRedisUrl: 'redis://h', tokenSecrets: [] },
      ...{
        publicBaseUrl: 'https://h',
        mediaUrl: 'wss://h',
        accounts: [],
        accountProblems: ['ACCOUNTS_FILE is not set'],
      },
    });
  });

  it('finds accounts next to the file of settings, as compose does', () => {
    const ACCOUNTS_FILE = put('- {name: a, provider: exotel, credentials: {pathSecrets: [path-secret]}}');
    const setup = readSetup({ ACCOUNTS_FILE }, '/', join(folder, '.env'));
    expect(setup.accounts).toHaveLength(1);
    expect(readSetup({ ACCOUNTS_FILE }, '/', null).accounts).toEqual([]);
  });

  it.each([
    [{ REDIS_URL: 'redis://h' }, 'redis://h', 'REDIS_URL'],
    [{ REDIS_URL: 'redis://h', QUEUE_REDIS_URL: 'redis://q' }, 'redis://q', 'QUEUE_REDIS_URL'],
    // that of the cache would pass for it
    [{ REDIS_URL: 'redis://h', QUEUE_REDIS_URL: 'nonsense' }, null, 'QUEUE_REDIS_URL'],
    [{}, null, 'REDIS_URL'],
  ])('has its queue where the settings say, %j', (environment, queueRedisUrl, queueSetting) => {
    expect(readSetup(environment, folder, null)).toMatchObject({ queueRedisUrl, queueSetting });
  });

  it('takes the stores of compose for what they are', () => {
    const setup = readSetup({ POSTGRES_PASSWORD: 'secret-of-compose' }, folder, null);
    expect(setup).toMatchObject({
      composed: true,
      redisUrl: 'redis://cache:6379',
      queueRedisUrl: 'redis://queue:6379',
    });
    expect(setup.databaseUrl).toContain('@postgres:5432/');
    expect(readSetup({ POSTGRES_PASSWORD: 'x', DATABASE_URL: 'postgres://h/d' }, folder, null).composed).toBe(
      false,
    );
  });

  it.each([
    ['- name: a\n  password: hunter2-hunter2\n bad', /is not YAML in line \d+, column \d+ \(\w+\)$/],
    ['- name: *hunter2-hunter2', /is not YAML$/],
    ['- name: "hunter2-hunter2', /is not YAML in line \d+, column \d+ \(\w+\)$/],
    ['- {name: a, credentials: {authTokens: [${hunter2}]}}', /"\$\{NAME\}" stands in quotes$/],
  ])('shows no line of a file that is no YAML: %j', (text, says) => {
    const { accountProblems } = readSetup({ ACCOUNTS_FILE: put(text) }, folder, null);
    expect(accountProblems).toEqual([expect.stringMatching(says)]);
    expect(accountProblems.join()).not.toContain('hunter2');
  });

  it('tells all accounts that are wrong', () => {
    const message = 'Wrong accounts in x.yaml:\n  account 0.country: two letters\n  account 1.name: missing';
    expect(problemsIn(message)).toEqual(['account 0.country: two letters', 'account 1.name: missing']);
    expect(problemsIn('Account a/b stands twice in x.yaml.')).toEqual([
      'Account a/b stands twice in x.yaml.',
    ]);
  });

  it('keeps its secrets', () => {
    const ACCOUNTS_FILE = put(
      '- {name: a, provider: exotel, credentials: {basic: [{username: u, password: "p@ssword"}]}, enrich: {url: "https://crm", secret: crm-secret}}',
    );
    const setup = readSetup(
      {
        ACCOUNTS_FILE,
        DATABASE_URL: 'postgres://u:p%40stgres@h/d',
        API_KEYS: 'key-number-one,key-number-two',
        ANY_PASSWORD: 'other-secret',
        NAME: 'not-secret',
      },
      folder,
      null,
    );
    const text =
      'p@ssword p%40ssword crm-secret p%40stgres p@stgres key-number-one key-number-two other-secret not-secret';
    expect(redact(text, secretsOf(setup))).toBe('*** *** *** *** *** *** *** *** not-secret');
  });
});

describe('what is to be entered at the provider', () => {
  const urls = { publicBaseUrl: 'https://h', mediaUrl: 'wss://h', showSecrets: false };
  const of = (more: object, showSecrets = false) => {
    const account = AccountSchema.parse({ name: 'main', ...more });
    return consoleValues(account, { ...urls, showSecrets }).values.map(({ value }) => value);
  };

  it('has user and password at Exotel, and masks them', () => {
    const own = {
      provider: 'exotel',
      credentials: { basic: [{ username: 'u@x', password: 'pass/word' }], pathSecrets: ['path-secret'] },
    };
    expect(of(own)).toContain('wss://u%40x:***@h/ws/exotel/main/***');
    expect(of(own, true)).toContain('https://u%40x:pass%2Fword@h/webhooks/exotel/main/passthru/path-secret');
  });

  it.each([
    ['twilio', {}, ['voice', 'status']],
    ['plivo', {}, ['answer', 'hangup']],
    ['vonage', {}, ['answer', 'event']],
    ['telnyx', { api: { key: 'k' } }, ['events', 'events']],
    ['telnyx', {}, ['texml', 'texml-status']],
  ])('names the webhooks of %s', (provider, more, operations) => {
    expect(of({ provider, ...more })).toEqual(
      operations.map((name) => `https://h/webhooks/${provider}/main/${name}`),
    );
  });

  it('says that something is masked only where something is', () => {
    const notes = (more: object) =>
      consoleValues(AccountSchema.parse({ name: 'main', ...more }), urls).notes.join();
    expect(notes({ provider: 'twilio' })).not.toContain('***');
    expect(notes({ provider: 'twilio', credentials: { pathSecrets: ['path-secret'] } })).toContain(
      '*** stands for',
    );
  });
});

describe('a check', () => {
  const check = (run: (signal: AbortSignal) => Promise<Verdict>) => ({
    group: 'url' as const,
    name: 'it',
    run,
    limitMs: 20,
  });

  it('that hangs is given up by name, and told', async () => {
    let told: AbortSignal | undefined;
    const hangs = check((signal) => new Promise<Verdict>(() => (told = signal)));
    expect(await perform(hangs)).toEqual([
      { group: 'url', check: 'it', status: 'wrong', message: 'no answer within 0.02 s: given up' },
    ]);
    expect(told?.aborted).toBe(true);
  });

  it('that breaks is wrong', async () => {
    const [finding] = await perform(check(() => Promise.reject(new Error('out of order'))));
    expect(finding).toMatchObject({ status: 'wrong', message: 'the check failed: out of order' });
  });

  it('says once what is wrong with several in the same way, and each thing that is right', () => {
    const checks = ['exotel/default GET', 'exotel/default POST', 'twilio/default POST'];
    const all = (status: 'ok' | 'wrong', names: string[], message: string) =>
      names.map((check) => ({ group: 'webhooks' as const, check, status, message }));
    const findings = [
      ...all('wrong', checks, 'nothing listens there'),
      ...all('wrong', ['f', 'g'], 'refused'),
      ...all('ok', ['h', 'i'], 'accepted'),
    ];
    expect(printFindings(findings)).toEqual([
      'Webhooks, through the public URL',
      '  WRONG    exotel/default GET and 2 others  nothing listens there',
      '  WRONG    f, g                             refused',
      '  ok       h                                accepted',
      '  ok       i                                accepted',
      '',
    ]);
    expect(summaryOf(findings)).toBe('2 things are wrong; 2 ok, 0 warnings, 0 not checked.');
  });

  it('is one line', async () => {
    const findings = await perform(check(() => Promise.resolve(ok('two\n  lines'))));
    expect(printFindings(findings)).toEqual(['Public URLs', '  ok       it  two; lines', '']);
    expect(summaryOf(findings)).toBe('Nothing is wrong: 1 ok, 0 warnings, 0 not checked.');
  });
});
