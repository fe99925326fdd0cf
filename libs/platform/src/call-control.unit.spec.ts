import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallCommand, CallKey } from '@greenroom/contracts';
import { newKey } from '@greenroom/rendezvous/contract';
import { Accounts, AccountSchema } from './accounts';
import { BackgroundCommands } from './background-commands';
import { CallControl, commandIdOf, createCallControlMetrics, type CommandAdapter } from './call-control';
import type { Logger } from './logging';
import { Registry } from './metrics';

const API_KEY = 'KEY-of-the-account';

/** A provider of our own: 2xx is done, 410 gone, 4xx refused, the rest may pass. */
const adapter: CommandAdapter = {
  baseUrl: 'http://127.0.0.1:1',
  commands: ['answer', 'hang-up'],
  request: (command, { apiKey, apiSecret }, { idempotencyKey, now }) => {
    if (apiSecret === 'not-a-private-key') throw new Error(`cannot sign with ${apiSecret}`);
    return {
      method: 'POST',
      path: `/calls/${command.callId}/${command.kind}`,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ idempotencyKey, now }),
    };
  },
  outcome: (status) => {
    if (status === null || status >= 500 || status === 429) return 'retry';
    if (status === 410) return 'gone';
    return status < 300 ? 'done' : 'refused';
  },
};

interface Asked {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: { idempotencyKey: string; now: number };
}

let server: Server;
let asked: Asked[];
let answer: (response: ServerResponse, request: IncomingMessage) => void;
let lines: string[];

beforeAll((done) => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      const parsed = JSON.parse(body) as Asked['body'];
      asked.push({ method, url, authorization: headers.authorization, body: parsed });
      answer(response, request);
    });
  }).listen(0, '127.0.0.1', done);
});
beforeEach(() => {
  asked = [];
  lines = [];
  answer = (response) => response.writeHead(200).end('{}');
});
afterAll((done) => {
  server.closeAllConnections();
  server.close(done);
});

/** of a try, and of all: nothing here takes as long on any machine */
const LONG_MS = 20_000;

const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end('no');

function setUp(more: { timeoutMs?: number; budgetMs?: number; api?: object | null } = {}) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/`;
  const api = more.api === null ? undefined : { key: API_KEY, url, ...more.api };
  const accounts = new Accounts([AccountSchema.parse({ name: 'default', provider: 'telnyx', api })]);
  const registry = new Registry();
  const write = (...args: unknown[]) => void lines.push(JSON.stringify(args));
  const control = new CallControl({
    ...{ accounts, adapters: { telnyx: adapter } },
    ...{ timeoutMs: more.timeoutMs ?? LONG_MS, budgetMs: more.budgetMs ?? LONG_MS },
    metrics: createCallControlMetrics(registry),
    logger: { info: write, error: write, warn: write } as unknown as Logger,
  });
  const counted = async () => {
    const metric = await registry.getSingleMetric('greenroom_call_commands_total')?.get();
    return metric?.values.map(({ labels, value }) => ({ ...labels, value }));
  };
  return { control, counted, accounts };
}

const key: CallKey = newKey({ provider: 'telnyx' });
const hangUp: CallCommand = { kind: 'hang-up', callId: key.callId };

/** With a short time for each try, of which a busy machine may let more than one go by. */
async function expectTriedAgain(): Promise<void> {
  const { result, tries } = await setUp({ timeoutMs: 100 }).control.run(key, hangUp);
  expect(result).toBe('done');
  expect(tries).toBeGreaterThan(1);
}

describe('a command', () => {
  it('is sent to the account’s own URL, with its key, once', async () => {
    const { control, counted } = setUp();
    const startedAt = Date.now();
    expect(await control.run(key, hangUp)).toEqual({ result: 'done', tries: 1 });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      ...{ method: 'POST', url: `/v2/calls/${key.callId}/hang-up`, authorization: `Bearer ${API_KEY}` },
      body: { idempotencyKey: commandIdOf(key, 'hang-up') },
    });
    expect(asked[0]!.body.now).toBeGreaterThanOrEqual(startedAt);
    expect(asked[0]!.body.now).toBeLessThanOrEqual(Date.now());
    expect(await counted()).toEqual([{ provider: 'telnyx', command: 'hang-up', result: 'done', value: 1 }]);
  });

  it('is tried again after a failure that may pass, under the same idempotency key', async () => {
    answer = (response) => response.writeHead(asked.length < 3 ? 503 : 200).end();
    expect(await setUp().control.run(key, hangUp)).toEqual({ result: 'done', tries: 3 });
    expect(new Set(asked.map(({ body }) => body.idempotencyKey)).size).toBe(1);
  });

  it('is tried again when nothing is answered in time', async () => {
    answer = (response) => asked.length > 1 && response.writeHead(200).end();
    await expectTriedAgain();
  });

  it('is tried again when an answer begins and does not end', async () => {
    answer = (response) =>
      asked.length > 1 ? response.writeHead(200).end() : response.writeHead(200).write('{');
    await expectTriedAgain();
  });

  it('has nothing left to do when the call is gone', async () => {
    answer = status(410);
    expect(await setUp().control.run(key, hangUp)).toEqual({ result: 'gone', tries: 1 });
  });

  it.each([
    [403, 'status 403'],
    [302, 'status 302'],
  ])('is given up at once when it is refused with %i', async (code, reason) => {
    answer = (response) => response.writeHead(code, { location: 'http://127.0.0.1:1/' }).end('secret');
    const { control, counted } = setUp();
    expect(await control.run(key, hangUp)).toEqual({ result: 'refused', tries: 1, reason });
    expect(await counted()).toMatchObject([{ result: 'refused', value: 1 }]);
    expect(asked).toHaveLength(1);
  });

  it('is given up when its budget is spent, and not before', async () => {
    answer = status(503);
    const startedAt = performance.now();
    const result = await setUp({ budgetMs: 900 }).control.run(key, hangUp);
    const tookMs = performance.now() - startedAt;
    // on a busy machine the budget may end the last try
    const reason = expect.stringMatching(/^(status 503|no answer in time)$/) as string;
    expect(result).toMatchObject({ result: 'gave-up', reason });
    // pauses of 200 and 400 ms lie between three tries, and 800 more do not fit in
    expect(result.tries).toBeLessThanOrEqual(3);
    expect(tookMs + 200 * 2 ** (result.tries - 1)).toBeGreaterThan(899);
  });

  it('is given up within its budget also when nobody ever answers', async () => {
    answer = () => undefined;
    const startedAt = performance.now();
    const result = await setUp({ budgetMs: 500 }).control.run(key, hangUp);
    expect(result).toEqual({ result: 'gave-up', tries: 1, reason: 'no answer in time' });
    // by its budget, and not by the time that a try may take
    expect(performance.now() - startedAt).toBeLessThan(LONG_MS / 2);
  });

  it('takes an answer that is too long for one without a body', async () => {
    answer = (response) => response.writeHead(200).end('x'.repeat(200_000));
    expect(await setUp().control.run(key, hangUp)).toEqual({ result: 'done', tries: 1 });
  });

  it.each([
    [{}, { kind: 'transfer', callId: key.callId, to: '+1' } as const, 'the provider has no such command'],
    [{ api: { secret: 'not-a-private-key' } }, hangUp, 'the request cannot be made with the account’s api'],
  ])('is refused, and nothing is sent, with %j', async (more, command, reason) => {
    expect(await setUp(more).control.run(key, command)).toMatchObject({ result: 'refused', reason });
    expect(asked).toEqual([]);
  });

  it('is not sent for an account without api: one line says so, and no failure is counted', async () => {
    const { control, counted } = setUp({ api: null });
    const result = { result: 'refused', tries: 0, reason: 'the account has no api' };
    expect(await control.run(key, hangUp)).toEqual(result);
    expect([asked, await counted()]).toEqual([[], []]);
    expect(lines).toEqual([expect.stringMatching(/"command":"hang-up".*no api to tell the provider over/)]);
  });

  it('leaves neither keys nor bodies nor URLs in the log', async () => {
    const api = { secret: 'not-a-private-key' };
    await setUp({ api }).control.run(key, hangUp);
    answer = status(403);
    const streamUrl = 'wss://voice.example.com/ws/telnyx/default/TOKEN';
    await setUp().control.run(key, { kind: 'answer', callId: key.callId, streamUrl, parameters: {} });
    expect(lines).toHaveLength(2);
    for (const secret of [API_KEY, api.secret, 'TOKEN', '127.0.0.1', '"no"', '/calls']) {
      expect(lines.join()).not.toContain(secret);
    }
    expect(lines[1]).toContain(key.callId);
  });
});

it('the id of a command is a UUID of the call and the kind alone', () => {
  const id = commandIdOf(key, 'hang-up');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(commandIdOf({ ...key }, 'hang-up')).toBe(id);
  const others = [commandIdOf(key, 'answer'), commandIdOf({ ...key, account: 'b' }, 'hang-up')];
  expect(new Set([id, ...others]).size).toBe(3);
});

describe('commands in the background', () => {
  it('are run once a call and kind, and waited for at the end', async () => {
    const { control, counted } = setUp();
    const commands = new BackgroundCommands(control);
    answer = (response) => setTimeout(() => response.writeHead(200).end(), 100);
    for (let copy = 0; copy < 3; copy += 1) commands.start(key, hangUp);
    commands.start(newKey({ provider: 'telnyx' }), hangUp);
    expect(commands.size).toBe(2);
    await commands.drain();
    commands.start(key, hangUp);
    expect([commands.size, asked.length]).toEqual([0, 2]);
    expect(await counted()).toMatchObject([{ result: 'done', value: 2 }]);
  });

  it('are remembered up to a number', async () => {
    const ran: string[] = [];
    const control = { run: (_: CallKey, { callId }: CallCommand) => Promise.resolve(void ran.push(callId)) };
    const commands = new BackgroundCommands(control as unknown as CallControl, 2);
    const keys = ['call-no-1', 'call-no-2', 'call-no-3'].map((callId) => newKey({ callId }));
    for (const one of [...keys, keys[2]!, keys[0]!]) {
      commands.start(one, { kind: 'hang-up', callId: one.callId });
    }
    await commands.drain();
    expect(ran).toEqual(['call-no-1', 'call-no-2', 'call-no-3', 'call-no-1']);
  });
});
