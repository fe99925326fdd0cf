import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallKey } from '@greenroom/contracts';
import { CallRecords, createDataSource, createPool, PgSessionStore } from '@greenroom/entities';
import { createLogger } from '@greenroom/platform';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { mintStreamToken, STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { createTestDatabase, failOnLeaks, testServers, type TestDatabase } from '@greenroom/testing';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WebSocket } from 'ws';
import { AppModule, UPGRADE_OPTIONS } from './app.module';
import { readGatewayConfig } from './config';
import { MediaWsAdapter, type MediaWsOptions } from './media-ws.adapter';

/** The gateway as it starts, in this process, with a REST API of Telnyx's. */

const SECRET = 'a secret of at least thirty-two characters';
const logger = createLogger('spec', 'silent');
// a process that starts loads its voices, which takes a while on a busy machine
jest.setTimeout(30_000);

let database: TestDatabase;
let folder: string;
let api: Server;
let asked: string[];
let environment: NodeJS.ProcessEnv;
let store: PgSessionStore;
const closing: (() => unknown)[] = [];
const running: NestFastifyApplication[] = [];

const ACCOUNTS = (url: string) => [
  {
    ...{ name: 'default', provider: 'telnyx', agent: 'echo', api: { key: 'KEY', url } },
    credentials: { pathSecrets: ['in-the-path'] },
    session: { timeoutMs: 500 },
  },
  {
    ...{ name: 'default', provider: 'exotel', agent: 'echo' },
    credentials: { pathSecrets: ['in-the-path'] },
  },
];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
  api = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200).end('{"data":{"result":"ok"}}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  // YAML is a superset of JSON
  writeFileSync(join(folder, 'accounts.yaml'), JSON.stringify(ACCOUNTS(url)));
  environment = {
    ...{ DATABASE_URL: database.url, REDIS_URL: testServers().redisUrl },
    ...{ ENVIRONMENT: `spec-${randomUUID().slice(0, 8)}`, ACCOUNTS_FILE: join(folder, 'accounts.yaml') },
    ...{ PUBLIC_BASE_URL: 'http://voice.example.com', STREAM_TOKEN_SECRETS: SECRET, DRAIN_SECONDS: '0' },
    MAX_LOOP_LAG_MS: '60000',
  };
  const pool = createPool({ url: database.url, applicationName: 'spec' });
  store = new PgSessionStore(pool);
  // the first connection to a database that was just made may take longer than a call would wait
  await until(() => pool.query('SELECT 1').then(Boolean, () => false));
  closing.push(() => pool.end());
});
beforeEach(() => (asked = []));
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});
afterAll(async () => {
  for (const close of closing) await close();
  await new Promise((resolve) => api.close(resolve));
  rmSync(folder, { recursive: true });
  await database.drop();
});
failOnLeaks();

async function open(more: NodeJS.ProcessEnv = {}) {
  const config = readGatewayConfig({ ...environment, ...more });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, logger),
    new FastifyAdapter({ forceCloseConnections: true }),
    { bodyParser: false, logger: false, abortOnError: false },
  );
  running.push(app);
  app.useWebSocketAdapter(new MediaWsAdapter(app, app.get<MediaWsOptions>(UPGRADE_OPTIONS)));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `ws://127.0.0.1:${port}` };
}

const startOf = ({ callId }: CallKey) => ({
  ...{ event: 'start', sequence_number: '1', stream_id: 's-1' },
  start: { call_control_id: callId, media_format: { encoding: 'PCMU', sample_rate: 8000, channels: 1 } },
});

/** A stream of Telnyx's that has sent its start. */
async function call(url: string, key: CallKey) {
  const nonce = randomBytes(STREAM_TOKEN_NONCE_BYTES);
  const token = mintStreamToken(SECRET, key, Date.now() + 60_000, nonce);
  const socket = new WebSocket(`${url}/ws/${key.provider}/${key.account}/${token}`);
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify(startOf(key)));
  return { socket, closed };
}

async function announced(): Promise<CallKey> {
  const key = newKey({ provider: 'telnyx' });
  await store.announce(announcementOf(key), { pending: false });
  return key;
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await met())) {
    if (performance.now() - startedAt > 10_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isIn = (state: string, key: CallKey) => async () => (await store.find(key))?.state === state;
const hangUpOf = ({ callId }: CallKey) => `/v2/calls/${callId}/actions/hangup`;

describe('a call that outlives its stream', () => {
  it('is hung up when we end it, or wait for its customer in vain', async () => {
    const { url } = await open({ MAX_CALL_SECONDS: '1' });
    const [driven, unknown] = [await announced(), newKey({ provider: 'telnyx' })];
    const calls = [await call(url, driven), await call(url, unknown)];
    expect(await Promise.all(calls.map(({ closed }) => closed))).toEqual([1000, 1000]);
    await until(() => asked.length === 2);
    expect(new Set(asked)).toEqual(new Set([hangUpOf(driven), hangUpOf(unknown)]));
  });

  it('is hung up when this process ends, before it has ended', async () => {
    const { app, url } = await open();
    const key = await announced();
    const { closed } = await call(url, key);
    await until(isIn('active', key));
    await app.close();
    running.pop();
    expect(await closed).toBe(1001);
    expect(asked).toEqual([hangUpOf(key)]);
  });

  it('is left alone when its provider has ended it', async () => {
    const { url } = await open();
    const key = await announced();
    const { socket, closed } = await call(url, key);
    await until(isIn('active', key));
    socket.send(JSON.stringify({ event: 'stop', stream_id: 's-1', sequence_number: '2', stop: {} }));
    await until(isIn('ended', key));
    socket.close();
    await closed;
    await running.pop()?.close();
    expect(asked).toEqual([]);
  });
});

it.each(['with its start', 'once its session is found'])(
  'a stream that has told its end %s is closed, whatever its peer does',
  async (when) => {
    const { url } = await open();
    const key = await announced();
    const { socket, closed } = await call(url, key);
    if (when !== 'with its start') await until(isIn('active', key));
    socket.send(JSON.stringify({ event: 'stop', stream_id: 's-1', sequence_number: '2', stop: {} }));
    expect(await closed).toBe(1000);
  },
);

it('the end of a stream is told as one of those that may be the call’s', async () => {
  const { url } = await open();
  const key = newKey();
  await store.announce(announcementOf(key), { pending: false });
  const socket = new WebSocket(`${url}/ws/exotel/default/in-the-path`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const start = { stream_sid: 's-1', call_sid: key.callId, account_sid: 'a', from: '0', to: '1' };
  socket.send(JSON.stringify({ event: 'start', sequence_number: 1, stream_sid: 's-1', start }));
  await until(isIn('active', key));
  socket.send(
    JSON.stringify({ event: 'stop', stream_sid: 's-1', sequence_number: 2, stop: { reason: 'x' } }),
  );
  await until(isIn('ended', key));
  socket.close();
  // the last word about a call is written before its process ends
  await running.pop()?.close();
  const dataSource = createDataSource({ url: database.url, applicationName: 'spec' });
  await dataSource.initialize();
  const record = await new CallRecords(dataSource).read(key);
  await dataSource.destroy();
  expect(record?.events.at(-1)).toMatchObject({
    type: 'call-ended',
    data: { source: 'stream', reason: null },
  });
  expect(record?.call).toMatchObject({ outcome: 'completed', endReason: null, callEndedAt: null });
});
