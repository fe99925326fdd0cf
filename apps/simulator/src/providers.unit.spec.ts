import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderApi } from './api/provider-api';
import type { CallOptions, CallResult } from './call-options';
import { commandTelnyx } from './fake-commands';
import type { FakeBehaviour, FakeGreenroom } from './fake-greenroom';
import { placeManyCalls } from './many-calls';
import { placeCall } from './place-call';
import { toneSequence } from './tones';
import { withFake } from './with-fake';

/** 100 ms: a whole call in less than half a second */
const say = { samples: toneSequence('spec', 8000).subarray(0, 800), sampleRate: 8000 };
/** says so much, and hangs up */
const brief = { prompts: [100] };

interface Scene extends Partial<CallOptions> {
  behaviour?: FakeBehaviour;
}

/** With an API that both know. */
async function scene(
  { behaviour, ...options }: Scene,
  look: (fake: FakeGreenroom, result: CallResult) => void = () => undefined,
): Promise<CallResult> {
  const api = new ProviderApi();
  const port = await api.listen(0);
  try {
    return await withFake({ apiUrl: `http://127.0.0.1:${port}`, ...behaviour }, async (fake, base) => {
      const result = await placeCall({ ...base, api, say, promptGapMs: 100, ...options });
      look(fake, result);
      return result;
    });
  } finally {
    await api.close();
  }
}

const pathsOf = (fake: FakeGreenroom): string[] =>
  fake.seen.webhooks.map(({ operation, event }) => [operation, event].filter(Boolean).join(' '));
const eventsOf = (fake: FakeGreenroom): string[] => fake.seen.messages.map(({ event }) => event);

const WAYS = [
  ['plivo', {}],
  ['telnyx', {}],
  ['telnyx', { texml: true }],
  ['vonage', {}],
] as const;

// next to one another: each has a server of its own, and most of a call is waiting
describe.each(WAYS)('a call by %s %j', (provider, way) => {
  const call = (options: Scene, look?: Parameters<typeof scene>[1]) =>
    scene({ provider, ...way, ...options }, look);

  it.concurrent('hears its own voice, in its own dialect', async () => {
    const result = await call({ digits: '1' }, (fake) => {
      expect(eventsOf(fake)).toEqual(
        expect.arrayContaining([provider === 'vonage' ? 'websocket:dtmf' : 'dtmf']),
      );
    });
    expect(result).toMatchObject({
      ...{ ok: true, why: null, outcome: 'answered', found: 'cache', violations: [], retries: 0 },
      ...{ close: { code: 1000 }, audio: { saidMs: 100, heardBack: true } },
    });
    expect(result.marks.returned).toBeGreaterThan(0);
  });

  it.concurrent('whose stream comes first goes to a place with a token of its own', async () => {
    expect(await call({ webhookDelayMs: 100 })).toMatchObject({ ok: true, why: null, found: 'event' });
  });

  it.concurrent('without a webhook is closed for want of data', async () => {
    const result = await call({ noWebhook: true, behaviour: { waitTimeoutMs: 100 } });
    expect(result).toMatchObject({ ok: true, why: null, outcome: 'no-customer-data', webhook: null });
  });

  it.concurrent.each(['transfer', 'hang-up'] as const)('goes on with a %s', async (next) => {
    const result = await call({ answers: [], behaviour: { assistant: brief, next } });
    const number = next === 'transfer' ? (expect.stringMatching(/918000000003$/) as string) : null;
    expect(result).toMatchObject({ ok: true, why: null, next: { status: 200, decision: next, number } });
  });

  it.concurrent('leaves out what it may, and sends each webhook in copies', async () => {
    const behaviour: FakeBehaviour = { assistant: brief, next: 'hang-up' };
    const result = await call({ bare: true, copies: 3, answers: [], behaviour }, (fake) => {
      for (const path of new Set(pathsOf(fake))) {
        expect(pathsOf(fake).filter((one) => one === path).length % 3).toBe(0);
      }
    });
    expect(result).toMatchObject({ ok: true, why: null });
  });
});

describe('what a provider tells without being asked', () => {
  it.concurrent.each([
    ['plivo', ['answer', 'stream-status', 'after-stream', 'stream-status', 'hangup']],
    ['telnyx', ['call.initiated', 'call.answered', 'streaming.started', 'streaming.stopped', 'call.hangup']],
    [
      'vonage',
      ['answer', 'event answered', 'after-stream answered', 'after-stream disconnected', 'event completed'],
    ],
  ] as const)('%s', async (provider, told) => {
    const behaviour: FakeBehaviour = { assistant: brief, next: 'hang-up' };
    const result = await scene({ provider, answers: [], behaviour }, (fake) => {
      const short = pathsOf(fake).map((path) => path.replace('events ', ''));
      expect(short.toSorted()).toEqual([...told].toSorted());
    });
    expect(result).toMatchObject({ ok: true, why: null });
  });

  it.concurrent('comes in whatever order is wanted', async () => {
    const order = ['started', 'stream', 'answered'] as const;
    const result = await scene({ provider: 'telnyx', order }, (fake) => {
      const seen = fake.seen.order.map((one) => one.replace('/webhooks/telnyx/default/events ', ''));
      expect(seen.slice(0, 5)).toEqual([
        ...['call.initiated', 'streaming.started', 'connected', 'start', 'call.answered'],
      ]);
    });
    expect(result).toMatchObject({ ok: true, why: null });
  });
});

describe('a call by Telnyx', () => {
  const provider = 'telnyx';

  it.concurrent('is taken and ended by commands', async () => {
    const result = await scene({ provider, answers: [], behaviour: { assistant: brief } });
    expect(result).toMatchObject({
      ok: true,
      commands: [
        { kind: 'answer', status: 200, repeated: false, to: null },
        { kind: 'hang-up', status: 200 },
      ],
    });
    expect(result.timeline.map(({ what }) => what)).toContain('command answer: answered 200');
  });

  it.concurrent('is answered once, however many webhooks have asked for it', async () => {
    const result = await scene({ provider, copies: 3 });
    expect(result).toMatchObject({ ok: true, why: null, violations: [] });
    expect(result.commands.map(({ kind, repeated }) => [kind, repeated])).toEqual([
      ['answer', false],
      ['answer', true],
      ['answer', true],
    ]);
  });

  it.concurrent('is answered over an API that fails at first', async () => {
    const result = await scene({ provider, apiFault: { status: 503, times: 2 } });
    expect(result).toMatchObject({ ok: true, why: null });
    expect(result.commands.map(({ status }) => status)).toEqual([503, 503, 200]);
  });

  it.concurrent('has audio in another order', async () => {
    await scene({ provider, reorder: 2, limitMs: 1500 }, (fake) => {
      const chunks = fake.seen.messages.flatMap(
        ({ media }) => (media as { chunk?: string } | undefined)?.chunk ?? [],
      );
      expect(chunks.slice(0, 4)).toEqual(['2', '1', '4', '3']);
    });
  });

  it.concurrent('is over for the stream too when it is ended while the stream is open', async () => {
    const api = new ProviderApi();
    const apiUrl = `http://127.0.0.1:${await api.listen(0)}`;
    const result = await withFake({ apiUrl }, async (fake, { stack }) => {
      const callId = 'v3:a-call-to-be-ended';
      const calling = placeCall({ stack, provider, api, callId, holdMs: 20_000, say });
      while (!eventsOf(fake).includes('media')) await sleep(20);
      await commandTelnyx(apiUrl, callId, 'hangup', {});
      return calling;
    });
    await api.close();
    expect(result).toMatchObject({ close: { code: 1000 }, next: { decision: 'hang-up', answeredInMs: 0 } });
  });

  it.concurrent.each([{}, { bare: true }])('without a stream says so, and is hung up: %j', async (more) => {
    const result = await scene({ provider, noStream: true, ...more }, (fake) => {
      const told = pathsOf(fake).map((path) => path.replace('events ', ''));
      expect(told.toSorted()).toEqual([
        ...['call.answered', 'call.hangup', 'call.initiated', 'streaming.failed'],
      ]);
      expect(fake.seen.upgrades).toEqual([]);
    });
    expect(result).toMatchObject({
      ...{ ok: true, why: null, outcome: 'no-stream', close: null, violations: [] },
      next: { status: 200, decision: 'hang-up', number: null },
    });
    expect(result.commands.map(({ kind }) => kind)).toEqual(['answer', 'hang-up']);
  });

  it.concurrent('whose stream is refused says so too, and is let go of', async () => {
    const result = await scene({ provider, behaviour: { refusals: 1 } }, (fake) => {
      expect(pathsOf(fake)).toEqual(expect.arrayContaining(['events streaming.failed']));
      expect(pathsOf(fake)).not.toContain('events streaming.stopped');
    });
    expect(result).toMatchObject({ ok: false, outcome: 'refused', next: { decision: 'hang-up' } });
    expect(result.why).toContain('503');
  });

  it.concurrent('listens where the stack says, in as many calls as there are', async () => {
    const taken = new ProviderApi();
    const port = await taken.listen(0);
    const apiUrl = `http://127.0.0.1:${port}`;
    await withFake({ apiUrl }, async (_fake, { stack }) => {
      const call = { stack: { ...stack, apiUrl }, provider, say } as const;
      await expect(placeCall(call)).rejects.toThrow(`Port ${port}`);
      // whoever can do without goes on
      expect(await placeCall({ ...call, provider: 'plivo' })).toMatchObject({ ok: true });
      await taken.close();
      const many = await placeManyCalls({ call, count: 3, concurrency: 2 });
      expect(many).toMatchObject({ ok: true, asExpected: 3 });
      await expect(placeCall({ ...call, stack })).rejects.toThrow('--api-port');
    });
  });
});

describe('an answer webhook by GET', () => {
  it.concurrent.each(['twilio', 'plivo', 'vonage'] as const)('of %s is signed as one', async (provider) => {
    const result = await scene({ provider, method: 'get', afterBot: true }, (fake) => {
      const [first, ...others] = fake.seen.webhooks.map(({ method }) => method);
      expect(first).toBe('GET');
      expect(new Set(others)).toEqual(new Set(['POST']));
    });
    expect(result).toMatchObject({ ok: true, why: null, customer: { fullName: 'Asha Rao' } });
  });

  it.concurrent('of TeXML is not taken for signed: over what, nobody knows', async () => {
    const result = await scene({ provider: 'telnyx', texml: true, method: 'get' });
    expect(result).toMatchObject({ ok: false, outcome: 'refused', webhook: { status: 401 } });
  });
});

describe('a stream that comes before its webhook', () => {
  it.concurrent('needs to know what its token is made with', async () => {
    await withFake({}, async (_fake, { stack }) => {
      const call = {
        stack: { ...stack, streamTokenSecret: undefined },
        provider: 'twilio',
        noWebhook: true,
      } as const;
      await expect(placeCall(call)).rejects.toThrow('streamTokenSecret');
    });
  });
});
