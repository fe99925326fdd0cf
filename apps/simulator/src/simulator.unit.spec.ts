import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@greenroom/telephony';
import type { CallOptions, CallResult } from './call-options';
import type { FakeBehaviour, FakeGreenroom } from './fake-greenroom';
import { placeManyCalls } from './many-calls';
import { placeCall } from './place-call';
import { toneSequence } from './tones';
import { withFake as withFakeOf } from './with-fake';

/** 200 ms: a whole call in less than a second */
const say = { samples: toneSequence('spec', 8000).subarray(0, 1600), sampleRate: 8000 };

const withFake = <T>(
  behaviour: FakeBehaviour,
  use: (fake: FakeGreenroom, base: CallOptions) => Promise<T>,
): Promise<T> => withFakeOf(behaviour, (fake, base) => use(fake, { ...base, say }));

const call = (behaviour: FakeBehaviour, options: Partial<CallOptions>): Promise<CallResult> =>
  withFake(behaviour, (_fake, base) => placeCall({ ...base, ...options }));

const eventsOf = (fake: FakeGreenroom): unknown[] => fake.seen.messages.map(({ event }) => event);

// next to one another: each has a server of its own, and most of a call is waiting
describe('a call by Exotel', () => {
  it.concurrent('with the webhook first is answered and hears its own voice', async () => {
    await withFake({}, async (fake, base) => {
      const result = await placeCall({ ...base, digits: '1' });
      expect(result).toMatchObject({
        ok: true,
        why: null,
        outcome: 'answered',
        found: 'cache',
        customer: { fullName: 'Asha Rao', phone: '+919000000001' },
        close: { code: 1000 },
        webhook: { status: 200, delayMs: 0 },
        violations: [],
        crossed: false,
        audio: { saidMs: 200, heardBack: true },
      });
      expect(result.marks.returned).toBeGreaterThan(0);
      expect(eventsOf(fake).slice(0, 3)).toEqual(['connected', 'start', 'media']);
      expect(eventsOf(fake)).toEqual(expect.arrayContaining(['dtmf', 'mark']));
      expect(eventsOf(fake).at(-1)).toBe('stop');
      expect(result.timeline.map(({ what }) => what)).toContain('session-found, found cache');
    });
  });

  it.concurrent('with the stream first hears what it said before anybody knew it', async () => {
    const result = await call({}, { webhookDelayMs: 150 });
    expect(result).toMatchObject({
      ok: true,
      why: null,
      found: 'event',
      webhook: { status: 200, delayMs: 150 },
    });
    expect(result.waitedMs).toBeGreaterThan(0);
  });

  it.concurrent('without a webhook is as expected when it is closed for want of data', async () => {
    const result = await call({ waitTimeoutMs: 200 }, { noWebhook: true });
    expect(result).toMatchObject({
      ok: true,
      outcome: 'no-customer-data',
      found: null,
      webhook: null,
      close: { code: 1000, reason: 'No customer data found after waiting' },
    });
  });

  it.concurrent('whose webhook comes when the wait is over is as expected when it was closed', async () => {
    const result = await call({ waitTimeoutMs: 100 }, { webhookDelayMs: 600 });
    expect(result).toMatchObject({ ok: true, outcome: 'no-customer-data', webhook: { status: 200 } });
  });

  it.concurrent('is not as expected when it is closed before the wait is over', async () => {
    const result = await withFake({ waitTimeoutMs: 100 }, (_fake, base) =>
      placeCall({ ...base, stack: { ...base.stack, waitTimeoutMs: 1000 }, webhookDelayMs: 600 }),
    );
    expect(result).toMatchObject({ ok: false, outcome: 'no-customer-data' });
    expect(result.why).toContain('No customer data found');
  });

  it.concurrent(
    'asks where to connect, takes the credentials out of the URL and gives its query back',
    async () => {
      await withFake({}, async (fake, base) => {
        const result = await placeCall({ ...base, dynamicUrl: true });
        expect(result).toMatchObject({ ok: true });
        expect(fake.seen.webhooks.map(({ path }) => path)).toEqual([
          '/webhooks/exotel/default/passthru',
          '/webhooks/exotel/default/stream-url',
        ]);
        const authorization = `Basic ${Buffer.from('u:fake-password').toString('base64')}`;
        expect(fake.seen.upgrades).toEqual([{ path: '/asked?kind=vip', authorization }]);
        expect(fake.seen.messages[1]).toMatchObject({ start: { custom_parameters: { kind: 'vip' } } });
      });
    },
  );

  it.concurrent(
    'names the call in the URL, sends its webhook twice and tells of its end when asked to',
    async () => {
      await withFake({}, async (fake, base) => {
        const result = await placeCall({ ...base, path: 'call', twice: true, afterBot: true });
        expect(result).toMatchObject({ ok: true });
        expect(fake.seen.upgrades[0]?.path).toBe(`/ws/call/${result.callId}`);
        const [first, second, afterBot, status] = fake.seen.webhooks;
        expect(second).toEqual(first);
        expect(afterBot?.parameters).toMatchObject({
          'Stream[Status]': 'completed',
          'Stream[DisconnectedBy]': 'user',
        });
        expect(status).toMatchObject({
          method: 'POST',
          parameters: { Status: 'completed', EventType: 'terminal' },
        });
      });
    },
  );

  it.concurrent('repeats a handshake that failed, once', async () => {
    expect(await call({ refusals: 1 }, {})).toMatchObject({ ok: true });
    const refused = await call({ refusals: 2 }, {});
    expect(refused).toMatchObject({ ok: false, outcome: 'refused', close: null });
    expect(refused.why).toContain('503');
  });

  it.concurrent('is refused with wrong credentials', async () => {
    const result = await withFake({}, (_fake, base) =>
      placeCall({
        ...base,
        stack: {
          ...base.stack,
          accounts: [{ provider: 'exotel', account: 'default', username: 'a', password: 'b' }],
        },
      }),
    );
    expect(result).toMatchObject({ ok: false, outcome: 'refused', webhook: { status: 401 }, close: null });
  });

  it.concurrent('ends badly when the other side is not there', async () => {
    const { stack } = await withFake({}, (_fake, base) => Promise.resolve(base));
    expect(await placeCall({ stack: { ...stack, apiKey: undefined } })).toMatchObject({
      ok: false,
      outcome: 'failed',
    });
  });

  it.concurrent.each<[string, FakeBehaviour, string]>([
    ['another sound', { echo: 'noise' }, 'of 200 ms came back unbroken before the caller gave up'],
    ['messages that are too small', { exotelChunk: 1600 }, 'media of 1600 bytes, the least is 3200'],
    ['another caller’s session', { phone: '+919000000099' }, 'another call'],
  ])('is not as expected with %s', async (_what, behaviour, why) => {
    const result = await call(behaviour, { limitMs: 2000 });
    expect(result.ok).toBe(false);
    expect(result.why).toContain(why);
  });

  it.concurrent('hangs up when it is told to', async () => {
    const result = await call({}, { signal: AbortSignal.timeout(100), holdMs: 10_000 });
    expect(result).toMatchObject({ ok: false, close: { code: 1000 } });
  });

  it.concurrent('keeps what it heard', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const record = join(folder, 'heard.wav');
    await call({}, { record });
    const { samples, sampleRate } = readWav(readFileSync(record));
    expect(sampleRate).toBe(8000);
    expect([...samples.subarray(0, say.samples.length)]).toEqual([...say.samples]);
    rmSync(folder, { recursive: true });
  });
});

describe('a call by Twilio', () => {
  it.concurrent(
    'goes where the TwiML says, with its parameters, and reports to the URL that it names',
    async () => {
      await withFake({}, async (fake, base) => {
        const result = await placeCall({ ...base, provider: 'twilio', afterBot: true, twice: true });
        expect(result).toMatchObject({ ok: true, why: null, outcome: 'answered' });
        expect(fake.seen.messages[1]).toMatchObject({ start: { customParameters: { sessionId: 'A & B' } } });
        const [first, second, ...after] = fake.seen.webhooks;
        expect(first?.token).toMatch(/^[0-9a-f-]{36}$/);
        expect(second?.token).toBe(first?.token);
        expect(after.map(({ path }) => path)).toEqual(['/ended', '/webhooks/twilio/default/status']);
      });
    },
  );

  it.concurrent('goes to the usual place when the stream is first', async () => {
    const result = await call({}, { provider: 'twilio', webhookDelayMs: 100 });
    expect(result).toMatchObject({ ok: true, why: null, found: 'event' });
  });
});

describe('many calls', () => {
  it.concurrent('are counted, each with its own voice and number', async () => {
    const result = await withFake({}, (_fake, base) =>
      placeManyCalls({ call: base, count: 6, concurrency: 3, spreadMs: 60, webhookDelayMaxMs: 100 }),
    );
    expect(result).toMatchObject({ calls: 6, asExpected: 6, crossed: 0, lost: 0, violating: 0, ok: true });
    expect(result.outcomes).toEqual({ answered: 6 });
  });
});
