import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { failOnLeaks } from '@greenroom/testing';
import { readWav } from '@greenroom/telephony';
import type { CallResult } from '../src/call-options';
import type { ManyCallsResult } from '../src/many-calls';
import { placeCall } from '../src/place-call';
import { useStack } from './running-stack';

// seven processes and 500 callers on the cores of one machine: new streams are to be late here, not turned away, and what is
// said ahead of a webhook that comes after 5 s and waits for a core is to be there still
const PATIENT = { MAX_LOOP_LAG_MS: '5000', AUDIO_RING_MS: '15000' };
const stack = useStack(() => ({ ingests: 2, gateways: 2, env: { gateway: PATIENT } }));
failOnLeaks();

const PROVIDERS = ['exotel', 'twilio'] as const;
/** of its commit, even where an event is lost */
const FOUND_WITHIN_MS = 2500;
const recordOf = (provider: string): string =>
  join(tmpdir(), `greenroom-record-${process.pid}-${provider}.wav`);

const PLANS = {
  'webhook first': () => ({}),
  'stream first': () => ({ webhookDelayMs: 3000 }),
  'no webhook': () => ({ noWebhook: true }),
  'lost by Redis': () => ({ dropCache: true }),
  'speaks early': (provider: string) => ({ webhookDelayMs: 1500, sayAfterMs: 0, record: recordOf(provider) }),
  'webhooks twice': () => ({ twice: true, afterBot: true }),
};

type Plan = keyof typeof PLANS;

const placed = new Map<string, CallResult>();

/** All of them at once: most of a call is waiting. */
beforeAll(async () => {
  const calls = PROVIDERS.flatMap((provider) =>
    Object.entries(PLANS).map(async ([plan, options]) => {
      const result = await placeCall({ stack: stack().description, provider, ...options(provider) });
      placed.set(`${provider}, ${plan}`, result);
    }),
  );
  await Promise.all(calls);
}, 60_000);

describe.each(PROVIDERS)('a call of %s', (provider) => {
  const call = (plan: Plan): CallResult => {
    const result = placed.get(`${provider}, ${plan}`);
    if (!result) throw new Error(`this call was not placed: ${provider}, ${plan}`);
    return result;
  };

  it('is answered at once when the webhook came first', () => {
    const result = call('webhook first');
    // by a look before the wait began: what ends a wait is told as `event` or `poll`
    expect(result).toMatchObject({ ok: true, outcome: 'answered', found: 'cache', close: { code: 1000 } });
  });

  it('is kept when its stream came first, and is answered when the webhook comes 3 s later', () => {
    const result = call('stream first');
    expect(result).toMatchObject({ ok: true, outcome: 'answered', found: 'event' });
    expect(result.waitedMs).toBeGreaterThan(2800);
    expect(result.waitedMs).toBeLessThan(3000 + FOUND_WITHIN_MS);
  });

  it('goes on in the provider’s flow when no webhook ever comes', () => {
    const result = call('no webhook');
    expect(result).toMatchObject({
      ok: true,
      outcome: 'no-customer-data',
      close: { code: 1000, reason: 'No customer data found after waiting' },
    });
    expect(Math.abs((result.waitedMs ?? 0) - 10_000)).toBeLessThan(250);
  });

  it('is found in Postgres when Redis has lost it', () => {
    expect(call('lost by Redis')).toMatchObject({ ok: true, found: 'database' });
  });

  it('gives back what was said before the session was ready, to the last sample', () => {
    expect(call('speaks early')).toMatchObject({ ok: true, audio: { heardBack: true } });
    const heard = readWav(readFileSync(recordOf(provider)));
    rmSync(recordOf(provider));
    expect(heard.samples.length / heard.sampleRate).toBeGreaterThan(1.9);
  });

  it('has one line on its timeline for each thing that happened, however often the webhooks came', async () => {
    const result = call('webhooks twice');
    expect(result.ok).toBe(true);
    const view = await stack().read(provider, result.callId);
    expect(view?.session.state).toBe('ended');
    const types = view?.events.map(({ type }) => type) ?? [];
    expect(types.filter((type) => type === 'announced')).toHaveLength(1);
    expect(types.filter((type) => type === 'claimed')).toHaveLength(1);
    expect(types.filter((type) => type === 'stream-ended').length).toBe(1);
  });
});

it('answers 500 calls whose webhooks come 0 to 5 s after their streams: all found, none twice, none crossed', async () => {
  // callers in a process of their own: within jest they are too slow to be punctual
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['dist/apps/simulator/main.js', 'call', '--json', '--stack', stack().stackFile, '--count', '500'],
      ...['--spread', '6000', '--webhook-delay-max', '5000'],
    ],
    { cwd: join(__dirname, '../../..'), maxBuffer: 64 * 1024 * 1024 },
  ).catch((failed: { stdout: string }) => failed);
  const result = JSON.parse(stdout) as ManyCallsResult;
  const refused = stack().logs.filter(({ fields }) => fields?.['msg'] === 'upgrade refused');
  expect(refused.map(({ fields }) => fields?.['reason'])).toEqual([]);
  expect(result.failures).toEqual([]);
  expect(result.outcomes).toEqual({ answered: 500 });
  expect(result).toMatchObject({ crossed: 0, lost: 0 });
  expect(result.found['none']).toBeUndefined();
  const claims = await stack().database.query<{ sessions: string; claims: string }>(
    `SELECT count(DISTINCT session_id) AS sessions, count(*) AS claims FROM call_events WHERE type = 'claimed'`,
  );
  expect(claims[0]?.sessions).toBe(claims[0]?.claims);
}, 120_000);

it('takes the call from the path, and refuses a start that names another', async () => {
  const description = stack().description;
  expect(await placeCall({ stack: description, path: 'call' })).toMatchObject({ ok: true });
});

it('asks for the stream’s URL where the flow has a dynamic one', async () => {
  expect(await placeCall({ stack: stack().description, dynamicUrl: true })).toMatchObject({ ok: true });
});

it('logs the story of a call, and no telephone number', () => {
  const lines = stack().logs.map(({ text }) => text);
  const told = new Set(stack().logs.map(({ fields }) => fields?.['msg']));
  for (const message of [
    'session announced',
    'waiting for session',
    'session found',
    'proceeding',
    'no customer data found after waiting',
    'call ended',
  ]) {
    expect(told).toContain(message);
  }
  // not within a call id, which is any run of digits and letters
  const number = /(?<![0-9A-Za-z])(\+91|\+1|0)\d{10}(?![0-9A-Za-z])/;
  expect(lines.filter((line) => number.test(line))).toEqual([]);
});
