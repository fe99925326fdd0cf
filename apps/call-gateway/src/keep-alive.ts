import type { WebSocket } from 'ws';

/** Pings that may go unanswered: at one every 9 s, a peer that has vanished is found within 27 s. */
const MISSED_PINGS = 2;
/** Between two of the moments at which some are pinged. */
const STEP_MS = 100;

interface Peer {
  slot: Set<WebSocket>;
  /** pings that have not been answered */
  missed: number;
}

/**
 * Pings each socket once in an interval, and ends those that answer no more. Ten thousand pings at once would hold up every
 * call for tenths of a second, so the sockets are spread over the interval, in the order in which they come.
 */
export class KeepAlive {
  private readonly slots: Set<WebSocket>[];
  private readonly timer: NodeJS.Timeout;
  private current = 0;
  private added = 0;

  constructor(intervalMs: number) {
    const count = Math.max(1, Math.floor(intervalMs / STEP_MS));
    this.slots = Array.from({ length: count }, () => new Set());
    this.timer = setInterval(() => this.pingSome(), intervalMs / count);
  }

  watch(socket: WebSocket): void {
    const slot = this.slots[this.added++ % this.slots.length] as Set<WebSocket>;
    slot.add(socket);
    peers.set(socket, { slot, missed: 0 });
    socket.on('pong', answered);
    socket.on('close', forget);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private pingSome(): void {
    this.slots[this.current]?.forEach(checkAlive);
    this.current = (this.current + 1) % this.slots.length;
  }
}

const peers = new WeakMap<WebSocket, Peer>();

/*
 * Listeners that stay as long as their socket are functions of no one's own: a closure would be one more object for each.
 */

function answered(this: WebSocket): void {
  const peer = peers.get(this);
  if (peer) peer.missed = 0;
}

function forget(this: WebSocket): void {
  peers.get(this)?.slot.delete(this);
}

function checkAlive(socket: WebSocket): void {
  const peer = peers.get(socket);
  if (!peer || peer.missed >= MISSED_PINGS) return socket.terminate();
  peer.missed += 1;
  socket.ping();
}
