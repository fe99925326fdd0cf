import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { failOnLeaks } from './leaks';
import { TcpProxy } from './tcp-proxy';

/** Says everything back in capitals, and remembers what it was told. */
let server: Server;
let told: string;
const accepted = new Set<Socket>();
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeAll(async () => {
  server = createServer((socket) => {
    accepted.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => accepted.delete(socket));
    socket.on('data', (data) => {
      told += data.toString();
      socket.write(data.toString().toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(async () => {
  told = '';
  proxy = await TcpProxy.open({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  await proxy.close();
});

afterAll(async () => {
  accepted.forEach((socket) => socket.destroy());
  await new Promise((resolve) => server.close(resolve));
});
failOnLeaks();

interface Client {
  socket: Socket;
  heard: string;
  ended: 'no' | 'closed' | 'reset';
  send(text: string): void;
}

async function open(): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  clients.push(socket);
  const client: Client = { socket, heard: '', ended: 'no', send: (text) => void socket.write(text) };
  socket.on('data', (data) => (client.heard += data.toString()));
  socket.on('error', () => (client.ended = 'reset'));
  socket.on('close', () => (client.ended = client.ended === 'reset' ? 'reset' : 'closed'));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return client;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000 && !holds(); tries += 1) await sleep(10);
  expect(holds()).toBe(true);
}

describe('a TCP proxy', () => {
  it('passes bytes both ways, counts them, and passes on that a side has ended', async () => {
    const client = await open();
    client.send('hello');
    await until(() => client.heard === 'HELLO');
    expect(proxy.stats).toEqual({ connections: 1, open: 1, bytesUp: 5, bytesDown: 5 });
    accepted.forEach((socket) => socket.end());
    await until(() => client.ended === 'closed');
    await until(() => proxy.stats.open === 0);
    expect(proxy.stats).toEqual({ connections: 1, open: 0, bytesUp: 5, bytesDown: 5 });
  });

  it('holds bytes, and delivers them in their order on release', async () => {
    const client = await open();
    await until(() => proxy.stats.open === 1);
    expect(proxy.hold()).toBe(1);
    client.send('a');
    await sleep(30);
    client.send('b');
    await sleep(50);
    expect(told).toBe('');
    proxy.release();
    await until(() => client.heard === 'AB');
  });

  it('holds one direction alone', async () => {
    const client = await open();
    await until(() => proxy.stats.open === 1);
    proxy.hold({ direction: 'down' });
    client.send('a');
    await until(() => told === 'a');
    await sleep(30);
    expect(client.heard).toBe('');
    proxy.passes();
    await until(() => client.heard === 'A');
  });

  it('swallows everything in a black hole, the end of the connection too, and new links as well', async () => {
    const client = await open();
    await until(() => accepted.size === 1);
    proxy.blackhole();
    const second = await open();
    await until(() => accepted.size === 2);
    client.send('a');
    second.send('b');
    client.socket.end();
    await sleep(100);
    expect(told).toBe('');
    expect([client.ended, second.ended]).toEqual(['no', 'no']);
    expect(accepted.size).toBe(2);
    proxy.passes();
    const third = await open();
    third.send('c');
    await until(() => third.heard === 'C');
    expect(told).toBe('c');
  });

  it('tells links apart by what their clients have said', async () => {
    const [subscriber, other] = [await open(), await open()];
    subscriber.send('Subscribe x');
    other.send('get x');
    await until(() => told.length === 16);
    expect(proxy.blackhole({ only: (link) => link.said('subscribe') })).toBe(1);
    subscriber.send('!');
    other.send('!');
    const later = await open();
    later.send('subscribe y');
    await until(() => other.heard === 'GET X!' && later.heard === 'SUBSCRIBE Y');
    expect(subscriber.heard).toBe('SUBSCRIBE X');
  });

  it('resets', async () => {
    const client = await open();
    client.send('a');
    await until(() => client.heard === 'A');
    expect(proxy.reset()).toBe(1);
    await until(() => client.ended === 'reset');
    expect(proxy.stats.open).toBe(0);
  });

  it('delays without changing the order', async () => {
    const client = await open();
    await until(() => proxy.stats.open === 1);
    proxy.delay(60);
    const sentAt = performance.now();
    client.send('a');
    await sleep(20);
    client.send('b');
    await until(() => client.heard === 'AB');
    expect(performance.now() - sentAt).toBeGreaterThan(115);
  });

  it('refuses nothing and hangs nowhere when its target is away: the link is closed', async () => {
    const nowhere = await TcpProxy.open({ host: '127.0.0.1', port: 1 });
    const socket = connect({ host: '127.0.0.1', port: nowhere.port });
    await new Promise((resolve) => socket.once('close', resolve).once('error', () => undefined));
    await nowhere.close();
  });
});
