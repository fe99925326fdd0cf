import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** the connection on which it came */
  socket: Socket;
}

/** A service for specs: a real HTTP server that keeps what it was asked, and answers as it is told. */
export class LocalService {
  readonly asked: Asked[] = [];
  answer: (response: ServerResponse, asked: Asked) => void = (response) => response.writeHead(404).end();
  /** without a slash at its end */
  baseUrl = '';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url: path = '', headers, socket } = request;
        this.asked.push({ method, path, headers, body: Buffer.concat(parts), socket });
        this.answer(response, this.asked.at(-1)!);
      });
    });
  }

  static async open(): Promise<LocalService> {
    const service = new LocalService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    service.baseUrl = `http://127.0.0.1:${(service.server.address() as AddressInfo).port}`;
    return service;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
