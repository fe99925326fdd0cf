import { Agent, request as httpRequest } from 'node:http';
import { type StackDescription } from '../stack/description';

/** ms; longer than anything that is promised, so that what hangs is seen as such */
const GIVES_UP_MS = 15_000;
/** the first of the callers' numbers: national, as Exotel writes them */
const FIRST_NUMBER = 9_100_000_000;

export interface Answer {
  /** null: none came */
  status: number | null;
  retryAfter: string | null;
  tookMs: number;
  why: string | null;
}

let callers = 0;

/** A number that nobody in this run has called from yet. */
export const newNumber = (): string => `0${FIRST_NUMBER + callers++}`;

export function authorizationOf({ accounts }: StackDescription): string {
  const known = accounts.find(({ provider }) => provider === 'exotel');
  return `Basic ${Buffer.from(`${known?.username}:${known?.password}`).toString('base64')}`;
}

/** Sends Exotel's webhooks, each on a connection of its own unless an agent is given. */
export class Webhooks {
  private readonly headers: Record<string, string>;
  private next = 0;

  constructor(
    private readonly stack: StackDescription,
    private readonly agent: Agent | false = false,
  ) {
    this.headers = { Authorization: authorizationOf(stack), Accept: '*/*' };
  }

  /** Passthru before the Voicebot applet: who is calling. */
  announce(callId: string, from = newNumber()): Promise<Answer> {
    return this.get({ CallSid: callId, CallFrom: from, CallTo: '08000000002', Direction: 'incoming' });
  }

  /** Passthru behind the Voicebot applet: the stream is over. */
  afterBot(callId: string, from: string): Promise<Answer> {
    return this.get({
      CallSid: callId,
      CallFrom: from,
      CallTo: '08000000002',
      Direction: 'incoming',
      CallStatus: 'in-progress',
      'Stream[StreamSID]': `s${callId}`,
      'Stream[Status]': 'completed',
      'Stream[Duration]': '4',
      'Stream[DisconnectedBy]': 'user',
    });
  }

  /** The call is over. */
  status(callId: string, from: string): Promise<Answer> {
    const body = new URLSearchParams({
      CallSid: callId,
      EventType: 'terminal',
      Status: 'completed',
      From: from,
      To: '08000000002',
      Direction: 'inbound',
    }).toString();
    return this.send('POST', '/webhooks/exotel/default/status', body);
  }

  private get(query: Record<string, string>): Promise<Answer> {
    return this.send('GET', `/webhooks/exotel/default/passthru?${new URLSearchParams(query).toString()}`, '');
  }

  private send(method: string, path: string, body: string): Promise<Answer> {
    const base = this.stack.webhookUrl[this.next++ % this.stack.webhookUrl.length] ?? '';
    const sentAt = performance.now();
    const form =
      method === 'POST'
        ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) }
        : {};
    return new Promise((resolve) => {
      const settle = (status: number | null, retryAfter: string | null, why: string | null): void =>
        resolve({ status, retryAfter, why, tookMs: performance.now() - sentAt });
      const request = httpRequest(base + path, {
        method,
        headers: { ...this.headers, ...form },
        agent: this.agent,
        signal: AbortSignal.timeout(GIVES_UP_MS),
      });
      request.once('error', (error) => settle(null, null, error.message));
      request.once('response', (response) => {
        response.once('error', (error) => settle(null, null, error.message));
        response.once('end', () =>
          settle(response.statusCode ?? null, response.headers['retry-after'] ?? null, null),
        );
        response.resume();
      });
      request.end(body);
    });
  }
}
