import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider, Turn } from '@greenroom/contracts';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { StackInput } from './config';
import { fakeStreamUrl, nextAnswer, startAnswer, type FakeAnswer, type FakeNext } from './fake-answers';
import { FakeAssistant, type AssistantBehaviour } from './fake-assistant';
import { answerBody, commandTelnyx, type FakeCommand } from './fake-commands';
import {
  FAKE_ACCOUNTS,
  isGenuine,
  mayConnect,
  providerOf,
  PUBLIC_BASE_URL,
  PUBLIC_MEDIA_URL,
  TOKEN_SECRET,
} from './fake-credentials';
import { FakeDialect } from './fake-dialect';
import { FakeEcho, type EchoBehaviour } from './fake-echo';
import type { FakeTalk, StreamMessage } from './fake-talk';
import { readFakeWebhook, type FakeWebhook } from './fake-webhook';

/** How a fake behaves; each of it is a way in which a real Greenroom may be right or wrong. */
export interface FakeBehaviour extends EchoBehaviour {
  waitTimeoutMs?: number;
  /** holds a conversation; left out: echoes */
  assistant?: AssistantBehaviour;
  /** what it says when it is asked what is next; `nothing`: 500. Left out: Twilio's answer has no `action` */
  next?: FakeNext;
  /** where Telnyx's API is; a fake that does not know it sends no command */
  apiUrl?: string;
  /** Telnyx: closes the stream, and leaves the call up */
  leavesUp?: boolean;
  /** phone of everybody's customer; otherwise the caller's own */
  phone?: string;
  /** upgrades that are answered 503 before one is accepted */
  refusals?: number;
}

interface Seen {
  webhooks: FakeWebhook[];
  upgrades: { path: string; authorization: string | undefined }[];
  /** what is binary stands as its length in bytes */
  messages: (StreamMessage & { bytes?: number })[];
  commands: FakeCommand[];
  /** paths of webhooks and events of streams, but for audio, as they came */
  order: string[];
}

const API_KEY = 'fake-key';

/** A Greenroom in one process that has no stores: for this project's own specs. */
export class FakeGreenroom {
  readonly seen: Seen = { webhooks: [], upgrades: [], messages: [], commands: [], order: [] };
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
      if (busy || !mayConnect(request)) {
        socket.end(`HTTP/1.1 ${busy ? 503 : 401} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      } else
        this.sockets.handleUpgrade(request, socket, head, (stream) =>
          this.serve(stream, providerOf(request)),
        );
    });
  }

  async listen(): Promise<StackInput> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    const { port } = this.http.address() as AddressInfo;
    return {
      webhookUrl: `http://127.0.0.1:${port}`,
      mediaUrl: [`ws://127.0.0.1:${port}`],
      publicBaseUrl: PUBLIC_BASE_URL,
      publicMediaUrl: PUBLIC_MEDIA_URL,
      apiKey: API_KEY,
      waitTimeoutMs: this.behaviour.waitTimeoutMs ?? 1000,
      streamTokenSecret: TOKEN_SECRET,
      accounts: FAKE_ACCOUNTS,
    };
  }

  /** Connections that somebody has left open; those that are just being closed get a moment for it. */
  async openConnections(): Promise<number> {
    const count = (): Promise<number> =>
      new Promise((resolve, reject) =>
        this.http.getConnections((error, open) => (error ? reject(error) : resolve(open))),
      );
    for (let tries = 0; tries < 500 && (await count()) > 0; tries += 1) await sleep(20);
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
    const { pathname } = new URL(request.url ?? '', 'http://fake');
    const { status, text } = pathname.startsWith('/v1/')
      ? this.record(pathname, request.headers.authorization)
      : this.webhook(request, body);
    response.writeHead(status).end(text);
  }

  private webhook(request: IncomingMessage, body: string): FakeAnswer {
    if (!isGenuine(request, body)) return { status: 401, text: '' };
    const webhook = readFakeWebhook(request, body);
    const { provider, path, operation, event, callId } = webhook;
    this.seen.order.push(event === '' ? path : `${path} ${event}`);
    this.seen.webhooks.push(webhook);
    const asks = nextAskedBy(webhook);
    if (asks) return asks === 'nothing' ? NOTHING : nextAnswer(asks, this.behaviour.next);
    if (event === 'streaming.failed' && !this.behaviour.leavesUp) void this.command(callId, 'hangup');
    if (/^(passthru|voice|answer|texml)$/.test(operation) || event === 'call.initiated')
      this.announce(webhook);
    const named = operation === 'answer' ? `answer.${provider}` : operation;
    return { status: 200, text: startAnswer(named, callId, this.behaviour.next) };
  }

  private announce({ callId, from, event }: FakeWebhook): void {
    const phone = from.replace(/^0/, '+91').replace(/^(?!\+)/, '+');
    if (event === 'call.initiated') void this.command(callId, 'answer');
    this.phones.set(callId, this.behaviour.phone ?? phone);
    this.waiters.get(callId)?.();
  }

  /** A job of the queue's, as it were. */
  private async command(callId: string, action: 'answer' | 'hangup' | 'transfer'): Promise<void> {
    const { apiUrl } = this.behaviour;
    if (apiUrl === undefined) return;
    const bodies = {
      answer: answerBody(fakeStreamUrl('telnyx', callId)),
      hangup: {},
      transfer: { to: '+918000000003', target_leg_client_state: 'c3RhdGU=' },
    };
    this.seen.commands.push(await commandTelnyx(apiUrl, callId, action, bodies[action]));
  }

  private hangUp(stream: WebSocket, provider: Provider, callId: string, reason: string): void {
    stream.close(1000, reason);
    if (provider !== 'telnyx' || this.behaviour.leavesUp) return;
    void this.command(callId, this.behaviour.next === 'transfer' ? 'transfer' : 'hangup');
  }

  private serve(stream: WebSocket, provider: Provider): void {
    let callId = '';
    let ready = false;
    let startedAt = 0;
    const dialect = new FakeDialect(provider);
    const hangUp = (reason: string): void => this.hangUp(stream, provider, callId, reason);
    const talk = this.newTalk(stream, dialect, () => hangUp('Conversation finished'));
    const begin = (): void => {
      const found = ready ? 'cache' : 'event';
      ready = true;
      const waitedMs = Math.round(performance.now() - startedAt);
      this.outcomes.set(callId, { outcome: 'completed', found, waitedMs });
      talk.begin();
    };
    stream.on('message', (data: RawData, isBinary) => {
      const message = dialect.read(this.note(data as Buffer, isBinary));
      talk.take(message);
      if (!message.start) return;
      startedAt = performance.now();
      callId = message.start.callId;
      ready = this.phones.has(callId);
      if (ready) return begin();
      const giveUp = setTimeout(() => {
        this.giveUp(callId);
        hangUp('No customer data found after waiting');
      }, this.behaviour.waitTimeoutMs ?? 1000);
      stream.once('close', () => clearTimeout(giveUp));
      this.waiters.set(callId, () => {
        clearTimeout(giveUp);
        if (!ready) begin();
      });
    });
  }

  private newTalk(stream: WebSocket, dialect: FakeDialect, hangUp: () => void): FakeTalk {
    const line = {
      get audio() {
        return dialect.audio;
      },
      send: (message: object) => stream.send(dialect.write(message as StreamMessage)),
      hangUp,
    };
    const { assistant } = this.behaviour;
    return assistant ? new FakeAssistant(line, assistant) : new FakeEcho(line, this.behaviour);
  }

  private note(data: Buffer, isBinary: boolean): StreamMessage | Buffer {
    if (isBinary) {
      this.seen.messages.push({ event: 'binary', bytes: data.length });
      return data;
    }
    const message = JSON.parse(data.toString('utf8')) as StreamMessage;
    this.seen.messages.push(message);
    if (!message.media) this.seen.order.push(message.event);
    return message;
  }

  /** Of an echo there are none. */
  private turns(): { turns?: Turn[] } {
    return this.behaviour.assistant ? { turns: [TURN] } : {};
  }

  private giveUp(callId: string): void {
    const waitedMs = this.behaviour.waitTimeoutMs ?? 1000;
    this.outcomes.set(callId, { outcome: 'no-customer-data', found: null, waitedMs });
  }

  private record(path: string, authorization: string | undefined): { status: number; text: string } {
    const [, , , provider, account, callId = ''] = path.split('/').map(decodeURIComponent);
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

const NOTHING: FakeAnswer = { status: 200, text: '' };

/** In which form a webhook asks what is next; Vonage tells the beginning of its stream's leg at the same URL. */
function nextAskedBy({ provider, operation, event, parameters }: FakeWebhook) {
  if ('Stream[StreamSID]' in parameters) return 'status';
  if (operation !== 'next' && operation !== 'after-stream') return null;
  if (provider !== 'vonage') return 'xml';
  return event === 'disconnected' ? 'ncco' : 'nothing';
}

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
