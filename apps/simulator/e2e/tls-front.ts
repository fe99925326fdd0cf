import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HeaderLine } from './raw-request';
import type { Certificate } from './self-signed-certificate';

/** Where a front sends what it gets, as `HOST:PORT`. */
export interface Behind {
  webhooks: string;
  media: string;
}

/** Of the connection, and so not passed on; `Host` and `X-Forwarded-For` are the front's to write. */
const OWN = new Set(['connection', 'keep-alive', 'host', 'x-forwarded-for']);

/**
 * Ends TLS as nginx does with `proxy_pass`, `Host $host` and `X-Forwarded-For $proxy_add_x_forwarded_for`: the path goes on
 * byte for byte, other headers line by line. What else proxies are given to say, `X-Forwarded-Proto` and its like, is
 * added behind what the client has said, so that both arrive.
 */
export class TlsFront {
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  constructor(
    certificate: Certificate,
    private readonly behind: Behind,
  ) {
    this.server = createServer(certificate, (incoming, answer) => this.forward(incoming, answer));
    this.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.tunnel(incoming, socket, head),
    );
    this.server.on('connection', (socket) => this.keep(socket));
  }

  /** @returns the port on 127.0.0.1 */
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const host = hostOf(incoming);
    // nginx does not take it either
    if (host === '') return void answer.writeHead(400).end('Bad Request');
    const [hostname = '', port] = this.targetOf(incoming).split(':');
    const onward = request(
      {
        ...{ hostname, port, method: incoming.method, path: incoming.url, agent: false },
        headers: [...linesFor(incoming, host), ['Connection', 'close']].flat(),
      },
      (got) => {
        answer.writeHead(got.statusCode ?? 0, withoutConnection(got.headers));
        got.pipe(answer);
      },
    );
    onward.on('error', () => answer.writeHead(502).end());
    incoming.pipe(onward);
  }

  private tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [hostname = '', port] = this.targetOf(incoming).split(':');
    const onward = connect(Number(port), hostname);
    this.keep(onward);
    const lines = [...linesFor(incoming, hostOf(incoming)), ['Connection', 'upgrade']];
    const text = lines.map(([name, value]) => `${name}: ${value}`);
    onward.write([`GET ${incoming.url} HTTP/1.1`, ...text, '', ''].join('\r\n'), 'latin1');
    onward.write(head);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.pipe(other);
    }
  }

  private targetOf({ url = '' }: IncomingMessage): string {
    return url.startsWith('/ws/') ? this.behind.media : this.behind.webhooks;
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

/** nginx's `$host`: in lower case, without the port. */
const hostOf = ({ headers }: IncomingMessage): string =>
  (headers.host ?? '').toLowerCase().replace(/:\d*$/, '');

function linesFor({ rawHeaders, headers, socket }: IncomingMessage, host: string): HeaderLine[] {
  const came = rawHeaders.flatMap((name, at): HeaderLine[] =>
    at % 2 === 0 && !OWN.has(name.toLowerCase()) ? [[name, rawHeaders[at + 1] ?? '']] : [],
  );
  const hops = [headers['x-forwarded-for'], socket.remoteAddress].flat().filter(Boolean);
  return [
    ['Host', host],
    ...came,
    ['X-Forwarded-For', hops.join(', ')],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Host', host],
    ['X-Forwarded-Port', String(socket.localPort)],
  ];
}

function withoutConnection({ connection: _, 'keep-alive': __, ...headers }: IncomingMessage['headers']) {
  return headers;
}
