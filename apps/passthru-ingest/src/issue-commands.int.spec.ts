import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallKey } from '@greenroom/contracts';
import {
  BackgroundCommands,
  CallControl,
  createCallControlMetrics,
  createLogger,
  queueConnection,
  Registry,
  SessionJobs,
  workerConnection,
  workJobs,
  type JobHandlers,
} from '@greenroom/platform';
import { announcementOf } from '@greenroom/rendezvous/contract';
import { callControlAdapters, isTokenOf, openStreamToken } from '@greenroom/telephony';
import {
  createTestDatabase,
  failOnLeaks,
  patientRedis,
  TcpProxy,
  testServers,
  type TestDatabase,
} from '@greenroom/testing';
import { openIngest } from '../e2e/ingest-process';
import { accountsWith, keyOf, telnyx, texml } from '../e2e/provider-webhooks';
import { storeSpooled } from './spool';

interface Asked {
  url: string;
  body: Record<string, string>;
}

let database: TestDatabase;
let api: Server;
let asked: Asked[];
let answer: (response: ServerResponse) => void;
const closing: (() => unknown)[] = [];
const none = () => undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  api = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body: JSON.parse(body) as Asked['body'] });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
  answer = (response) => void response.writeHead(200).end('{"data":{"result":"ok"}}');
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
  await database.drop();
});
failOnLeaks();

const apiUrl = () => `http://127.0.0.1:${(api.address() as AddressInfo).port}`;

/** An ingest and a worker, with a queue between them; the database lies behind a proxy. */
async function open({ queueAway = false, worker = true, bounded = false } = {}) {
  const { hostname, port } = new URL(database.url);
  const proxy = await TcpProxy.open({ host: hostname, port: Number(port) });
  const behind = new URL(database.url);
  [behind.hostname, behind.port] = ['127.0.0.1', String(proxy.port)];
  const environment = `spec-${randomUUID().slice(0, 8)}`;
  const queueRedis = patientRedis(queueConnection(testServers().redisUrl, none));
  const jobs = new SessionJobs(queueRedis, environment, none);
  if (!queueAway) {
    await queueRedis.connect();
    jobs.open();
  }
  const control = new CallControl({
    ...{ accounts: accountsWith({ apiUrl: apiUrl() }), adapters: callControlAdapters },
    // longer than any test here: a try that is given up is a command more
    ...{ timeoutMs: 30_000, budgetMs: 60_000, metrics: createCallControlMetrics(new Registry()) },
    logger: createLogger('spec', 'silent'),
  });
  const background = new BackgroundCommands(control);
  const ports = { accounts: accountsWith(), commandQueue: jobs, background, spool: jobs };
  const ingest = await openIngest({ databaseUrl: behind.href, bounded, ports });
  closing.push(
    () => proxy.close(),
    () => queueRedis.disconnect(),
    () => ingest.close(),
    () => jobs.close().catch(none),
  );
  if (worker) await work(environment, control, ingest.ports.store);
  return { ...ingest, proxy, background };
}

async function work(
  environment: string,
  control: CallControl,
  store: Parameters<typeof storeSpooled>[0],
): Promise<void> {
  const connection = workerConnection(testServers().redisUrl, none);
  const spooled = storeSpooled(store);
  const handlers: JobHandlers = {
    'enrich-session': () => Promise.resolve(),
    'store-announcement': spooled.announcement,
    'store-call-event': spooled.callEvent,
    'run-call-command': async ({ key, command }) => void (await control.run(key, command)),
  };
  const worker = workJobs(connection, environment, handlers, none);
  worker.run().catch(none);
  await worker.waitUntilReady();
  closing.push(async () => {
    await worker.close();
    connection.disconnect();
  });
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await met())) {
    if (performance.now() - startedAt > 20_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The API answers when it is told to: whoever waits for it before, waits for ever. */
function holdAnswers(): () => void {
  const held: ServerResponse[] = [];
  answer = (response) => held.push(response);
  return () => {
    answer = (response) => void response.writeHead(200).end('{}');
    held.splice(0).forEach(answer);
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const OK = { status: 200, contentType: 'application/json', body: '{}' };

function expectAnswered(key: CallKey): void {
  expect(asked.map(({ url }) => url)).toEqual([`/v2/calls/${key.callId}/actions/answer`]);
  const streamUrl = asked[0]!.body['stream_url'] ?? '';
  const [, token = ''] = /^wss:\/\/voice\.example\.com\/ws\/telnyx\/default\/([\w-]+)$/.exec(streamUrl) ?? [];
  const opened = openStreamToken(['a secret of at least thirty-two characters'], token, key, Date.now());
  expect(opened && isTokenOf(opened, key)).toBe(true);
}

describe('a call that has to be answered over REST', () => {
  it('is answered once for three copies of its webhook, which do not wait for it', async () => {
    const { receive, ports } = await open();
    const release = holdAnswers();
    const key = keyOf({ provider: 'telnyx' });
    const copies = [1, 2, 3].map(() => receive(telnyx(key, 'call.initiated')));
    expect(await Promise.all(copies)).toEqual([OK, OK, OK]);
    expect(await ports.store.find(key)).toMatchObject({
      state: 'ready',
      customer: { phone: '+14155550100' },
    });
    await until(() => asked.length > 0);
    expect(await receive(telnyx(key, 'call.initiated'))).toEqual(OK);
    release();
    await pause(300);
    expect(await receive(telnyx(key, 'call.initiated'))).toEqual(OK);
    await pause(300);
    expectAnswered(key);
  });

  it('is answered by the process that was told, once, while the queue is away', async () => {
    const { receive, background } = await open({ queueAway: true, worker: false });
    const release = holdAnswers();
    const key = keyOf({ provider: 'telnyx' });
    await Promise.all([1, 2, 3].map(() => receive(telnyx(key, 'call.initiated'))));
    await until(() => asked.length > 0);
    release();
    await background.drain();
    expectAnswered(key);
  });

  it('is answered within 2 s, its webhook too, while the database is frozen, and written when it is not', async () => {
    const { receive, proxy, ports } = await open({ bounded: true });
    // connections that stand, as they do in a process that has been running
    await until(() =>
      ports.store.find(keyOf()).then(
        () => true,
        () => false,
      ),
    );
    proxy.hold();
    const key = keyOf({ provider: 'telnyx' });
    const startedAt = performance.now();
    const answered = receive(telnyx(key, 'call.initiated'));
    const commanded = until(() => asked.length > 0).then(() => performance.now() - startedAt);
    expect(await answered).toEqual(OK);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(await commanded).toBeLessThan(2000);
    expect(await ports.cache.find(key)).toMatchObject({ state: 'ready' });
    const repeated = performance.now();
    expect(await receive(telnyx(key, 'call.initiated'))).toEqual(OK);
    expect(performance.now() - repeated).toBeLessThan(2000);
    expectAnswered(key);
    proxy.passes();
    await until(async () => (await ports.store.find(key).catch(() => null)) !== null);
  });

  it('is not answered when nothing of it could be kept: the provider comes again', async () => {
    const { receive, proxy } = await open({ queueAway: true, worker: false, bounded: true });
    proxy.hold();
    const webhook = telnyx(keyOf({ provider: 'telnyx' }), 'call.initiated');
    await expect(receive(webhook)).rejects.toMatchObject({ status: 503 });
    await pause(200);
    expect(asked).toEqual([]);
  });
});

describe('a call whose stream has failed', () => {
  const failed = (key: CallKey) => telnyx(key, 'streaming.failed', { failure_reason: 'connection_failed' });
  const commandsTo = (key: CallKey): string[] =>
    asked.map(({ url }) => url.replace(`/v2/calls/${key.callId}/actions/`, ''));

  it('is hung up once for three copies of the webhook that tells so', async () => {
    const { receive } = await open();
    const key = keyOf({ provider: 'telnyx' });
    await receive(telnyx(key, 'call.initiated'));
    expect(await Promise.all([1, 2, 3].map(() => receive(failed(key))))).toEqual([OK, OK, OK]);
    await until(() => asked.length > 1);
    expect(await receive(failed(key))).toEqual(OK);
    await pause(300);
    expect(commandsTo(key).sort()).toEqual(['answer', 'hangup']);
  });

  it('is hung up by the process that was told, once, while the queue is away', async () => {
    const { receive, background } = await open({ queueAway: true, worker: false });
    const key = keyOf({ provider: 'telnyx' });
    await Promise.all([1, 2, 3].map(() => receive(failed(key))));
    await background.drain();
    expect(commandsTo(key)).toEqual(['hangup']);
  });

  it.each([
    ['is hung up', 'nothing', ['hangup']],
    ['is left to the person whom it was handed to', 'transfer', []],
  ] as const)('and that was driven %s, when %s was decided', async (_, next, commands) => {
    const { receive, ports } = await open();
    const key = keyOf({ provider: 'telnyx' });
    await ports.store.announce(announcementOf(key), { pending: false });
    const request = { key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 1 } as const;
    const claimed = await ports.store.claim(request);
    if (claimed.kind !== 'claimed') throw new Error('must have claimed');
    const own = { key, owner: 'a', epoch: claimed.epoch };
    if (next === 'transfer') await ports.store.decideNext(own, next);
    const startedAt = performance.now();
    expect(await receive(failed(key))).toEqual(OK);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await until(() => asked.length >= commands.length);
    await pause(300);
    expect(commandsTo(key)).toEqual(commands);
  });
});

describe('an account of Telnyx’s without api', () => {
  it.each(['incoming', 'outgoing'])('refuses a call of Call Control (%s) and says why', async (direction) => {
    const { receive, ports } = await open();
    const key = keyOf({ provider: 'telnyx', account: 'texml' });
    await expect(receive(telnyx(key, 'call.initiated', { direction }))).rejects.toMatchObject({
      status: 404,
      message: expect.stringMatching(/^Account telnyx\/texml has no api, .* set its api/) as string,
    });
    expect(await ports.store.find(key)).toBeNull();
    await pause(100);
    expect(asked).toEqual([]);
  });

  it('takes calls of TeXML, whose documents say all', async () => {
    const { receive, ports } = await open();
    const key = keyOf({ provider: 'telnyx', account: 'texml' });
    const { status, body } = await receive(texml(key, 'texml', { CallStatus: 'initiated' }));
    expect(status).toBe(200);
    expect(body).toContain('<Connect action="https://voice.example.com/webhooks/telnyx/texml/after-stream/');
    expect(await ports.store.find(key)).toMatchObject({ state: 'ready', attributes: { api: 'texml' } });
    const after = await receive(texml(key, 'after-stream', { CallStatus: 'in-progress' }));
    expect(after.body).toContain('<Hangup/>');
    expect(asked).toEqual([]);
  });
});
