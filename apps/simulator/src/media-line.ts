import { WebSocket, type RawData } from 'ws';
import type { Caller } from './caller';
import type { RuleKeeper } from './outbound-rules';
import { pace } from './pace';
import type { Played, Playout } from './playout';
import type { LineAudio, StreamMessages } from './provider-side';
import type { Timeline } from './timeline';

/** ms; Exotel gives the handshake about this long (support article 3000132302) */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** ms that Greenroom has to answer our close before the connection is cut */
const CLOSE_TIMEOUT_MS = 5000;

/** Everything that one stream needs beside its socket. */
export interface LineParts {
  audio: LineAudio;
  messages: StreamMessages;
  caller: Caller;
  playout: Playout;
  rules: RuleKeeper;
  timeline: Timeline;
  /** whether the caller has what it wanted, and so hangs up; asked once a frame, with the ms on the line */
  hangsUp: (onLineMs: number) => boolean;
  signal: AbortSignal | undefined;
}

export type Handshake = { open: true } | { open: false; status: number | null; reason: string };

export interface LineEnd {
  close: { code: number; reason: string };
  hungUpBy: 'caller' | 'gateway';
  /** ms from `start` to the close */
  onLineMs: number;
  receivedMs: number;
  marks: { received: number; returned: number };
}

/** The provider's media server on one call: one socket, its two directions of audio and its clock. */
export class MediaLine {
  /** settles when the handshake is over */
  readonly handshake: Promise<Handshake>;
  /** settles when the socket is closed */
  readonly ended: Promise<LineEnd>;
  private readonly socket: WebSocket;
  private startedAt = 0;
  private hungUp = false;
  private receivedBytes = 0;
  private readonly marks = { received: 0, returned: 0 };
  private stopPacing = (): void => undefined;
  private playTimer: NodeJS.Timeout | undefined;
  private closeTimer: NodeJS.Timeout | undefined;

  /** Every listener stands before the first byte comes: a server may close in the packet that accepts. */
  constructor(
    url: string,
    headers: Record<string, string>,
    private readonly parts: LineParts,
  ) {
    this.socket = new WebSocket(url, {
      headers,
      // neither provider offers compression
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.handshake = this.awaitHandshake();
    this.ended = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve(this.end(code, reason.toString('utf8'))));
    });
    this.socket.on('message', (data, isBinary) => this.receive(data, isBinary));
  }

  /** Sends `connected` and `start`, and from then on a frame of audio for each frame of time. */
  start(): void {
    this.startedAt = performance.now();
    for (const message of this.parts.messages.opening()) this.send(message);
    this.stopPacing = pace(this.parts.audio.frameMs, () => this.tick());
    this.parts.signal?.addEventListener('abort', this.hangUp, { once: true });
    if (this.parts.signal?.aborted) this.hangUp();
  }

  private awaitHandshake(): Promise<Handshake> {
    return new Promise((resolve) => {
      this.socket.once('open', () => resolve({ open: true }));
      this.socket.once('unexpected-response', (_request, response) => {
        const status = response.statusCode ?? null;
        resolve({ open: false, status, reason: `the upgrade was answered with ${status ?? 'nothing'}` });
        this.socket.terminate();
      });
      this.socket.on('error', (error) => resolve({ open: false, status: null, reason: error.message }));
    });
  }

  private tick(): void {
    const { caller, messages, hangsUp } = this.parts;
    this.send(messages.media(caller.nextFrame()));
    const digit = caller.nextDigit();
    if (digit !== null) {
      this.send(messages.dtmf(digit));
      this.parts.timeline.add('provider', `caller presses ${digit}`);
    }
    if (hangsUp(performance.now() - this.startedAt)) this.hangUp();
  }

  private readonly hangUp = (): void => {
    if (this.hungUp || this.socket.readyState !== WebSocket.OPEN) return;
    this.hungUp = true;
    this.stopPacing();
    this.parts.timeline.add('provider', 'caller hangs up: stop, close');
    this.send(this.parts.messages.stop());
    this.socket.close(1000);
    this.closeTimer = setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS);
  };

  private receive(data: RawData, isBinary: boolean): void {
    const now = performance.now();
    const { messages, playout, rules, timeline } = this.parts;
    if (isBinary) return rules.note('binary', 'a binary message');
    const message = messages.read((data as Buffer).toString('utf8'));
    switch (message.kind) {
      case 'media':
        if (this.receivedBytes === 0) timeline.add('gateway', 'first audio comes');
        this.receivedBytes += message.payload.length;
        rules.checkMedia(message.payload.length, playout.leadMs(now));
        playout.add(message.payload, now);
        break;
      case 'mark':
        this.marks.received += 1;
        playout.mark(message.name, now);
        break;
      case 'clear':
        timeline.add('gateway', 'clear');
        this.play(playout.clear(now));
        break;
      case 'wrong':
        rules.note(message.what, message.what);
        break;
    }
    this.playOn();
  }

  private readonly playOn = (): void => {
    const now = performance.now();
    this.play(this.parts.playout.advance(now));
    const dueAt = this.parts.playout.dueAt();
    clearTimeout(this.playTimer);
    if (dueAt !== null) this.playTimer = setTimeout(this.playOn, Math.max(0, Math.ceil(dueAt - now)));
  };

  private play(played: readonly Played[]): void {
    for (const item of played) {
      if (item.kind === 'audio') this.hear(item.payload);
      else this.returnMark(item.name);
    }
  }

  private hear(payload: Uint8Array): void {
    const { caller, timeline } = this.parts;
    const before = caller.heardBack;
    caller.hear(payload);
    if (!before && caller.heardBack) timeline.add('provider', 'caller has heard back all that it said');
  }

  private returnMark(name: string): void {
    this.marks.returned += 1;
    this.send(this.parts.messages.mark(name));
    this.parts.timeline.add('provider', `mark ${name} returned: played`);
  }

  private send(text: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  private end(code: number, reason: string): LineEnd {
    const now = performance.now();
    this.stopPacing();
    clearTimeout(this.closeTimer);
    this.parts.signal?.removeEventListener('abort', this.hangUp);
    this.play(this.parts.playout.cutOff(now));
    clearTimeout(this.playTimer);
    return {
      close: { code, reason },
      hungUpBy: this.hungUp ? 'caller' : 'gateway',
      onLineMs: this.startedAt === 0 ? 0 : now - this.startedAt,
      receivedMs: Math.round(this.receivedBytes / this.parts.audio.bytesPerMs),
      marks: this.marks,
    };
  }
}
