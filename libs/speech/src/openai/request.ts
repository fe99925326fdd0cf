import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../until-aborted';

/** A service that speaks the protocol of OpenAI's audio endpoints. */
export interface AudioService {
  /** `https://api.openai.com`, with or without `/v1` at its end */
  baseUrl: string;
  /** left out for a service that wants none */
  apiKey?: string | undefined;
  model: string;
}

export interface Limits {
  /** ms for one try */
  timeoutMs: number;
  /** ms for all of it */
  budgetMs: number;
  /** of the answer */
  maxBytes: number;
}

export interface Question {
  headers?: Record<string, string>;
  body: string | FormData;
}

export interface Answer {
  /** lower case, without its parameters; empty if there is none */
  contentType: string;
  bytes: Uint8Array;
}

/** Why a service did not answer: a status, an error code, a limit. Nothing of what was sent or received. */
export class ServiceFailed extends Error {
  /** @param passing it may go better the next time */
  constructor(
    reason: string,
    readonly passing: boolean,
  ) {
    super(reason);
  }
}

const TRIES = 2;
const RETRY_MS = 100;

/** @throws {TypeError} if the base is no URL */
export function endpointOf({ baseUrl }: AudioService, path: string): string {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  return `${base.origin}${prefix.endsWith('/v1') ? prefix : `${prefix}/v1`}/audio/${path}`;
}

export const authorizationOf = ({ apiKey }: AudioService): Record<string, string> =>
  apiKey ? { authorization: `Bearer ${apiKey}` } : {};

/**
 * POST. What may pass (no answer, 429, 5xx) is tried once more, if there is time for it.
 * No redirect is followed: the key is this service's only.
 * @throws {ServiceFailed} if there is no 200 within the limits
 * @throws the signal's reason when it aborts; the connection is then given up
 */
export async function post(
  url: string,
  question: Question,
  limits: Limits,
  signal: AbortSignal,
): Promise<Answer> {
  const endsAt = performance.now() + limits.budgetMs;
  for (let tries = 1; ; tries += 1) {
    try {
      const timeoutMs = Math.min(limits.timeoutMs, endsAt - performance.now());
      return await withDeadline(timeoutMs, signal, (until) => tryOnce(url, question, limits.maxBytes, until));
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error);
      const noTime = endsAt - performance.now() <= RETRY_MS;
      if (!failure.passing || tries >= TRIES || noTime) throw failure;
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Not `AbortSignal.any`: on Node 20 it keeps what it made for as long as the call's own signal lives. */
async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  run: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new ServiceFailed('timed out', true)), Math.max(1, ms));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await untilAborted(run(controller.signal), controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function tryOnce(
  url: string,
  { headers = {}, body }: Question,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Answer> {
  // not `error`: undici 6 forgets the signal of such a request at the next garbage collection (undici issue 4627)
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
  const { status } = response;
  if (status !== 200) {
    // an unread body would hold its connection
    await response.body?.cancel();
    throw new ServiceFailed(`status ${status}`, status === 429 || status >= 500);
  }
  const contentType = response.headers.get('content-type') ?? '';
  return {
    contentType: contentType.split(';', 1)[0]!.trim().toLowerCase(),
    bytes: await bounded(response, maxBytes),
  };
}

async function bounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > maxBytes) throw new ServiceFailed(`an answer of more than ${maxBytes} bytes`, false);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function failureOf(error: unknown): ServiceFailed {
  if (error instanceof ServiceFailed) return error;
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return new ServiceFailed(`no answer (${cause?.code ?? name ?? 'unknown'})`, true);
}
