import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface SentRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const MAX_BYTES = 65_536;

/**
 * One request on a connection of its own, sent as it is: path and query are not rewritten, redirects not followed.
 * @throws what the network says
 */
export function send({ method, url, headers, body }: SentRequest, signal: AbortSignal): Promise<Answer> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, ...length }, agent: false, signal });
    sent.once('error', reject);
    sent.once('response', (response) => void read(response).then(resolve, reject));
    sent.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) break;
  }
  const body = Buffer.concat(chunks).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** The message of one of our own refusals, `{"error": {"status", "message"}}`; null: somebody else has answered. */
export function refusalIn({ status, body }: Pick<Answer, 'status' | 'body'>): string | null {
  try {
    const { error } = JSON.parse(body) as { error?: { status?: unknown; message?: unknown } };
    return error?.status === status && typeof error.message === 'string' ? error.message : null;
  } catch {
    return null;
  }
}
