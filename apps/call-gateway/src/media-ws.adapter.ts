import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import type { INestApplicationContext, WebSocketAdapter } from '@nestjs/common';
import { NestApplication } from '@nestjs/core';
import { WebSocketServer, type WebSocket } from 'ws';
import type { StreamToken } from '@greenroom/telephony';
import type { Admission, MediaRoute } from './admit-upgrade';
import { KeepAlive } from './keep-alive';

export interface MediaWsOptions {
  maxMessageBytes: number;
  maxFragments: number;
  maxBufferedChunks: number;
  pingIntervalMs: number;
  admit: (request: IncomingMessage) => Admission;
  /** asked about a token that is right in itself; a short while, and never rejects */
  wasUsed: (token: StreamToken) => Promise<boolean>;
  onUpgrade: (admission: Admission, request: IncomingMessage) => void;
}

type Connected = (socket: WebSocket, request: IncomingMessage, route: MediaRoute) => void;

/**
 * Our own WebSocket adapter, on `ws`. The stock one parses every frame, matches exact paths only, swallows what it
 * cannot parse, lets async handlers overtake each other and terminates all sockets at shutdown.
 * This one decides the upgrade, then hands the raw socket to the gateway in the same turn of the event loop.
 */
export class MediaWsAdapter implements WebSocketAdapter<WebSocketServer, WebSocket, object> {
  private readonly httpServer: Server;
  private keepAlive: KeepAlive | null = null;

  constructor(
    app: INestApplicationContext,
    private readonly options: MediaWsOptions,
  ) {
    this.httpServer = (app as NestApplication).getUnderlyingHttpServer<Server>();
  }

  create(): WebSocketServer {
    const server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: true,
      maxPayload: this.options.maxMessageBytes,
      // with the library's own limits 0.9 MB of tiny fragments cost 15 MB of heap a socket
      maxFragments: this.options.maxFragments,
      maxBufferedChunks: this.options.maxBufferedChunks,
    });
    this.httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.upgrade(server, { request, socket, head });
    });
    this.keepAlive = new KeepAlive(this.options.pingIntervalMs);
    return server;
  }

  bindClientConnect(server: WebSocketServer, connected: Connected): void {
    server.on('connection', connected);
  }

  /** Nothing: the gateway reads its sockets itself. */
  bindMessageHandlers(): void {}

  close(server: WebSocketServer): Promise<void> {
    this.keepAlive?.stop();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  /** Nest calls it at the end; everything has been let go of by `close`. */
  dispose(): void {}

  private upgrade(server: WebSocketServer, { request, socket, head }: Upgrade): void {
    socket.on('error', destroy);
    const admission = this.options.admit(request);
    const token = admission.admitted ? admission.route.token : null;
    if (!token) return this.decide(server, { request, socket, head }, admission);
    void this.options
      .wasUsed(token)
      .then((used) => this.decide(server, { request, socket, head }, used ? USED : admission));
  }

  private decide(server: WebSocketServer, { request, socket, head }: Upgrade, admission: Admission): void {
    this.options.onUpgrade(admission, request);
    if (!admission.admitted) return refuse(socket, admission);
    // from here on the library listens itself
    socket.off('error', destroy);
    server.handleUpgrade(request, socket, head, (client) => {
      this.keepAlive?.watch(client);
      server.emit('connection', client, request, admission.route);
    });
  }
}

/**
 * A listener that stays as long as its socket is a function of no one's own: a closure made in there would hold on to the
 * request, with all its headers, which is more than the rest of a socket that waits.
 */
function destroy(this: Duplex): void {
  this.destroy();
}

interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** In the words for a token that was never right. */
const USED: Admission = { admitted: false, status: 403, reason: 'Not authorized.' };

function refuse(socket: Duplex, { status, reason }: Extract<Admission, { admitted: false }>): void {
  const body = JSON.stringify({ error: { status, message: reason } });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="greenroom"'] : []),
    ...(status === 503 ? ['Retry-After: 1'] : []),
  ];
  // a socket that was handed over for an upgrade stays half-open until its peer hangs up, and nobody else looks after it
  socket.once('finish', destroy);
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
