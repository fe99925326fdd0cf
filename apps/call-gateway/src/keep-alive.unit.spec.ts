import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { KeepAlive } from './keep-alive';

class Peer extends EventEmitter {
  pings = 0;
  terminated = false;
  constructor(private readonly answers: boolean) {
    super();
  }
  ping(): void {
    this.pings += 1;
    if (this.answers) this.emit('pong');
  }
  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

const INTERVAL_MS = 9000;

describe('keeping sockets alive', () => {
  let keepAlive: KeepAlive;
  const watched = (count: number, answers = true): Peer[] =>
    Array.from({ length: count }, () => {
      const peer = new Peer(answers);
      keepAlive.watch(peer as unknown as WebSocket);
      return peer;
    });

  beforeEach(() => {
    jest.useFakeTimers();
    keepAlive = new KeepAlive(INTERVAL_MS);
  });
  afterEach(() => {
    keepAlive.stop();
    jest.useRealTimers();
  });

  it('pings each of them once in an interval, a few at a time', () => {
    const peers = watched(1000);
    const pings = () => peers.reduce((sum, { pings }) => sum + pings, 0);
    let most = 0;
    for (let ms = 0; ms < INTERVAL_MS; ms += 100) {
      const before = pings();
      jest.advanceTimersByTime(100);
      most = Math.max(most, pings() - before);
    }
    expect(peers.map(({ pings }) => pings)).toEqual(peers.map(() => 1));
    expect(most).toBe(Math.ceil(1000 / 90));
    jest.advanceTimersByTime(9 * INTERVAL_MS);
    expect(peers.every(({ pings, terminated }) => pings === 10 && !terminated)).toBe(true);
  });

  it('ends those that answer no more within three intervals, and no others', () => {
    const [alive, vanished] = [watched(50), watched(50, false)];
    jest.advanceTimersByTime(3 * INTERVAL_MS);
    expect(vanished.every(({ terminated }) => terminated)).toBe(true);
    expect(alive.some(({ terminated }) => terminated)).toBe(false);
  });

  it('forgets those that are closed', () => {
    const peers = watched(10);
    for (const peer of peers) peer.emit('close');
    jest.advanceTimersByTime(2 * INTERVAL_MS);
    expect(peers.every(({ pings }) => pings === 0)).toBe(true);
  });

  it('pings at intervals that are shorter than its step', () => {
    const short = new KeepAlive(20);
    const peer = new Peer(true);
    short.watch(peer as unknown as WebSocket);
    jest.advanceTimersByTime(100);
    short.stop();
    expect(peer.pings).toBe(5);
  });
});
