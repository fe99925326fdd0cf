import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallKey } from '@greenroom/contracts';
import { createPool, PgSessionStore } from '@greenroom/entities';
import { createLogger } from '@greenroom/platform';
import { announcementOf } from '@greenroom/rendezvous/contract';
import {
  createTestDatabase,
  failOnLeaks,
  patientPool,
  testServers,
  type TestDatabase,
} from '@greenroom/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accountsWith, BASE, keyOf, telnyx } from '../e2e/provider-webhooks';
import { AppModule } from './app.module';
import { readIngestConfig, readWorkerConfig } from './config';
import { httpAdapter } from './http-adapter';
import { WorkerModule } from './worker.module';

/** Ingest and worker as they start, in this process, with a REST API of Telnyx's. */

const API_KEY = 'a key of the API';
const logger = createLogger('spec', 'silent');

let database: TestDatabase;
let folder: string;
let api: Server;
let asked: string[];
let environment: NodeJS.ProcessEnv;
const running: INestApplicationContext[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
  api = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200).end('{"data":{"result":"ok"}}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  writeAccounts(`http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  environment = {
    ...{ DATABASE_URL: database.url, REDIS_URL: testServers().redisUrl },
    ...{ ENVIRONMENT: `spec-${randomUUID().slice(0, 8)}`, ACCOUNTS_FILE: join(folder, 'accounts.yaml') },
    ...{ PUBLIC_BASE_URL: BASE, API_KEYS: API_KEY, REAP_INTERVAL_MS: '100', REAP_GRACE_MS: '1' },
    STREAM_TOKEN_SECRETS: 'a secret of at least thirty-two characters',
  };
});
beforeEach(() => (asked = []));
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});
afterAll(async () => {
  await new Promise((resolve) => api.close(resolve));
  api.closeAllConnections();
  rmSync(folder, { recursive: true });
  await database.drop();
});
failOnLeaks();

// YAML is a superset of JSON
const writeAccounts = (apiUrl: string): void =>
  writeFileSync(join(folder, 'accounts.yaml'), JSON.stringify(accountsWith({ apiUrl }).list));

async function openIngest(): Promise<NestFastifyApplication> {
  const config = readIngestConfig(environment);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, logger),
    httpAdapter(config),
    { bodyParser: false, logger: false, abortOnError: false },
  );
  running.push(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

async function openWorker(): Promise<void> {
  const module = WorkerModule.with(readWorkerConfig(environment), logger);
  running.push(await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false }));
}

function post(app: NestFastifyApplication, key: CallKey, type: string, payload: object = {}) {
  const { url, body, headers } = telnyx(key, type, payload).request;
  return app
    .getHttpAdapter()
    .getInstance()
    .inject({
      method: 'POST',
      url: url.slice(BASE.length),
      headers: headers as Record<string, string>,
      payload: body,
    });
}

async function until(met: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!met()) {
    if (performance.now() - startedAt > 10_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the processes', () => {
  it('have a call answered by the worker, and show how it ended', async () => {
    const app = await openIngest();
    await openWorker();
    const key = keyOf({ provider: 'telnyx' });
    expect((await post(app, key, 'call.initiated')).statusCode).toBe(200);
    await until(() => asked.length > 0);
    // once in most cases: where the queue is slow the ingest runs the command too, under the same idempotency key
    expect(new Set(asked)).toEqual(new Set([`/v2/calls/${key.callId}/actions/answer`]));
    const ended = { hangup_cause: 'normal_clearing', end_time: '2026-01-07T10:22:09.000000Z' };
    await post(app, key, 'call.hangup', ended);
    const { payload } = await app
      .getHttpAdapter()
      .getInstance()
      .inject({
        url: `/v1/sessions/telnyx/default/${key.callId}`,
        headers: { authorization: `Bearer ${API_KEY}` },
      });
    expect(JSON.parse(payload)).toMatchObject({
      session: { state: 'ended' },
      call: { endReason: 'completed', callEndedAt: '2026-01-07T10:22:09.000Z', callMs: 63_000 },
    });
  });

  it('refuse what Postgres could never keep, and spool none of it', async () => {
    const app = await openIngest();
    const announce = (given: object) =>
      app
        .getHttpAdapter()
        .getInstance()
        .inject({
          method: 'POST',
          url: '/v1/sessions',
          headers: { authorization: `Bearer ${API_KEY}` },
          payload: JSON.stringify({ ...keyOf({ provider: 'telnyx' }), ...given }),
        });
    const answers = [
      await announce({ from: '+1415\0' }),
      await announce({ attributes: { a: '\ud800' } }),
      await announce({ from: '+14155550100', attributes: { a: '😀' } }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 201]);
    expect(JSON.parse(answers[0]?.payload ?? '')).toEqual({
      error: { status: 400, message: 'from: holds NUL or half a surrogate pair' },
    });
  });

  it('hang up a call whose gateway has died, where it outlives its stream', async () => {
    const pool = patientPool(createPool({ url: database.url, applicationName: 'spec' }));
    const store = new PgSessionStore(pool);
    const [lost, other] = [keyOf({ provider: 'telnyx' }), keyOf({ provider: 'twilio' })];
    // without api there is nobody to tell; its document ends it
    const texml = keyOf({ provider: 'telnyx', account: 'texml' });
    for (const key of [texml, lost, other]) {
      await store.announce(announcementOf(key), { pending: false });
      await store.claim({ key, owner: 'a', leaseMs: -60_000, found: 'event', waitedMs: 1 });
    }
    await openWorker();
    await until(() => asked.length > 0);
    expect(new Set(asked)).toEqual(new Set([`/v2/calls/${lost.callId}/actions/hangup`]));
    expect((await store.find(texml))?.state).toBe('ended');
    expect((await store.find(other))?.state).toBe('ended');
    await pool.end();
  });
});
