import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { bareEcho, type BareMode } from './bare-echo';
import { FRAME_BYTES } from './frame-counter';
import { LineGroups } from './line-groups';
import { type Play } from './load-messages';
import { SpeechFrames } from './speech-frames';

const CALLS = Array.from({ length: 6 }, (_, index) => ({
  ...{ path: '/stream', headers: { 'X-Call': 'yes' }, callId: `CA${index}`, streamId: `MZ${index}` },
}));
const PLAY: Play = {
  ...{
    group: 'bare',
    lines: 6,
    says: 'numbers',
    warmUpMs: 20,
    windowMs: 100,
    patienceMs: 20_000,
    watch: [process.pid],
  },
};

describe('callers', () => {
  let server: Server;
  let sockets: WebSocket[];
  let groups: LineGroups;

  const listen = async (onMessage: (socket: WebSocket) => (data: Buffer) => void): Promise<number> => {
    server = createServer();
    sockets = [];
    new WebSocketServer({ server }).on('connection', (socket) => {
      sockets.push(socket);
      socket.on('message', onMessage(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const echoing = (mode: BareMode) => (socket: WebSocket) => {
    const echo = bareEcho(mode);
    return (data: Buffer) => {
      const reply = echo(data);
      if (reply !== null) socket.send(reply);
    };
  };
  const open = (port: number, keepAwake = false): Promise<void> =>
    groups.open({ group: 'bare', port, calls: CALLS, keepAwake });

  beforeEach(() => (groups = new LineGroups(new SpeechFrames(Buffer.alloc(FRAME_BYTES * 2, 1)))));
  afterEach(async () => {
    groups.close();
    sockets.forEach((socket) => socket.terminate());
    server.close();
    await once(server, 'close');
  });

  it.each(['full', 'slice-80ms'] as const)('hear all that they say from a server, %s', async (mode) => {
    await open(await listen(echoing(mode)));
    const played = await groups.play(PLAY);
    // each line sends a frame in each 20 ms of the window, give or take one at its ends
    expect(played.sent).toBeGreaterThanOrEqual(4 * CALLS.length);
    expect(played.sent).toBeLessThanOrEqual(6 * CALLS.length);
    expect(played).toMatchObject({ heard: played.sent, strange: 0 });
    expect(played.latency.reduce((sum, [, count]) => sum + count, 0)).toBe(played.messages);
    expect(played.processorMs).toHaveLength(1);
  });

  it('know of audio that they have not said', async () => {
    const payload = Buffer.alloc(FRAME_BYTES, 0xff).toString('base64');
    const reply = JSON.stringify({ event: 'media', streamSid: 'MZ0', media: { payload } });
    await open(await listen((socket) => () => socket.send(reply)));
    const played = await groups.play({ ...PLAY, lines: 1, patienceMs: 500 });
    expect(played.heard).toBe(0);
    expect(played.strange).toBeGreaterThan(0);
  });

  it('send as much as the server answers', async () => {
    const heard: string[] = [];
    await open(await listen(() => (data) => heard.push(data.toString().slice(0, 16))));
    const { lines, warmUpMs, watch } = PLAY;
    const flood = { groups: ['bare'], lines, burst: 5, warmUpMs, windowMs: 500, watch };
    const flooded = await groups.flood(flood);
    const media = heard.filter((event) => event === '{"event":"media"').length;
    expect(flooded.frames).toBeGreaterThan(0);
    expect(media).toBeGreaterThanOrEqual(flooded.frames);
    expect(media % 5).toBe(0);
  });

  it('return marks, and answer pings', async () => {
    const heard: { event: string; mark?: { name: string } }[] = [];
    const port = await listen(() => (data) => heard.push(JSON.parse(data.toString()) as { event: string }));
    await open(port);
    const pong = once(sockets[0]!, 'pong');
    sockets[0]!.ping('there?');
    expect(String((await pong)[0])).toBe('there?');
    sockets[0]!.send(JSON.stringify({ event: 'mark', streamSid: 'MZ0', mark: { name: 'end' } }));
    for (let waited = 0; waited < 2000 && heard.at(-1)?.event !== 'mark'; waited++) await sleep(5);
    expect(heard.at(-1)).toMatchObject({ event: 'mark', mark: { name: 'end' } });
  });

  it('do not play to lines that have ended, and say why they have', async () => {
    await open(await listen(() => () => undefined));
    sockets[3]!.close(1000, 'no more');
    await expect(groups.play(PLAY)).rejects.toThrow(/1 of 6 lines .* no more/);
  });

  it('ask again where there are too many of them for a moment', async () => {
    const port = await listen(echoing('full'));
    let refused = 0;
    const [accept] = server.listeners('upgrade') as ((...request: unknown[]) => void)[];
    server.removeAllListeners('upgrade');
    server.on('upgrade', (request, socket, head) => {
      if (refused++ < 1) socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      else accept?.call(server, request, socket, head);
    });
    await open(port);
    expect(sockets).toHaveLength(CALLS.length);
  });

  it('are told when they are refused', async () => {
    const port = await listen(() => () => undefined);
    server.removeAllListeners('upgrade');
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    await expect(open(port)).rejects.toThrow('refused with 403');
  });
});
