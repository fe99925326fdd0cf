import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** A request as it goes out: a header may come twice, and nothing of the path is tidied up. */
export interface RawRequest {
  method: 'GET' | 'POST';
  /** path and query */
  path: string;
  headers: readonly HeaderLine[];
  body: string;
}

export type HeaderLine = readonly [name: string, value: string];

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Of one client at once: the others wait for a connection. */
const AT_ONCE = 8;
/** ms */
const TIMEOUT_MS = 10_000;

/** Sends requests to one address, each exactly as it is. */
export class RawClient {
  private readonly agent: HttpAgent | HttpsAgent;

  /** @param tls the certificate that the server has to show, and the name in it; null: plain HTTP */
  constructor(
    readonly baseUrl: string,
    tls: { ca: string; servername: string } | null,
  ) {
    const options = { keepAlive: true, maxSockets: AT_ONCE };
    this.agent = tls ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options);
  }

  /** @param host the `Host` header, whatever the address is */
  send({ method, path, headers, body }: RawRequest, host: string): Promise<RawAnswer> {
    const { hostname, port, protocol } = new URL(this.baseUrl);
    const length: HeaderLine[] = method === 'POST' ? [['Content-Length', `${Buffer.byteLength(body)}`]] : [];
    const lines: readonly HeaderLine[] = [['Host', host], ...headers, ...length];
    const options = {
      ...{ hostname, port, method, path, agent: this.agent, signal: AbortSignal.timeout(TIMEOUT_MS) },
      // a list of names and values goes out line by line
      headers: lines.flat(),
    };
    return new Promise((resolve, reject) => {
      const request = protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
      request.once('error', reject);
      request.once('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, body: Buffer.concat(parts).toString('utf8') });
        });
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
