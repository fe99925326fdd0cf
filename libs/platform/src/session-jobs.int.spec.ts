import { randomUUID } from 'node:crypto';
import type { CallCommand, RunCallCommand, StoreCallEvent } from '@greenroom/contracts';
import { newKey } from '@greenroom/rendezvous/contract';
import { failOnLeaks, patientRedis, TcpProxy, testServers } from '@greenroom/testing';
import type { Redis } from 'ioredis';
import { commandConnection, queueConnection, workerConnection } from './redis-connections';
import { SessionJobs, workJobs, type JobHandlers } from './session-jobs';

const environment = `spec-${randomUUID().slice(0, 8)}`;
const none = () => undefined;

let redis: Redis;
let queueRedis: Redis;
let jobs: SessionJobs;

beforeAll(async () => {
  const { redisUrl } = testServers();
  redis = patientRedis(commandConnection(redisUrl, none));
  queueRedis = patientRedis(queueConnection(redisUrl, none));
  await Promise.all([redis.connect(), queueRedis.connect()]);
  jobs = new SessionJobs(queueRedis, environment, none);
  jobs.open();
});
afterAll(async () => {
  await jobs.close();
  redis.disconnect();
  queueRedis.disconnect();
});
failOnLeaks();

function answerOf(token: string): RunCallCommand {
  const key = newKey({ provider: 'telnyx' });
  const command: CallCommand = {
    ...{ kind: 'answer', callId: key.callId, parameters: {} },
    streamUrl: `wss://voice.example.com/ws/telnyx/default/${token}`,
  };
  return { key, command };
}

const eventOf = (): StoreCallEvent => ({
  key: newKey(),
  ended: null,
  event: { type: 'stream-ended', data: {}, once: 'stream-ended' },
});

/** Everything that stands in Redis under this deployment's queue. */
async function dump(): Promise<string> {
  const names = await redis.keys(`greenroom-${environment}:*`);
  const values = await Promise.all(
    names.map(async (name) => [name, (await redis.type(name)) === 'hash' ? await redis.hgetall(name) : null]),
  );
  return JSON.stringify(values);
}

async function working(handlers: Partial<JobHandlers>, concurrency = 50) {
  const connection = workerConnection(testServers().redisUrl, none);
  const unwanted = () => Promise.reject(new Error('not in this spec'));
  const all: JobHandlers = {
    'enrich-session': unwanted,
    'store-announcement': unwanted,
    'store-call-event': unwanted,
    'run-call-command': unwanted,
    ...handlers,
  };
  const worker = workJobs(connection, environment, all, none);
  worker.concurrency = concurrency;
  worker.run().catch(none);
  await worker.waitUntilReady();
  return async () => {
    await worker.close();
    connection.disconnect();
  };
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await met())) {
    if (performance.now() - startedAt > 20_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the job of a command', () => {
  it('is one for three copies of an event, also when they come after it was run', async () => {
    const ran: RunCallCommand[] = [];
    const stop = await working({ 'run-call-command': (data) => Promise.resolve(void ran.push(data)) });
    const first = answerOf('TOKEN-1');
    const { key } = first;
    // each copy of the event is answered with a token of its own
    const copies = ['TOKEN-2', 'TOKEN-3'].map((token) => ({ ...answerOf(token), key }));
    await jobs.runCallCommand(first);
    await Promise.all(copies.map((copy) => jobs.runCallCommand(copy)));
    await until(() => ran.length > 0);
    await until(async () => !(await dump()).includes('TOKEN'));
    for (const copy of copies) await jobs.runCallCommand(copy);
    await jobs.runCallCommand({ key, command: { kind: 'hang-up', callId: key.callId } });
    await until(() => ran.some(({ command: { kind } }) => kind === 'hang-up'));
    expect(ran.map(({ command: { kind } }) => kind)).toEqual(['answer', 'hang-up']);
    expect(ran[0]).toEqual(first);
    await stop();
  });

  it('leaves nothing of the URL’s secret in Redis, also when it has failed', async () => {
    await jobs.runCallCommand(answerOf('TOKEN-OF-THE-FIRST'));
    expect(await dump()).toContain('TOKEN-OF-THE-FIRST');
    let failed = 0;
    const stop = await working({
      'run-call-command': () => {
        failed += 1;
        return Promise.reject(new Error('broken'));
      },
    });
    await until(() => failed > 0);
    await until(async () => !(await dump()).includes('TOKEN'));
    await stop();
    expect(failed).toBe(1);
  });

  it('goes before what waits for a database that hangs', async () => {
    for (let event = 0; event < 5; event += 1) await jobs.storeCallEvent(eventOf());
    await jobs.runCallCommand(answerOf('TOKEN'));
    const ran: string[] = [];
    const note = (name: string) => () => Promise.resolve(void ran.push(name));
    const handlers = { 'store-call-event': note('event'), 'run-call-command': note('command') };
    const stop = await working(handlers, 1);
    await until(() => ran.length === 6);
    expect(ran[0]).toBe('command');
    await stop();
  });

  it('is taken again soon after the link to the queue’s Redis has died without a word', async () => {
    const { hostname, port } = new URL(testServers().redisUrl);
    const proxy = await TcpProxy.open({ host: hostname, port: Number(port) });
    const link = queueConnection(`redis://127.0.0.1:${proxy.port}`, none);
    const through = new SessionJobs(link, environment, none);
    try {
      await link.connect();
      through.open();
      await through.storeCallEvent(eventOf());
      proxy.blackhole();
      await expect(through.storeCallEvent(eventOf())).rejects.toThrow();
      proxy.passes();
      const taken = () =>
        through.storeCallEvent(eventOf()).then(
          () => true,
          () => false,
        );
      await until(taken);
    } finally {
      link.disconnect();
      await proxy.close();
    }
  }, 15_000);

  it('is refused at once while the queue’s Redis is away', async () => {
    const away = queueConnection(testServers().redisUrl, none);
    const nowhere = new SessionJobs(away, environment, none);
    await expect(nowhere.runCallCommand(answerOf('TOKEN'))).rejects.toThrow('not connected');
    away.disconnect();
  });
});
