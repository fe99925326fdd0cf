import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Turn } from '@greenroom/contracts';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { StackInput } from './config';
import { FakeAssistant, type AssistantBehaviour } from './fake-assistant';
import { FakeEcho, type EchoBehaviour } from './fake-echo';
import type { FakeTalk, StreamMessage } from './fake-talk';

/** How a fake behaves; each of it is a way in which a real Greenroom may be right or wrong. */
export interface FakeBehaviour extends EchoBehaviour {
  waitTimeoutMs?: number;
  /** holds a conversation; left out: echoes */
  assistant?: AssistantBehaviour;
  /** what it says when it is asked what is next; `nothing`: 500. Left out: Twilio's answer has no `action` */
  next?: 'transfer' | 'hang-up' | 'nothing';
  /** phone of everybody's customer; otherwise the caller's own */
  phone?: string;
  /** upgrades that are answered 503 before one is accepted */
  refusals?: number;
}

interface Seen {
  webhooks: { method: string; path: string; parameters: Record<string, string>; token: string | undefined }[];
  upgrades: { path: string; authorization: string | undefined }[];
  messages: Record<string, unknown>[];
  /** paths of webhooks and events of streams, but for audio, as they came */
  order: string[];
}

const PASSWORD = 'fake-password';
const AUTH_TOKEN = 'fake-token';
const API_KEY = 'fake-key';

/** A Greenroom in one process that has no stores: for this project's own specs. */
export class FakeGreenroom {
  readonly seen: Seen = { webhooks: [], upgrades: [], messages: [], order: [] };
  private readonly phones = new Map<string, string>();
  private readonly waiters = new Map<string, () => void>();
  private readonly outcomes = new Map<string, { outcome: string; found: string | null; waitedMs: number }>();
  private readonly http: Server;
  private readonly sockets = new WebSocketServer({ noServer: true });

  constructor(private readonly behaviour: FakeBehaviour = {}) {
    this.http = createServer((request, response) => void this.answer(request, response));
    this.http.on('upgrade', (request, socket, head) => {
      const path = request.url ?? '';
      this.seen.upgrades.push({ path, authorization: request.headers.authorization });
      const busy = this.seen.upgrades.length <= (this.behaviour.refusals ?? 0);
      if (busy || !this.mayConnect(request)) {
        socket.end(`HTTP/1.1 ${busy ? 503 : 401} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      } else this.sockets.handleUpgrade(request, socket, head, (stream) => this.serve(stream));
    });
  }

  async listen(): Promise<StackInput> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    const { port } = this.http.address() as AddressInfo;
    return {
      webhookUrl: `http://127.0.0.1:${port}`,
      mediaUrl: [`ws://127.0.0.1:${port}`],
      publicBaseUrl: 'https://voice.example.com/calls',
      publicMediaUrl: 'wss://media.example.com',
      apiKey: API_KEY,
      waitTimeoutMs: this.behaviour.waitTimeoutMs ?? 1000,
      accounts: [
        { provider: 'exotel', account: 'default', username: 'fake', password: PASSWORD },
        { provider: 'twilio', account: 'default', authToken: AUTH_TOKEN },
      ],
    };
  }

  /** Connections that somebody has left open; those that are just being closed get a moment for it. */
  async openConnections(): Promise<number> {
    const count = (): Promise<number> =>
      new Promise((resolve, reject) =>
        this.http.getConnections((error, open) => (error ? reject(error) : resolve(open))),
      );
    for (let tries = 0; tries < 50 && (await count()) > 0; tries += 1) await sleep(20);
    return count();
  }

  async close(): Promise<void> {
    for (const stream of this.sockets.clients) stream.terminate();
    const closed = new Promise((resolve) => this.http.close(resolve));
    this.http.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const url = new URL(request.url ?? '', 'http://fake');
    const { status, text } = url.pathname.startsWith('/v1/')
      ? this.record(url.pathname, request.headers.authorization)
      : this.webhook(request, url, body);
    response.writeHead(status).end(text);
  }

  private webhook(request: IncomingMessage, url: URL, body: string): { status: number; text: string } {
    const parameters = Object.fromEntries(new URLSearchParams(request.method === 'GET' ? url.search : body));
    const token = request.headers['i-twilio-idempotency-token'] as string | undefined;
    const signedQuery = request.method === 'POST' ? url.search : '';
    if (!this.isGenuine(request, url.pathname + signedQuery, parameters)) return { status: 401, text: '' };
    this.seen.order.push(url.pathname);
    this.seen.webhooks.push({ method: request.method ?? '', path: url.pathname, parameters, token });
    if (url.pathname.endsWith('/stream-url')) {
      return {
        status: 200,
        text: JSON.stringify({ url: `wss://u:${PASSWORD}@media.example.com/asked?kind=vip` }),
      };
    }
    if (url.pathname.endsWith('/next') || 'Stream[StreamSID]' in parameters)
      return this.whatIsNext(url.pathname);
    if (/passthru$|voice$/.test(url.pathname)) this.announce(parameters);
    return { status: 200, text: url.pathname.endsWith('/voice') ? twiml(this.behaviour.next) : '' };
  }

  private whatIsNext(path: string): { status: number; text: string } {
    const { next } = this.behaviour;
    if (next === 'nothing') return { status: 500, text: '' };
    if (!path.endsWith('/next')) return { status: next === 'transfer' ? 302 : 200, text: '' };
    const verb = next === 'transfer' ? '<Dial callerId="+1">+918000000003</Dial>' : '<Hangup/>';
    return { status: 200, text: `<?xml version="1.0"?><Response>${verb}</Response>` };
  }

  private announce({ CallSid = '', From = '' }: Record<string, string>): void {
    this.phones.set(CallSid, this.behaviour.phone ?? From.replace(/^0/, '+91'));
    this.waiters.get(CallSid)?.();
  }

  private isGenuine(request: IncomingMessage, path: string, parameters: Record<string, string>): boolean {
    if (request.headers['x-twilio-signature'] === undefined) return this.hasPassword(request);
    const sorted = Object.keys(parameters).sort();
    const signed = sorted.map((name) => name + (parameters[name] ?? '')).join('');
    return isSigned(request, `https://voice.example.com/calls${path}${signed}`);
  }

  private mayConnect(request: IncomingMessage): boolean {
    const path = request.url ?? '';
    return path.includes('twilio')
      ? isSigned(request, `wss://media.example.com${path}`)
      : this.hasPassword(request);
  }

  private hasPassword({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString('utf8');
    return given.endsWith(`:${PASSWORD}`);
  }

  private serve(stream: WebSocket): void {
    let callId = '';
    let ready = false;
    let startedAt = 0;
    const { assistant } = this.behaviour;
    const talk: FakeTalk = assistant
      ? new FakeAssistant(stream, assistant)
      : new FakeEcho(stream, this.behaviour);
    const begin = (): void => {
      const found = ready ? 'cache' : 'event';
      ready = true;
      this.outcomes.set(callId, {
        outcome: 'completed',
        found,
        waitedMs: Math.round(performance.now() - startedAt),
      });
      talk.begin();
    };
    stream.on('message', (data: RawData) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as StreamMessage;
      this.seen.messages.push(message);
      if (!message.media) this.seen.order.push(message.event);
      talk.take(message);
      if (!message.start) return;
      startedAt = performance.now();
      callId = message.start.call_sid ?? message.start.callSid ?? '';
      talk.greet(message);
      ready = this.phones.has(callId);
      if (ready) return begin();
      const giveUp = setTimeout(() => this.giveUp(callId, stream), this.behaviour.waitTimeoutMs ?? 1000);
      stream.once('close', () => clearTimeout(giveUp));
      this.waiters.set(callId, () => {
        clearTimeout(giveUp);
        if (!ready) begin();
      });
    });
  }

  /** Of an echo there are none. */
  private turns(): { turns?: Turn[] } {
    return this.behaviour.assistant ? { turns: [TURN] } : {};
  }

  private giveUp(callId: string, stream: WebSocket): void {
    this.outcomes.set(callId, {
      outcome: 'no-customer-data',
      found: null,
      waitedMs: this.behaviour.waitTimeoutMs ?? 1000,
    });
    stream.close(1000, 'No customer data found after waiting');
  }

  private record(path: string, authorization: string | undefined): { status: number; text: string } {
    const [, , , provider, account, callId = ''] = path.split('/');
    const call = this.outcomes.get(callId);
    if (authorization !== `Bearer ${API_KEY}` || !call) return { status: 404, text: '{}' };
    const phone = this.phones.get(callId);
    const session = {
      sessionId: '6f048d2e-897a-4d2d-8029-560f3f541947',
      ...{
        provider,
        account,
        callId,
        state: 'ended',
        version: 3,
        direction: 'inbound',
        from: null,
        to: null,
      },
      customer: phone
        ? {
            customerId: '6f048d2e-897a-4d2d-8029-560f3f541948',
            phone,
            fullName: 'Asha Rao',
            language: null,
            attributes: {},
          }
        : null,
      ...{ attributes: {}, enrichment: 'none', announcedAt: null },
    };
    const events = [{ at: new Date().toISOString(), type: 'session-found', data: { found: call.found } }];
    return { status: 200, text: JSON.stringify({ session, call, events, ...this.turns() }) };
  }
}

const twiml = (next: string | undefined): string => `<?xml version="1.0" encoding="UTF-8"?>
<Response><Connect${next === undefined ? '' : ' action="https://voice.example.com/calls/next?from=stream"'}>
  <Stream url="wss://media.example.com/ws/twilio/default" statusCallback="https://voice.example.com/calls/ended">
    <Parameter name="sessionId" value="A &amp; B"/>
  </Stream>
</Connect></Response>`;

const TURN: Turn = {
  number: 1,
  who: 'assistant',
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_001_000,
  endedBy: 'played',
  text: 'Hello',
  digits: null,
  lengthMs: 1000,
  heardMs: 1000,
  heardText: 'Hello',
  speechMs: null,
  step: 'greeting',
};

function isSigned({ headers }: IncomingMessage, signed: string): boolean {
  return headers['x-twilio-signature'] === createHmac('sha1', AUTH_TOKEN).update(signed).digest('base64');
}
