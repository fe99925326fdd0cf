import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes every command of a provider's REST API, and keeps where it went: `POST /calls/ID/actions/answer`. */
export class CommandLog {
  readonly commands: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, answer) => {
      this.commands.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
      request.resume().once('end', () => answer.end('{"data":{"result":"ok"}}'));
    });
  }

  /** @returns its URL */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
