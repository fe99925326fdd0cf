import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { failOnLeaks } from '@greenroom/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { WebSocket, type WebSocketServer } from 'ws';
import type { Admission, MediaRoute } from './admit-upgrade';
import { MediaWsAdapter } from './media-ws.adapter';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let http: Server;
let adapter: MediaWsAdapter;
let sockets: WebSocketServer;
let upgrades: WeakRef<IncomingMessage>[];
const clients: WebSocket[] = [];

let admission: Admission;

async function serve(pingIntervalMs: number): Promise<void> {
  upgrades = [];
  admission = { admitted: true, route: { token: {} } as MediaRoute };
  http = createServer();
  const app = { getUnderlyingHttpServer: () => http } as unknown as INestApplicationContext;
  adapter = new MediaWsAdapter(app, {
    ...{ maxMessageBytes: 1024, maxFragments: 4, maxBufferedChunks: 4, pingIntervalMs },
    admit: (request) => {
      upgrades.push(new WeakRef(request));
      return admission;
    },
    wasUsed: () => new Promise((resolve) => setImmediate(() => resolve(false))),
    onUpgrade: () => undefined,
  });
  sockets = adapter.create();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await adapter.close(sockets);
  await new Promise((resolve) => http.close(resolve));
});

failOnLeaks();

async function open(options: { autoPong?: boolean } = {}): Promise<WebSocket> {
  const { port } = http.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, options);
  clients.push(client);
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  return client;
}

it('an open socket does not hold on to the request that opened it', async () => {
  await serve(60_000);
  const client = await open();
  // the parser of the last connection keeps its last request
  await open();
  await expect(
    until(() => {
      collect();
      return upgrades[0]?.deref() === undefined;
    }),
  ).resolves.toBe(true);
  expect([upgrades.length, client.readyState]).toEqual([2, WebSocket.OPEN]);
});

it('a peer that answers no ping is cut off, one that answers is not', async () => {
  await serve(150);
  const [silent, alive] = [await open({ autoPong: false }), await open()];
  await expect(until(() => silent.readyState === WebSocket.CLOSED)).resolves.toBe(true);
  // longer than the other had
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(alive.readyState).toBe(WebSocket.OPEN);
});

const connections = (): Promise<number> =>
  new Promise((resolve) => http.getConnections((_, count) => resolve(count)));

it('a peer that was refused and does not hang up is not kept', async () => {
  await serve(60_000);
  admission = { admitted: false, status: 403, reason: 'Not authorized.' };
  const { port } = http.address() as AddressInfo;
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const answer: string[] = [];
  peer.on('data', (data) => answer.push(String(data)));
  peer.write(
    'GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  try {
    await new Promise((resolve) => peer.once('end', resolve));
    expect(answer.join('')).toContain('HTTP/1.1 403 Forbidden');
    await expect(until(async () => (await connections()) === 0)).resolves.toBe(true);
  } finally {
    peer.destroy();
  }
});

async function until(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
