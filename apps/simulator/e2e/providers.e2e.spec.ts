import { failOnLeaks } from '@greenroom/testing';
import { freePort } from '@greenroom/tools';
import type { CallOptions, CallResult } from '../src/call-options';
import { placeCall } from '../src/place-call';
import { useStack } from './running-stack';

let apiUrl = '';
beforeAll(async () => (apiUrl = `http://127.0.0.1:${await freePort()}`));
const stack = useStack(() => ({ ingests: 2, gateways: 2, apiUrl, waitTimeoutMs: 4000 }));
failOnLeaks();

const call = (options: Omit<CallOptions, 'stack'>) => placeCall({ stack: stack().description, ...options });

const LINES = [
  ['exotel', {}],
  ['twilio', {}],
  ['plivo', {}],
  ['telnyx', {}],
  ['telnyx', { texml: true }],
  ['vonage', {}],
] as const;

type Line = (typeof LINES)[number];

const answered = new Map<Line, Promise<CallResult[]>>();
const conversations = new Map<Line, Promise<CallResult>>();

/** All of them at once: most of a call is waiting. */
beforeAll(() => {
  for (const line of LINES) {
    const [provider, more] = line;
    const ordinary = [{}, { webhookDelayMs: 1500 }, { copies: 3 }, { noWebhook: true }];
    answered.set(line, Promise.all(ordinary.map((one) => call({ provider, ...more, ...one }))));
    const answers = [
      { kind: 'press', keys: '5' },
      { kind: 'press', keys: '1' },
    ] as const;
    conversations.set(line, call({ provider, ...more, account: 'welcome', afterBot: true, answers }));
  }
});

describe.each(LINES.map((line) => [...line, line] as const))('a call of %s %j', (_provider, _more, line) => {
  it('is answered whether its webhook comes before the stream, after it, or in copies, and is let go of without one', async () => {
    const calls = (await answered.get(line)) ?? [];
    expect(calls.map(({ ok, why }) => [ok, why])).toEqual(Array.from({ length: 4 }, () => [true, null]));
    expect(calls.map(({ outcome }) => outcome)).toEqual([
      ...['answered', 'answered', 'answered'],
      'no-customer-data',
    ]);
    expect(calls.slice(0, 3).every(({ audio }) => audio.heardBack)).toBe(true);
    expect(calls.every(({ crossed }) => !crossed)).toBe(true);
  }, 60_000);

  it('that is a conversation takes turns, and ends with the person to whom the assistant hands it', async () => {
    const conversation = await conversations.get(line);
    expect(conversation?.why).toBeNull();
    const who = conversation?.turns.map((turn) => turn.who);
    expect(who).toEqual(['assistant', 'caller', 'assistant', 'caller', 'assistant']);
    expect(conversation?.next?.decision).toBe('transfer');
  }, 60_000);
});

/** Where the queue is slow an ingest runs a command as well as the worker, under the same idempotency key. */
const taken = ({ commands }: CallResult): string[] =>
  commands.filter(({ repeated }) => !repeated).map(({ kind }) => kind);

it('three copies of each of Telnyx’s events at once have it answered once', async () => {
  const result = await call({ provider: 'telnyx', copies: 3 });
  expect([result.ok, result.why]).toEqual([true, null]);
  expect(taken(result).filter((kind) => kind === 'answer')).toHaveLength(1);
  expect(taken(result).filter((kind) => kind === 'hang-up').length).toBeLessThanOrEqual(1);
}, 30_000);

it('a call of Telnyx’s whose stream cannot be connected is hung up once, however often that is told', async () => {
  const result = await call({ provider: 'telnyx', noStream: true, copies: 3 });
  expect([result.ok, result.why]).toEqual([true, null]);
  expect(taken(result)).toEqual(['answer', 'hang-up']);
}, 30_000);

it('an answer webhook by GET is taken where its signature can be checked', async () => {
  const ways = [{ provider: 'twilio' }, { provider: 'plivo' }, { provider: 'vonage' }] as const;
  const calls = await Promise.all(ways.map((way) => call({ ...way, method: 'get' })));
  expect(calls.map(({ ok, why }) => [ok, why])).toEqual(ways.map(() => [true, null]));
  const texml = await call({ provider: 'telnyx', texml: true, method: 'get' });
  expect(texml).toMatchObject({ outcome: 'refused', webhook: { status: 403 } });
}, 30_000);

it('media that Telnyx sends out of order is heard in order, to the last byte', async () => {
  const { ok, why, audio } = await call({ provider: 'telnyx', reorder: 3 });
  expect([ok, why, audio.heardBack]).toEqual([true, null, true]);
}, 30_000);
