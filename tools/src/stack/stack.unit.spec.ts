import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePort, isFree } from '../processes/free-port';
import { provideAccounts, readAccounts } from './accounts-file';
import { urlsOf } from './description';
import { parseLine, readable } from './log-lines';
import { planProcesses } from './plan';

describe('a log line', () => {
  it('is told in one line for people', () => {
    const text =
      '{"level":"info","time":"2026-01-02T03:04:05.006Z","service":"ingest","pid":1,"msg":"saved","callId":"c1","n":2}';
    expect(readable(parseLine('ingest', text))).toMatch(
      /^\d\d:\d\d:05\.006 {2}ingest {5}info {3}saved {2}callId=c1 n=2$/,
    );
  });

  it('that is not JSON is shown as it came', () => {
    const line = parseLine('gateway', 'Cannot start: no');
    expect(line.fields).toBeNull();
    expect(readable(line)).toContain('Cannot start: no');
  });
});

const SECRET = expect.stringMatching(/^[0-9a-f]{32}$/) as string;

describe('the accounts file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is written once, for its owner alone, and holds a secret for each provider', () => {
    const file = join(folder, 'accounts.yaml');
    provideAccounts(file, { timeoutMs: 2500 });
    const first = readFileSync(file, 'utf8');
    provideAccounts(file, { timeoutMs: 9000, apiUrl: 'http://127.0.0.1:1' });
    expect(readFileSync(file, 'utf8')).toBe(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { accounts, waitTimeoutMs, apiUrl } = readAccounts(file, {});
    expect([waitTimeoutMs, apiUrl]).toEqual([2500, undefined]);
    for (const name of ['default', 'welcome', 'reminder']) {
      const own = accounts.filter(({ account }) => account === name);
      expect(own).toEqual([
        { provider: 'exotel', account: name, username: 'greenroom', password: SECRET },
        { provider: 'twilio', account: name, authToken: SECRET },
        { provider: 'plivo', account: name, authToken: SECRET },
        { provider: 'vonage', account: name, signatureSecret: SECRET },
      ]);
    }
    expect(first).not.toContain('api:');
  });

  it('with REST APIs has accounts of all providers, and each the keys of its API', () => {
    const file = join(folder, 'accounts.yaml');
    provideAccounts(file, { timeoutMs: 2500, apiUrl: 'http://127.0.0.1:3999' });
    const { accounts, apiUrl } = readAccounts(file, {});
    expect(apiUrl).toBe('http://127.0.0.1:3999');
    expect(new Set(accounts.map(({ provider }) => provider)).size).toBe(5);
    const list = parse(readFileSync(file, 'utf8')) as { provider: string; api?: Record<string, string> }[];
    for (const { provider, api } of list.filter((one) => one.provider !== 'exotel')) {
      expect([provider, api?.['url'], api?.['key']]).toEqual([
        provider,
        apiUrl,
        expect.stringMatching(/.{18}/),
      ]);
    }
    const pem = list.find(({ provider }) => provider === 'vonage')?.api?.['secret'] ?? '';
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('rsa');
  });

  it('holds the public halves of Telnyx’s keys, and whoever plays Telnyx gets the private ones', () => {
    const file = join(folder, 'accounts.yaml');
    provideAccounts(file, { timeoutMs: 2500, apiUrl: 'http://127.0.0.1:3999' });
    const telnyx = readAccounts(file, {}).accounts.filter(({ provider }) => provider === 'telnyx');
    expect(new Set(telnyx.map(({ signingKey }) => signingKey)).size).toBe(3);
    const text = readFileSync(file, 'utf8');
    for (const { signingKey = '' } of telnyx) {
      expect(text).not.toContain(signingKey);
      // the one prefix of an Ed25519 key in PKCS #8 (RFC 8410)
      const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
      const key = Buffer.concat([pkcs8, Buffer.from(signingKey, 'base64')]);
      const publicKey = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
      const der = publicKey.export({ format: 'der', type: 'spki' });
      expect(text).toContain(der.subarray(-32).toString('base64'));
    }
    expect(statSync(join(folder, 'signing-keys.json')).mode & 0o777).toBe(0o600);
    rmSync(join(folder, 'signing-keys.json'));
    expect(readAccounts(file, {}).accounts.some(({ signingKey }) => signingKey)).toBe(false);
  });

  it('of somebody else is read with what the environment says', () => {
    const file = join(folder, 'accounts.yaml');
    const credentials = '{ authTokens: ["${TOKEN}"] }';
    writeFileSync(
      file,
      `- { name: a, provider: twilio, credentials: ${credentials} }\n- { name: b, provider: exotel }`,
    );
    expect(readAccounts(file, { TOKEN: 'secret' })).toEqual({
      accounts: [
        { provider: 'twilio', account: 'a', authToken: 'secret' },
        { provider: 'exotel', account: 'b' },
      ],
      waitTimeoutMs: 10_000,
    });
  });
});

describe('the plan of a stack', () => {
  it('gives the documented ports to the first of each role', async () => {
    const plans = await planProcesses({ ingests: 2, gateways: 2 }, 'default');
    expect(plans.map(({ name }) => name)).toEqual(['ingest', 'ingest-2', 'worker', 'gateway', 'gateway-2']);
    expect(plans[0]).toMatchObject({ port: 3001, adminPort: 3101 });
    expect(plans[2]).toMatchObject({ port: null, adminPort: 3103 });
    expect(plans[3]).toMatchObject({ port: 3002, adminPort: 3102 });
    expect(urlsOf(plans)).toMatchObject({
      webhookUrl: ['http://127.0.0.1:3001', `http://127.0.0.1:${plans[1]?.port}`],
      publicBaseUrl: 'http://127.0.0.1:3001',
      publicMediaUrl: 'ws://127.0.0.1:3002',
    });
  });

  it('gives different free ports below the ephemeral range otherwise', async () => {
    const plans = await planProcesses({ ingests: 3, gateways: 3 }, 'free');
    const ports = plans.flatMap(({ port, adminPort }) => [port ?? [], adminPort].flat());
    expect(new Set(ports).size).toBe(13);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });
});

describe('a port', () => {
  it('is not free while somebody listens on it', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port)).toBe(false);
    expect(await freePort(port)).not.toBe(port);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});
