import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@greenroom/telephony';
import type { CallOptions, CallResult } from './call-options';
import type { AnswerStep } from './caller/answer-step';
import type { AssistantBehaviour } from './fake-assistant';
import type { FakeBehaviour, FakeGreenroom } from './fake-greenroom';
import { placeManyCalls } from './many-calls';
import { placeCall } from './place-call';
import { writeSpeech } from './speech';
import { withFake } from './with-fake';

const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 400 ms of a tone, audible from its first sample to its last */
const file = join(folder, 'said.wav');
writeSpeech(file, { samples: new Int16Array(3200).fill(9000), sampleRate: 8000 });
const says: AnswerStep = { kind: 'wav', file };

interface Scene extends Partial<CallOptions> {
  assistant: AssistantBehaviour;
  behaviour?: FakeBehaviour;
}

/** With a gap that is short, so that a call takes two seconds. */
const converse = (
  { assistant, behaviour, ...options }: Scene,
  look: (fake: FakeGreenroom, result: CallResult) => void = () => undefined,
): Promise<CallResult> =>
  withFake({ ...behaviour, assistant }, async (fake, base) => {
    const result = await placeCall({ ...base, answers: [], promptGapMs: 200, ...options });
    look(fake, result);
    return result;
  });

const near = (ms: number, most = 60) => ({
  asymmetricMatch: (other: unknown) => typeof other === 'number' && Math.abs(other - ms) <= most,
});
const lengths = ({ conversation }: CallResult): number[] =>
  conversation.prompts.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs);
const whats = ({ timeline }: CallResult): string[] => timeline.map(({ what }) => what);

describe.each(['exotel', 'twilio'] as const)('a conversation by %s', (provider) => {
  const frameMs = provider === 'exotel' ? 100 : 20;

  it.concurrent('answers each prompt when it is over, and is answered', async () => {
    const answers: AnswerStep[] = [says, { kind: 'press', keys: '42', afterMs: 400 }];
    const result = await converse({ provider, answers, assistant: { prompts: [400, 600, 200] } });
    expect(result).toMatchObject({
      ok: true,
      why: null,
      outcome: 'answered',
      close: { code: 1000, reason: 'Conversation finished' },
      audio: { saidMs: 400, heardBack: false },
      marks: { received: 3, returned: 3 },
      turns: [{ who: 'assistant', text: 'Hello' }],
      next: null,
      violations: [],
    });
    expect(lengths(result)).toEqual([400, 600, 200].map((ms) => near(ms, 0.01)));
    const [first, second] = result.conversation.prompts;
    const [said, pressed] = result.conversation.answers;
    // to the sample, however late the timers were
    expect(said?.atMs).toEqual(near(first!.endedAtMs + 300, 0.13));
    expect(said!.endedAtMs - said!.atMs).toEqual(near(400, 0.01));
    expect(pressed!.atMs - second!.endedAtMs).toBeGreaterThanOrEqual(400);
    expect(pressed!.atMs - second!.endedAtMs).toBeLessThanOrEqual(400 + frameMs);
    expect(result.conversation.bargeIns).toEqual([]);
    expect(result.conversation.marks).toHaveLength(3);
    for (const [at, mark] of result.conversation.marks.entries()) {
      expect(mark.playedAtMs).toEqual(near(result.conversation.prompts[at]!.endedAtMs, 0.01));
    }
    expect(whats(result)).toEqual(expect.arrayContaining(['prompt 2 begins', 'caller presses 4']));
  });

  it.concurrent('interrupts, and knows how long the assistant went on', async () => {
    const result = await converse({
      provider,
      answers: [{ kind: 'interrupt-press', atMs: 450, keys: '1' }, says],
      assistant: { prompts: [2000, 400, 200], bargeIn: true },
    });
    expect(result).toMatchObject({ ok: true, why: null });
    const { prompts, bargeIns, clears, answers } = result.conversation;
    expect(prompts.map(({ cleared }) => cleared)).toEqual([true, false, false]);
    expect(bargeIns).toHaveLength(1);
    expect(bargeIns[0]).toMatchObject({ kind: 'interrupt-press', spokeAtMs: answers[0]!.atMs });
    expect(bargeIns[0]!.audioStoppedAtMs).toBe(prompts[0]!.endedAtMs);
    expect(clears).toHaveLength(1);
    // Exotel plays the message to its end that has begun
    const uncut = provider === 'exotel' ? Math.ceil((clears[0]! - prompts[0]!.startedAtMs) / 200) * 200 : 0;
    const end = provider === 'exotel' ? prompts[0]!.startedAtMs + uncut : clears[0]!;
    expect(prompts[0]!.endedAtMs).toEqual(near(end, 0.3));
    const [mark] = result.conversation.marks;
    expect(mark?.playedAtMs).toBeNull();
    expect(mark?.returnedAtMs === null).toBe(provider === 'exotel');
  });
});

describe('a conversation', () => {
  it.concurrent('begins with what is said before anybody asks', async () => {
    const say = { samples: new Int16Array(1600).fill(9000), sampleRate: 8000 };
    const result = await converse({
      say,
      webhookDelayMs: 300,
      sayAfterMs: 100,
      assistant: { prompts: [200], noInputMs: 10_000 },
    });
    expect(result).toMatchObject({ ok: true, why: null, found: 'event' });
    const { startedAtMs, opening } = result.conversation;
    expect(opening?.atMs).toEqual(near(startedAtMs! + 100, 0.01));
    expect(opening?.endedAtMs).toEqual(near(startedAtMs! + 300, 0.01));
  });

  it.concurrent('goes on after a cough, which is no answer', async () => {
    const result = await converse({
      provider: 'twilio',
      answers: [{ kind: 'cough', forMs: 100 }, says],
      assistant: { prompts: [800, 200], bargeIn: true, voiceMs: 200 },
    });
    expect(result).toMatchObject({ ok: true, why: null, conversation: { clears: [], bargeIns: [] } });
    expect(result.conversation.answers.map(({ kind }) => kind)).toEqual(['cough', 'wav']);
  });

  it.concurrent('is asked again when it says nothing', async () => {
    const result = await converse({
      answers: [{ kind: 'silence' }, says],
      assistant: { prompts: [200, 200, 200], noInputMs: 500 },
    });
    expect(result).toMatchObject({ ok: true, why: null });
    expect(result.conversation.prompts).toHaveLength(3);
  });

  it.concurrent('hears a prompt that comes in the moment of a clear as another one', async () => {
    const result = await converse({
      answers: [{ kind: 'interrupt-press', atMs: 300, keys: '1' }, says],
      assistant: { prompts: [1600, 400, 200], bargeIn: true, hasty: true },
    });
    expect(result).toMatchObject({ ok: true, why: null });
    expect(result.conversation.prompts.map(({ cleared }) => cleared)).toEqual([true, false, false]);
  });

  it.concurrent('ends when the caller hangs up, if that is its last answer', async () => {
    const result = await converse({
      answers: [says, { kind: 'hang-up' }],
      assistant: { prompts: [200, 200], stays: true },
    });
    expect(result).toMatchObject({ ok: true, why: null, close: { code: 1000 } });
  });

  it.concurrent.each<[string, Scene, string]>([
    [
      'answers are left over',
      // the second is not due before the line is closed
      { answers: [says, { kind: 'press', keys: '1', afterMs: 20_000 }], assistant: { prompts: [200, 200] } },
      '1 of 2 answers were left over when the assistant hung up',
    ],
    [
      'nobody hangs up',
      { answers: [says], limitMs: 2500, assistant: { prompts: [200, 200], stays: true } },
      'the assistant did not hang up',
    ],
    ['nothing is said', { assistant: { prompts: [] } }, 'the assistant said nothing'],
    [
      'nobody talks to a caller without a webhook',
      { noWebhook: true, assistant: { prompts: [200] }, behaviour: { waitTimeoutMs: 200 } },
      'closed: 1000 No customer data found after waiting',
    ],
  ])('is not as expected when %s', async (_what, scene, why) => {
    expect(await converse(scene)).toMatchObject({ ok: false, why });
  });

  it.concurrent('goes on when marks are lost', async () => {
    const [all, first] = await Promise.all(
      (['all', 'first'] as const).map((loseMarks) =>
        converse({ loseMarks, answers: [says], assistant: { prompts: [400, 200] } }),
      ),
    );
    expect(all).toMatchObject({ ok: true, why: null, marks: { received: 2, returned: 0 } });
    expect(all?.conversation.marks.map(({ returnedAtMs }) => returnedAtMs)).toEqual([null, null]);
    expect(all?.conversation.marks[0]?.playedAtMs).toEqual(
      near(all!.conversation.prompts[0]!.endedAtMs, 0.01),
    );
    expect(first).toMatchObject({ ok: true, why: null, marks: { received: 2, returned: 1 } });
  });

  it.concurrent('is cut by its own echo where the assistant takes that for a voice', async () => {
    const [loud, quiet] = await Promise.all(
      [6, 40].map((belowDb) =>
        converse({ lineEcho: { belowDb, delayMs: 200 }, assistant: { prompts: [2000], bargeIn: true } }),
      ),
    );
    expect(loud?.conversation.prompts[0]?.cleared).toBe(true);
    expect(loud?.conversation.bargeIns).toEqual([]);
    expect(quiet?.conversation.prompts[0]?.cleared).toBe(false);
  });
});

describe('what is kept of a conversation', () => {
  it.concurrent.each(['exotel', 'twilio'] as const)('are both sides on one axis (%s)', async (provider) => {
    const recordBoth = join(folder, `${provider}-both.wav`);
    const record = join(folder, `${provider}-heard.wav`);
    const sheet = join(folder, `${provider}.html`);
    const result = await converse({
      ...{ provider, record, recordBoth, sheet },
      answers: [says],
      assistant: { prompts: [400, 200] },
    });
    const { samples, sampleRate, channels } = readWav(readFileSync(recordBoth));
    expect([sampleRate, channels]).toEqual([8000, 2]);
    const { startedAtMs, prompts, answers } = result.conversation;
    // times are told in whole microseconds, so that the sample a time falls on is known to one
    const sampleAt = (ms: number) => near((ms - startedAtMs!) * 8, 1);
    const firstLoud = (side: 0 | 1, from = 0): number =>
      samples.findIndex((sample, at) => at >= 2 * from && at % 2 === side && Math.abs(sample) > 1000) >> 1;
    expect(firstLoud(0)).toEqual(sampleAt(answers[0]!.atMs));
    expect(firstLoud(1)).toEqual(sampleAt(prompts[0]!.startedAtMs));
    const firstIsOver = firstLoud(1) + 400 * 8;
    expect(Math.abs(samples[2 * (firstIsOver - 1) + 1] ?? 0)).toBeGreaterThan(1000);
    expect(samples[2 * firstIsOver + 1]).toBe(0);
    expect(firstLoud(1, firstIsOver)).toEqual(sampleAt(prompts[1]!.startedAtMs));
    // without the pauses
    expect(readWav(readFileSync(record)).samples).toHaveLength(600 * 8);
    expect(readFileSync(sheet, 'utf8')).toContain(result.callId);
  });

  it.concurrent('is a sheet also of an echo, and of a call that was refused', async () => {
    const echo = join(folder, 'echo.html');
    const refused = join(folder, 'refused.html');
    const say = { samples: new Int16Array(800).fill(9000), sampleRate: 8000 };
    await withFake({}, (_fake, base) => placeCall({ ...base, say, sheet: echo }));
    await withFake({ refusals: 2 }, (_fake, base) => placeCall({ ...base, say, sheet: refused }));
    expect([existsSync(echo), existsSync(refused)]).toEqual([true, true]);
    expect(readFileSync(refused, 'utf8')).toContain('503');
  });
});

describe('what comes after the stream', () => {
  const assistant = { prompts: [200] };

  it.concurrent.each([
    ['exotel', 'transfer', { status: 302, decision: 'transfer', number: null }],
    ['exotel', 'hang-up', { status: 200, decision: 'continue', number: null }],
    ['twilio', 'transfer', { status: 200, decision: 'transfer', number: '+918000000003' }],
    ['twilio', 'hang-up', { status: 200, decision: 'hang-up', number: null }],
  ] as const)('of %s is asked and understood: %s', async (provider, next, expected) => {
    const result = await converse({ provider, afterBot: true, assistant, behaviour: { next } });
    expect(result).toMatchObject({ ok: true, why: null, next: expected });
    expect(result.next?.answeredInMs).toBeGreaterThan(0);
  });

  it.concurrent('is asked by Twilio with a signed form, also when nothing else is told', async () => {
    const look = (fake: FakeGreenroom): void => {
      const asked = fake.seen.webhooks.filter(({ path }) => path.endsWith('/next'));
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({
        method: 'POST',
        parameters: { CallStatus: 'in-progress', Direction: 'inbound', From: '+14155550100' },
      });
      expect(fake.seen.webhooks).toHaveLength(2);
    };
    const behaviour = { next: 'transfer' } as const;
    const webhookDelayMs = 100;
    const result = await converse({ provider: 'twilio', webhookDelayMs, assistant, behaviour }, look);
    expect(result.ok).toBe(true);
  });

  it.concurrent('is not asked where the flow has nobody who would', async () => {
    expect(await converse({ provider: 'exotel', assistant, behaviour: { next: 'transfer' } })).toMatchObject({
      next: null,
    });
    expect(await converse({ provider: 'twilio', afterBot: true, assistant })).toMatchObject({
      ok: true,
      next: null,
    });
  });

  it.concurrent('is a fault when it is not answered', async () => {
    const result = await converse({ afterBot: true, assistant, behaviour: { next: 'nothing' } });
    expect(result).toMatchObject({ ok: false, next: { status: 500, decision: null } });
    expect(result.why).toContain('passthru was answered with 500');
  });

  it.concurrent.each(['exotel', 'twilio'] as const)(
    'is asked by %s before Greenroom can know of the end, when it is told to',
    async (provider) => {
      const look = (fake: FakeGreenroom): void => {
        const asked = fake.seen.order.findLastIndex((what) => /passthru$|next$/.test(what));
        expect(asked).toBeGreaterThan(0);
        expect(fake.seen.order.indexOf('stop')).toBeGreaterThan(asked);
        expect(fake.seen.webhooks.find(({ path }) => path.endsWith('/next'))?.parameters['CallStatus']).toBe(
          provider === 'twilio' ? 'completed' : undefined,
        );
      };
      const result = await converse(
        {
          ...{ provider, afterBot: true, afterBotBeforeClose: true },
          answers: [{ kind: 'hang-up' }],
          assistant: { prompts: [200], stays: true },
          behaviour: { next: 'hang-up' },
        },
        look,
      );
      expect(result).toMatchObject({ ok: true, why: null, next: { status: 200 } });
    },
  );
});

describe('many conversations', () => {
  it.concurrent('share what is said, and are each counted', async () => {
    const behaviour = { assistant: { prompts: [200, 200] } };
    const result = await withFake(behaviour, (_fake, base) =>
      placeManyCalls({ call: { ...base, answers: [says], promptGapMs: 200 }, count: 6, spreadMs: 100 }),
    );
    expect(result).toMatchObject({ calls: 6, asExpected: 6, violating: 0, ok: true, failures: [] });
  });
});
