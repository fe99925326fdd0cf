import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `up`: from the client to the server; `down`: back. */
export type Direction = 'up' | 'down';

export interface Aim {
  /** both if left out */
  direction?: Direction;
  /** these of the links that stand now; if left out all of them, and those that are made later */
  only?: (link: ProxyLink) => boolean;
}

export interface ProxyStats {
  /** connections that were ever made */
  connections: number;
  /** connections that stand now */
  open: number;
  /** bytes that were passed on */
  bytesUp: number;
  bytesDown: number;
}

type Mode = 'pass' | 'hold' | 'swallow';

/** What a client said first, kept so that links can be told apart by it. */
const REMEMBERED_BYTES = 65_536;

/** One direction of one link. A `null` chunk is the end of the stream, which is kept and swallowed like any other. */
class Flow {
  bytes = 0;
  delayMs = 0;
  mode: Mode = 'pass';
  private kept: (Buffer | null)[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => this.take(chunk));
    from.on('end', () => this.take(null));
    to.on('drain', () => from.resume());
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    if (mode !== 'pass') return;
    for (const chunk of this.kept.splice(0)) this.forward(chunk);
  }

  stop(): void {
    this.kept = [];
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
  }

  private take(chunk: Buffer | null): void {
    if (this.mode === 'swallow') return;
    if (this.mode === 'hold') this.kept.push(chunk);
    else this.forward(chunk);
  }

  /** Timers of one length fire in the order in which they were set, so a delay does not change the order of bytes. */
  private forward(chunk: Buffer | null): void {
    if (this.delayMs === 0 && this.timers.size === 0) return this.write(chunk);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.write(chunk);
    }, this.delayMs);
    this.timers.add(timer);
  }

  private write(chunk: Buffer | null): void {
    if (chunk === null) {
      this.to.end();
      return;
    }
    this.bytes += chunk.byteLength;
    if (!this.to.destroyed && !this.to.write(chunk)) this.from.pause();
  }
}

/** One connection through the proxy. */
export class ProxyLink {
  readonly flows: Readonly<Record<Direction, Flow>>;
  private readonly upstream: Socket;
  private heard = '';
  private over = false;

  constructor(
    private readonly client: Socket,
    target: { host: string; port: number },
    private readonly onClosed: (link: ProxyLink) => void,
  ) {
    // a half-open link is one whose end is never told: each side ends by itself
    this.upstream = connect({ ...target, allowHalfOpen: true });
    client.on('data', (chunk: Buffer) => {
      if (this.heard.length < REMEMBERED_BYTES) this.heard += chunk.toString('latin1');
    });
    this.flows = { up: new Flow(client, this.upstream), down: new Flow(this.upstream, client) };
    for (const socket of [client, this.upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sideClosed());
    }
  }

  /** Whether the client has sent this text, any case, among its first 64 KB. */
  said(text: string): boolean {
    return this.heard.toLowerCase().includes(text.toLowerCase());
  }

  /** RST to both sides. */
  reset(): void {
    this.finish((socket) => socket.resetAndDestroy());
  }

  destroy(): void {
    this.finish((socket) => socket.destroy());
  }

  /** In a black hole neither side learns that the other is gone. */
  private sideClosed(): void {
    const swallowing = Object.values(this.flows).some(({ mode }) => mode === 'swallow');
    const bothGone = this.client.destroyed && this.upstream.destroyed;
    if (bothGone || !swallowing) this.destroy();
  }

  private finish(end: (socket: Socket) => void): void {
    if (this.over) return;
    this.over = true;
    Object.values(this.flows).forEach((flow) => flow.stop());
    end(this.client);
    end(this.upstream);
    this.onClosed(this);
  }
}

/** A TCP proxy inside the process, for the faults of networks. Listens on 127.0.0.1 only. */
export class TcpProxy {
  private readonly links = new Set<ProxyLink>();
  private readonly server: Server;
  private readonly modes: Record<Direction, Mode> = { up: 'pass', down: 'pass' };
  private readonly past = { connections: 0, bytesUp: 0, bytesDown: 0 };
  private delayMs = 0;

  private constructor(private readonly target: { host: string; port: number }) {
    this.server = createServer({ allowHalfOpen: true }, (client) => this.accept(client));
  }

  /** @param port 0, the default: a free one */
  static async open(target: { host: string; port: number }, port = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve, reject) => {
      proxy.server.once('error', reject);
      proxy.server.listen({ host: '127.0.0.1', port }, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get stats(): ProxyStats {
    const { connections, bytesUp, bytesDown } = this.past;
    const sum = (direction: Direction) =>
      [...this.links].reduce((total, { flows }) => total + flows[direction].bytes, 0);
    return {
      connections,
      open: this.links.size,
      bytesUp: bytesUp + sum('up'),
      bytesDown: bytesDown + sum('down'),
    };
  }

  /** Bytes are kept, and delivered by `release`. @returns how many links are held */
  hold(aim: Aim = {}): number {
    return this.set('hold', aim);
  }

  /** What was held goes on its way; bytes pass again. */
  release(aim: Aim = {}): number {
    return this.set('pass', aim);
  }

  /** Bytes, and the ends of connections, are swallowed while TCP stays up. @returns how many links are in it */
  blackhole(aim: Aim = {}): number {
    return this.set('swallow', aim);
  }

  /** Links that are made from now on pass; those in a black hole stay in it, since bytes of theirs are missing. */
  passes(): void {
    this.delay(0);
    this.modes.up = this.modes.down = 'pass';
    for (const { flows } of this.links)
      for (const flow of Object.values(flows)) if (flow.mode === 'hold') flow.setMode('pass');
  }

  /** Everything takes so much longer, in either direction. */
  delay(ms: number): void {
    this.delayMs = ms;
    for (const { flows } of this.links) for (const flow of Object.values(flows)) flow.delayMs = ms;
  }

  /** RST on all links, or on these. @returns how many */
  reset(only: (link: ProxyLink) => boolean = () => true): number {
    const hit = [...this.links].filter(only);
    hit.forEach((link) => link.reset());
    return hit.length;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    [...this.links].forEach((link) => link.destroy());
    await closed;
  }

  private set(mode: Mode, { direction, only }: Aim): number {
    const directions: readonly Direction[] = direction ? [direction] : ['up', 'down'];
    const hit = [...this.links].filter(only ?? (() => true));
    for (const each of directions) {
      if (!only) this.modes[each] = mode;
      hit.forEach(({ flows }) => flows[each].setMode(mode));
    }
    return hit.length;
  }

  private accept(client: Socket): void {
    const link = new ProxyLink(client, this.target, (closed) => this.forget(closed));
    for (const each of ['up', 'down'] as const) {
      link.flows[each].setMode(this.modes[each]);
      link.flows[each].delayMs = this.delayMs;
    }
    this.links.add(link);
    this.past.connections += 1;
  }

  private forget(link: ProxyLink): void {
    if (!this.links.delete(link)) return;
    this.past.bytesUp += link.flows.up.bytes;
    this.past.bytesDown += link.flows.down.bytes;
  }
}
