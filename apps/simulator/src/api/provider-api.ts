import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '@greenroom/contracts';
import { UsageError } from '../config';
import { plivoApi } from '../plivo/api';
import { telnyxApi } from '../telnyx/api';
import { twilioApi } from '../twilio/api';
import { vonageApi } from '../vonage/api';
import type { ApiAnswer, ApiRequest, ApiSide } from './api-side';
import type { CommandedCall } from './commanded-call';

const SIDES: readonly [Provider, ApiSide][] = [
  ['twilio', twilioApi],
  ['plivo', plivoApi],
  ['telnyx', telnyxApi],
  ['vonage', vonageApi],
];
const MAX_BODY_BYTES = 65_536;

/** The providers' REST APIs on one port of this machine: Greenroom's commands for all calls of this process. */
export class ProviderApi {
  private readonly calls = new Map<
    string,
    { callId: string; call: CommandedCall; note: (what: string) => void }
  >();
  private readonly closing = new AbortController();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /**
   * @param port 0: any that is free
   * @returns the port
   * @throws {UsageError} if somebody listens there
   */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
        reject(new UsageError(code === 'EADDRINUSE' ? takenMessage(port) : message)),
      );
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Calls are known for as long as the API runs: of one that is over it has to be told that it is. */
  expect(provider: Provider, callId: string, call: CommandedCall, note: (what: string) => void): void {
    this.calls.set(`${provider} ${callId}`, { callId, call, note });
  }

  async close(): Promise<void> {
    this.closing.abort();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request).catch(() => null);
    if (body === null) return void response.destroy();
    const { method = '', url = '', headers } = request;
    const [path = ''] = url.split('?');
    const { answer, delayMs } = this.take({ method, path, headers, body });
    if (delayMs > 0) await sleep(delayMs, null, { signal: this.closing.signal }).catch(() => null);
    // kept open, a connection would break when the simulator ends, and take a command of the next one's with it
    const type = answer.body === '' ? {} : { 'Content-Type': 'application/json' };
    response.writeHead(answer.status, { ...type, Connection: 'close' }).end(answer.body);
  }

  private take(request: ApiRequest): { answer: ApiAnswer; delayMs: number } {
    for (const [provider, side] of SIDES) {
      const read = side.read(request);
      if (!read) continue;
      const known = this.calls.get(`${provider} ${read.callId}`);
      return known ? known.call.take(read) : { answer: side.answer('unknown'), delayMs: 0 };
    }
    this.noteStray(request);
    return { answer: { status: 404, body: '{}' }, delayMs: 0 };
  }

  /** No provider has such a path; whose call it is may stand in it all the same. */
  private noteStray({ method, path }: ApiRequest): void {
    for (const { callId, note } of this.calls.values()) {
      const named = [callId, encodeURIComponent(callId)].find((id) => path.includes(id));
      if (named !== undefined)
        note(`a request to the API that it does not have: ${method} ${path.replace(named, 'ID')}`);
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError('The body is too long.');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

const takenMessage = (port: number): string =>
  `Port ${port}, where Greenroom sends its commands for the provider, is taken: perhaps by another simulator. ` +
  'Wait until its calls are over.';
