import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** For specs: what stands between the providers and Greenroom, and can be set up wrongly in the ways that are met. */
export class FaultyProxy {
  private readonly server: Server;
  webhooks = '';
  media = '';
  /** path and query as they are passed on */
  rewrite = (path: string): string => path;
  /** answers everything itself */
  status: number | null = null;
  private readonly sockets = new Set<Duplex>();

  constructor(private readonly port: number) {
    this.server = createServer((incoming, answer) => this.forward(incoming, answer));
    this.server.on('connection', (socket) => this.sockets.add(socket));
    this.passUpgrades(true);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** a server that does not know `Upgrade` takes such a request for any other */
  passUpgrades(passes: boolean): void {
    this.server.removeAllListeners('upgrade');
    if (passes) this.server.on('upgrade', (incoming, socket) => this.tunnel(incoming, socket));
  }

  reset(): void {
    this.rewrite = (path) => path;
    this.status = null;
    this.passUpgrades(true);
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private forward(incoming: IncomingMessage, answer: ServerResponse): void {
    if (this.status !== null) return void answer.writeHead(this.status).end('elsewhere');
    const headers = { ...incoming.headers };
    delete headers.connection;
    delete headers.upgrade;
    const onward = request(
      this.targetOf(incoming),
      { method: incoming.method, headers, agent: false },
      (got) => {
        answer.writeHead(got.statusCode ?? 0, got.headers);
        got.pipe(answer);
      },
    );
    onward.on('error', () => answer.writeHead(502).end());
    incoming.pipe(onward);
  }

  private tunnel(incoming: IncomingMessage, socket: Duplex): void {
    const target = new URL(this.targetOf(incoming));
    const onward = connect(Number(target.port), target.hostname);
    this.sockets.add(onward);
    const lines = incoming.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
    );
    onward.write([`GET ${target.pathname}${target.search} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.pipe(other);
    }
  }

  private targetOf({ url = '/' }: IncomingMessage): string {
    const path = this.rewrite(url);
    return (path.startsWith('/ws/') ? this.media : this.webhooks) + path;
  }
}
