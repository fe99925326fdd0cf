import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, failOnLeaks, testServers, type TestDatabase } from '@greenroom/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { repositoryRoot } from '../src/config';
import { FaultyProxy } from '../src/doctor/faulty-proxy';
import type { Finding } from '../src/doctor/finding';
import { runDoctor } from '../src/doctor/run-doctor';
import { freePort } from '../src/processes/free-port';
import { startStack, type Stack } from '../src/stack';

const SECRETS = {
  exotelPassword: 'exotel-password-one',
  pathSecret: 'path-secret-of-exotel',
  twilioToken: 'twilio-auth-token-00',
  plivoToken: 'plivo-auth-token-000',
  vonageSecret: 'vonage-signature-one',
  telnyxApiKey: 'KEY-of-telnyx-0000',
  streamSecret: '0123456789abcdef'.repeat(4),
  apiKey: 'api-key-of-the-stack',
};

const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });

const ACCOUNTS = [
  {
    name: 'default',
    provider: 'exotel',
    agent: 'echo',
    credentials: { basic: [{ username: 'greenroom', password: SECRETS.exotelPassword }] },
  },
  { name: 'path', provider: 'exotel', agent: 'echo', credentials: { pathSecrets: [SECRETS.pathSecret] } },
  {
    name: 'default',
    provider: 'twilio',
    country: 'US',
    transferTo: '+12025550123',
    credentials: { authTokens: ['${TWILIO_AUTH_TOKEN}'] },
  },
  {
    name: 'main',
    provider: 'plivo',
    country: 'US',
    agent: 'echo',
    credentials: { authTokens: [SECRETS.plivoToken] },
  },
  {
    name: 'default',
    provider: 'vonage',
    country: 'GB',
    agent: 'echo',
    credentials: { signatureSecrets: [SECRETS.vonageSecret] },
  },
  {
    name: 'us',
    provider: 'telnyx',
    country: 'US',
    agent: 'echo',
    credentials: { publicKeys: [publicKey.subarray(-32).toString('base64')] },
    api: { key: SECRETS.telnyxApiKey },
  },
];

let database: TestDatabase;
let stack: Stack;
let road: FaultyProxy;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
  database = await createTestDatabase();
  road = new FaultyProxy(await freePort());
  await road.open();
  const accountsFile = put('accounts.yaml', JSON.stringify(ACCOUNTS));
  const own = {
    PUBLIC_BASE_URL: road.url,
    PUBLIC_MEDIA_URL: road.url.replace('http', 'ws'),
    STREAM_TOKEN_SECRETS: SECRETS.streamSecret,
    TWILIO_AUTH_TOKEN: SECRETS.twilioToken,
  };
  const { redisUrl } = testServers();
  stack = await startStack({
    ...{ databaseUrl: database.url, redisUrl, accountsFile, gateways: 2, apiKey: SECRETS.apiKey },
    env: { all: own, 'gateway-2': { STREAM_TOKEN_SECRETS: 'f0e1d2c3b4a59687'.repeat(4) } },
  });
  const { webhookUrl, mediaUrl } = stack.description;
  road.webhooks = webhookUrl[0]!;
  road.media = mediaUrl[0]!.replace('ws', 'http');
  environment = {
    ...own,
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    ENVIRONMENT: stack.description.environment,
    API_KEYS: SECRETS.apiKey,
    ACCOUNTS_FILE: accountsFile,
    DIALOGUES_DIR: join(repositoryRoot(), 'dialogues'),
  };
}, 60_000);

afterEach(() => road.reset());

afterAll(async () => {
  await stack?.stop();
  await road?.close();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);
failOnLeaks();

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const accountsFile = (name: string, accounts: object[]): string => put(name, JSON.stringify(accounts));

interface Examined {
  code: number;
  text: string;
  checks: Finding[];
  /** what is wrong, as `check: message` */
  wrong: string[];
}

/** The doctor on the set-up of this spec with some settings changed; `null` takes one away. */
async function examine(
  only: string,
  changes: Record<string, string | null> = {},
  { now = Date.now } = {},
): Promise<Examined> {
  const out: string[] = [];
  const env = Object.fromEntries(
    Object.entries({ ...environment, ...changes }).filter(([, value]) => value !== null),
  );
  const code = await runDoctor(['--json', '--only', only], {
    say: (line) => out.push(line),
    complain: (line) => out.push(line),
    ...{ standingIn: folder, folder, dist: join(repositoryRoot(), 'dist'), now },
    environment: { PATH: process.env['PATH'], ...(env as Record<string, string>) },
  });
  const text = out.join('\n');
  const { checks } = JSON.parse(text) as { checks: Finding[] };
  const wrong = checks
    .filter(({ status }) => status === 'wrong')
    .map(({ check, message }) => `${check}: ${message}`);
  expect(code).toBe(wrong.length > 0 ? 1 : 0);
  return { code, text, checks, wrong };
}

describe('a set-up that is right', () => {
  let code: number;
  let out: string;
  beforeAll(async () => {
    const file = put(
      'all.env',
      Object.entries(environment)
        .map(([name, value]) => `${name}="${value}"`)
        .join('\n'),
    );
    const admin = Object.values(stack.description.adminUrl).flatMap((url) => ['--admin', url]);
    ({ code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
      const args = [join(repositoryRoot(), 'dist/tools/doctor.js'), '--env', file, ...admin];
      execFile(process.execPath, args, { env: { PATH: process.env['PATH'] } }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
      );
    }));
  }, 30_000);

  it('has nothing wrong', () => {
    expect(out.split('\n').filter((line) => line.includes('WRONG'))).toEqual([]);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing is wrong') as string,
    });
  });

  it('has each check in it, and proves the roads', () => {
    for (const line of [
      /ok +ingest +accepted/,
      /ok +worker +accepted/,
      /ok +gateway +accepted/,
      /ok +welcome\.yaml +\d+ steps, for twilio\/default/,
      /ok +Postgres schema +up to date/,
      /ok +Redis pub\/sub +published and received in [\d.]+ ms/,
      /ok +exotel\/default GET +arrives as it was sent/,
      /ok +exotel\/path POST +arrives as it was sent/,
      /ok +twilio\/default POST +arrives as it was sent/,
      /ok +plivo\/main POST +arrives as it was sent/,
      /ok +vonage\/default POST +arrives as it was sent/,
      /- +telnyx\/us POST +whether a signed one is accepted/,
      /ok +telnyx\/us without credentials +refused with 403/,
      /ok +API \/v1\/sessions +the key is accepted/,
      /ok +exotel\/default stream, URL typed in +opened/,
      ...[
        'exotel/default',
        'exotel/path',
        'twilio/default',
        'plivo/main',
        'vonage/default',
        'telnyx/us',
      ].flatMap((account) => [
        new RegExp(`ok +${account} stream +opened`),
        new RegExp(`ok +${account} stream without credentials +refused with 40[13]`),
      ]),
      new RegExp(`ok +${stack.description.adminUrl['worker']} +ready`),
    ]) {
      expect(out).toMatch(line);
    }
  });

  it('is told what to enter at the providers, without a secret', () => {
    expect(out).toContain(`${road.url.replace('//', '//greenroom:***@')}/webhooks/exotel/default/passthru`);
    expect(out).toContain(`${road.url}/webhooks/exotel/path/passthru/***`);
    expect(out).toContain(`${road.url}/webhooks/telnyx/us/events`);
    for (const secret of Object.values(SECRETS)) expect(out).not.toContain(secret);
  });

  it('is as it was before: no call, no event, no job', async () => {
    const tables = ['call_sessions', 'call_events', 'outbox', 'customers'];
    for (const table of tables) expect(await database.query(`SELECT * FROM ${table}`)).toEqual([]);
    const redis = new Redis(testServers().redisUrl);
    const keys = await redis.keys(`*${stack.description.environment}*`);
    redis.disconnect();
    // what a worker of BullMQ has without any job
    expect(keys.filter((key) => !/:(meta|stalled-check)$/.test(key))).toEqual([]);
  });
});

describe('the stores', () => {
  it('a wrong password', async () => {
    const url = new URL(database.url);
    url.username = 'nobody';
    url.password = 'not-the-password';
    const { wrong, text } = await examine('stores', { DATABASE_URL: url.href });
    expect(wrong).toEqual([
      expect.stringMatching(
        /^Postgres: .*DATABASE_URL: (user or password is wrong|the server lets nobody in)/,
      ),
    ]);
    expect(text).not.toContain('not-the-password');
  });

  it('a database without migrations', async () => {
    const url = new URL(testServers().databaseUrl);
    const { wrong } = await examine('stores', { DATABASE_URL: url.href });
    expect(wrong).toEqual([
      expect.stringMatching(/^Postgres schema: migrations are missing: Initial\d+, .*npm run migrate/),
    ]);
  });

  it('one migration that is missing', async () => {
    const name = `spec_doctor_${process.pid}`;
    const admin = new Client({ connectionString: testServers().databaseUrl });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${testServers().template}`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const own = new Client({ connectionString: url.href });
    await own.connect();
    await own.query(`DELETE FROM migrations WHERE name LIKE 'Turns%'`);
    await own.end();
    const { wrong } = await examine('stores', { DATABASE_URL: url.href });
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
    expect(wrong).toEqual([expect.stringMatching(/are missing: TurnsAndNextStep\d+\. Run/)]);
  });

  it('Redis that is down', async () => {
    const { wrong } = await examine('stores', { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    expect(wrong).toEqual([
      expect.stringMatching(/^Redis: .*REDIS_URL: nothing listens there/),
      expect.stringMatching(/^Redis of the queue: .*nothing listens there/),
    ]);
  });

  it('a queue that is evicted', async () => {
    const redis = new Redis(testServers().redisUrl);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const { wrong } = await examine('stores');
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    redis.disconnect();
    expect(wrong).toEqual([
      expect.stringMatching(/^Redis of the queue: .*allkeys-lru: jobs would be thrown away/),
    ]);
  });

  it('clocks that differ', async () => {
    const { wrong } = await examine('clock', {}, { now: () => Date.now() + 60_000 });
    expect(wrong.map((line) => line.replace(/[\d.]+ s/, 'N s'))).toEqual([
      expect.stringMatching(/^Postgres: N s behind this machine/),
      expect.stringMatching(/^Redis: N s behind/),
      expect.stringMatching(/^PUBLIC_BASE_URL: N s behind/),
    ]);
  });
});

describe('settings and files', () => {
  it('no accounts file', async () => {
    const { wrong } = await examine('accounts', { ACCOUNTS_FILE: 'nowhere.yaml' });
    expect(wrong).toEqual([expect.stringMatching(/^accounts file: .*nowhere\.yaml cannot be read/)]);
  });

  it('an account without credentials', async () => {
    const file = accountsFile('open.yaml', [...ACCOUNTS, { name: 'open', provider: 'plivo' }]);
    const { wrong } = await examine('accounts', { ACCOUNTS_FILE: file });
    expect(wrong).toEqual([expect.stringMatching(/plivo\/open in .* has no credential.*authTokens/)]);
  });

  it('an account with a credential that is another provider’s', async () => {
    const credentials = { authTokens: ['stray-secret-of-twilio'] };
    const file = accountsFile('stray.yaml', [{ name: 'stray', provider: 'vonage', credentials }]);
    const { wrong, text } = await examine('accounts', { ACCOUNTS_FILE: file });
    expect(wrong).toEqual([
      expect.stringMatching(/vonage\/stray in .* has authTokens.*signs with signatureSecrets/),
    ]);
    expect(text).not.toContain('stray-secret');
  });

  it('no secret for stream tokens, and settings that one process alone knows', async () => {
    const { wrong } = await examine('settings,tokens,media', {
      STREAM_TOKEN_SECRETS: null,
      NEXT_STEP_WAIT_MS: 'soon',
      MAX_WAITERS: '-1',
    });
    expect(wrong).toEqual([
      expect.stringMatching(/^ingest: STREAM_TOKEN_SECRETS: is not set/),
      expect.stringMatching(/^ingest: NEXT_STEP_WAIT_MS: /),
      expect.stringMatching(/^gateway: STREAM_TOKEN_SECRETS: is not set/),
      expect.stringMatching(/^gateway: MAX_WAITERS: /),
      expect.stringMatching(/^STREAM_TOKEN_SECRETS: is not set: no stream could connect/),
    ]);
  }, 30_000);

  it('a dialogue that hands callers to a person whom the account does not name', async () => {
    const file = accountsFile('nobody.yaml', [{ ...ACCOUNTS[2], transferTo: undefined }]);
    const { wrong } = await examine('dialogues', { ACCOUNTS_FILE: file });
    expect(wrong).toEqual([expect.stringMatching(/^welcome\.yaml: .*twilio\/default does not say to whom/)]);
  });

  it('a dialogue with a mistake in it', async () => {
    put('broken.yaml', 'language: en\nstart: nowhere\nsteps: {}\n');
    const agent = { script: 'broken.yaml' };
    const file = accountsFile('dialogue.yaml', [{ ...ACCOUNTS[0], agent }]);
    const { wrong } = await examine('dialogues', { ACCOUNTS_FILE: file, DIALOGUES_DIR: folder });
    expect(wrong).toEqual([expect.stringMatching(/^broken\.yaml: broken\.yaml:\d+:\d+/)]);
  });
});

describe('the road of webhooks', () => {
  const signing = ['twilio/default', 'plivo/main'];

  it('a proxy that leads elsewhere', async () => {
    road.status = 404;
    road.passUpgrades(false);
    const { wrong } = await examine('webhooks,media');
    expect(wrong).toHaveLength(28);
    expect(wrong[0]).toMatch(
      /^exotel\/default GET: answered 404, and not by Greenroom: the proxy leads elsewhere/,
    );
    expect(wrong.at(-1)).toMatch(/stream without credentials: answered 404 in place of an upgrade/);
  });

  it('a proxy that drops the query', async () => {
    road.rewrite = (path) => path.replace(/\?.*/, '');
    const { wrong } = await examine('webhooks');
    expect(wrong).toEqual([
      expect.stringMatching(/^exotel\/default GET: the query is lost on the way \(CallSid: missing\)/),
      expect.stringMatching(/^exotel\/path GET: the query is lost/),
      ...signing.map(
        (account) => expect.stringMatching(`^${account} POST: .*drops or rewrites the query`) as string,
      ),
    ]);
  });

  it('a path of which the ingest knows nothing', async () => {
    road.rewrite = (path) => path.replace(/^\/voice/, '');
    const { wrong } = await examine('webhooks', { PUBLIC_BASE_URL: `${road.url}/voice` });
    expect(wrong).toEqual(
      signing.map(
        (account) =>
          expect.stringContaining(
            `${account} POST: signature refused: the ingest has PUBLIC_BASE_URL ${road.url}, here it is ${road.url}/voice`,
          ) as string,
      ),
    );
  });

  it('a proxy that changes the path', async () => {
    road.rewrite = (path) => path.replace('/webhooks/', '/hooks/');
    const { wrong } = await examine('webhooks');
    expect(wrong).toHaveLength(13);
    expect(wrong[0]).toMatch(/^exotel\/default GET: No such path\. The proxy changes the path/);
  });

  it('another secret than the ingest has', async () => {
    const { wrong } = await examine('webhooks', { TWILIO_AUTH_TOKEN: 'another-token-of-twilio' });
    expect(wrong).toEqual([
      expect.stringMatching(
        /^twilio\/default POST: Not authorized: signature missing or wrong\. The ingest has another secret/,
      ),
    ]);
  });

  it('nobody at the other end', async () => {
    const { wrong } = await examine('url,webhooks', {
      PUBLIC_BASE_URL: `http://127.0.0.1:${await freePort()}`,
    });
    expect(wrong[0]).toMatch(/^exotel\/default GET: nothing listens there/);
  });
});

describe('the road of streams', () => {
  it('a proxy that does not pass upgrades on', async () => {
    road.passUpgrades(false);
    const { wrong } = await examine('media');
    expect(wrong).toHaveLength(14);
    for (const line of wrong)
      expect(line).toMatch(/got no Upgrade header \(it answers 404\): the proxy has to pass/);
  });

  it('a gateway with another secret than the ingest', async () => {
    road.media = stack.description.mediaUrl[1]!.replace('ws', 'http');
    const { wrong } = await examine('media');
    road.media = stack.description.mediaUrl[0]!.replace('ws', 'http');
    expect(wrong.map((line) => line.slice(0, line.indexOf(':')))).toEqual(
      ['exotel/default', 'exotel/path', 'telnyx/us', 'twilio/default', 'plivo/main', 'vonage/default'].map(
        (account) => `${account} stream`,
      ),
    );
    for (const line of wrong) expect(line).toContain('the gateway has other STREAM_TOKEN_SECRETS');
  });

  it('a gateway with another URL', async () => {
    road.rewrite = (path) => path.replace(/^\/media/, '');
    const { wrong } = await examine('media', {
      PUBLIC_MEDIA_URL: `${environment['PUBLIC_MEDIA_URL']}/media`,
    });
    expect(wrong.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'twilio/default stream',
      'plivo/main stream',
    ]);
    for (const line of wrong)
      expect(line).toMatch(/it is the signature\. The gateway has another PUBLIC_MEDIA_URL/);
  });
});
