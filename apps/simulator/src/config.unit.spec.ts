import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStack, UsageError } from './config';

const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
const file = join(folder, 'stack.json');
const here = { provider: 'exotel', account: 'default' } as const;
const stack = {
  webhookUrl: 'http://127.0.0.1:3001/',
  mediaUrl: ['ws://127.0.0.1:3002', 'ws://127.0.0.1:3012'],
  publicBaseUrl: 'https://voice.example.com',
  publicMediaUrl: 'wss://media.example.com',
  apiKey: 'key',
  waitTimeoutMs: 4000,
  redisUrl: 'redis://127.0.0.1:6379',
  environment: 'demo',
  accounts: [{ ...here, username: 'u', password: 'p' }],
};

const write = (value: unknown): void => writeFileSync(file, JSON.stringify(value));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the stack', () => {
  it('is read from its file: one URL or several', () => {
    write(stack);
    expect(loadStack({ ...here, file })).toEqual({ ...stack, webhookUrl: ['http://127.0.0.1:3001'] });
  });

  it('gives way to what the command line says', () => {
    write(stack);
    const given = { webhookUrl: 'http://10.0.0.1', apiKey: 'other', password: 'secret' };
    expect(loadStack({ ...here, file, ...given })).toMatchObject({
      webhookUrl: ['http://10.0.0.1'],
      publicBaseUrl: 'https://voice.example.com',
      apiKey: 'other',
      accounts: [{ username: 'u', password: 'secret' }],
    });
  });

  it('may be told what only one provider needs, and where commands arrive', () => {
    write({ ...stack, apiUrl: 'http://127.0.0.1:4001/', streamTokenSecret: 't'.repeat(32) });
    expect(loadStack({ ...here, file })).toMatchObject({ apiUrl: 'http://127.0.0.1:4001' });
    const given = { apiPort: 4002, signingKey: 'seed', signatureSecret: 'secret' };
    expect(loadStack({ ...here, file, ...given, streamTokenSecret: 's'.repeat(32) })).toMatchObject({
      apiUrl: 'http://127.0.0.1:4002',
      streamTokenSecret: 's'.repeat(32),
      accounts: [{ signingKey: 'seed', signatureSecret: 'secret' }],
    });
  });

  it('needs no file when both URLs are given, and reads none', () => {
    const wishes = { ...here, webhookUrl: 'https://voice.example.com', mediaUrl: 'wss://media.example.com' };
    expect(loadStack(wishes)).toEqual({
      webhookUrl: ['https://voice.example.com'],
      mediaUrl: ['wss://media.example.com'],
      publicBaseUrl: 'https://voice.example.com',
      publicMediaUrl: 'wss://media.example.com',
      waitTimeoutMs: 10_000,
      accounts: [here],
    });
  });

  it('that is not there says how to start one', () => {
    const missing = { ...here, file: join(folder, 'missing.json') };
    expect(() => loadStack(missing)).toThrow(/missing\.json.*\n?.*npm start/s);
    expect(() => loadStack(missing)).toThrow(UsageError);
  });

  it.each([
    ['no JSON', undefined],
    ['no URL', { ...stack, mediaUrl: 'http://wrong.example' }],
    ['a wait that is none', { ...stack, waitTimeoutMs: 'long' }],
  ])('with %s is refused without a word of its secrets', (_what, value) => {
    writeFileSync(file, value === undefined ? '{' : JSON.stringify(value));
    expect(() => loadStack({ ...here, file })).toThrow(UsageError);
    expect(() => loadStack({ ...here, file })).not.toThrow(/key/);
  });

  it('without the account says which it has', () => {
    write(stack);
    expect(() => loadStack({ provider: 'twilio', account: 'other', file })).toThrow(
      'It has: exotel default.',
    );
  });
});
