import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { WebhookCall } from './provider-side';

/** ms */
const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface Answer {
  /** null: no answer, and `body` says why */
  status: number | null;
  body: string;
}

/**
 * Sends one request on a connection of its own, as providers do, with these headers and no more (`fetch` would add
 * some and keep the connection). Never throws.
 * @param timeoutMs of all of it
 */
export function sendRequest(
  baseUrl: string,
  { method, path, headers, body }: WebhookCall,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  const url = new URL(baseUrl + path);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ status: null, body: error.message });
    const length = method === 'POST' ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
    const signal = AbortSignal.timeout(timeoutMs);
    const request = send(url, { method, headers: { ...headers, ...length }, agent: false, signal });
    request.once('error', fail);
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > MAX_ANSWER_BYTES) request.destroy(new Error('The answer is too long.'));
        else parts.push(part);
      });
      response.once('error', fail);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? null, body: Buffer.concat(parts).toString('utf8') }),
      );
    });
    request.end(body);
  });
}

export const isSuccess = (answer: Answer): boolean =>
  answer.status !== null && answer.status >= 200 && answer.status < 300;

/** Without the query: it holds people's numbers. */
export const webhookName = ({ method, path }: WebhookCall): string =>
  `${method} ${path.replace(/\?.*$/, '')}`;

export function pickOne<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
  const picked = choices[Math.floor(Math.random() * choices.length)];
  if (picked === undefined) throw new RangeError('Nothing to pick from.');
  return picked;
}
