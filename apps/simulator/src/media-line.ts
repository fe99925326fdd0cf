import { WebSocket, type RawData } from 'ws';
import type { Caller } from './caller/caller';
import type { Handset } from './handset';
import { LateFirst } from './late-first';
import type { RuleKeeper } from './outbound-rules';
import { pace } from './pace';
import type { Played, PlayedMark, Playout } from './playout';
import type { HungUpBy, LineAudio, StreamMessages, WireMessage } from './provider-side';
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
  handset: Handset;
  playout: Playout;
  rules: RuleKeeper;
  timeline: Timeline;
  /** which marks are lost on their way back */
  loseMarks: 'first' | 'all' | undefined;
  /** in each window of so many media messages the first comes last; 1: they come in order */
  reorder: number;
  /** ms on the line after which the caller gives up */
  limitMs: number;
  /** what the provider does first when its caller hangs up; Greenroom hears of the end when it settles */
  beforeStop: ((onLineMs: number) => Promise<void>) | null;
  /** told at once when the caller hangs up */
  onHangUp: () => void;
  signal: AbortSignal | undefined;
}

export type Handshake = { open: true } | { open: false; status: number | null; reason: string };

export interface LineEnd {
  close: { code: number; reason: string };
  hungUpBy: HungUpBy;
  /** when `start` was sent, by `performance.now()`; null: never */
  startedAt: number | null;
  /** ms from `start` to the close */
  onLineMs: number;
  receivedMs: number;
  marks: { received: number; returned: number };
}

/**
 * The provider's media server on one call: one socket, its two directions of audio and its clock. Play-out, handset and
 * caller count their ms from the stream's `start`.
 */
export class MediaLine {
  /** settles when the handshake is over */
  readonly handshake: Promise<Handshake>;
  /** settles when the socket is closed */
  readonly ended: Promise<LineEnd>;
  private readonly socket: WebSocket;
  private startedAt: number | null = null;
  private hungUp: 'caller' | 'api' | null = null;
  private readonly lateFirst: LateFirst<WireMessage>;
  private receivedBytes = 0;
  private playedMarks = 0;
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
    this.lateFirst = new LateFirst(parts.reorder);
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
    this.stopPacing = pace(this.startedAt, this.parts.audio.frameMs, () => this.tick());
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

  /** ms since `start`; 0 before it */
  private now(): number {
    return this.startedAt === null ? 0 : performance.now() - this.startedAt;
  }

  private tick(): void {
    const { caller, handset, messages, playout, timeline } = this.parts;
    // what the caller does follows from what it has heard by now, also where the timer of that is late
    this.play(playout.advance(this.now()));
    const fromMs = caller.sentMs;
    const media = messages.media(handset.spoken(caller.nextFrame(), fromMs));
    for (const message of this.lateFirst.next(media)) this.send(message);
    const digit = caller.nextDigit();
    if (digit !== null) {
      this.send(messages.dtmf(digit));
      timeline.add('provider', `caller presses ${digit}`, 'digit');
    }
    if (this.now() >= this.parts.limitMs || caller.leaves(this.now())) this.hangUp();
  }

  /** A command has ended the call: the provider hangs up on both sides. */
  hangUpByCommand(): void {
    if (this.hungUp || this.socket.readyState !== WebSocket.OPEN) return;
    this.hungUp = 'api';
    this.stopPacing();
    this.stop();
  }

  private readonly hangUp = (): void => {
    if (this.hungUp || this.socket.readyState !== WebSocket.OPEN) return;
    this.hungUp = 'caller';
    this.stopPacing();
    this.parts.onHangUp();
    this.parts.timeline.add('provider', 'caller hangs up: stop, close');
    if (this.parts.beforeStop) void this.parts.beforeStop(this.now()).then(() => this.stop());
    else this.stop();
  };

  private stop(): void {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    for (const message of this.lateFirst.flush()) this.send(message);
    this.sendIfAny(this.parts.messages.stop());
    this.socket.close(1000);
    this.closeTimer = setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS);
  }

  private receive(data: RawData, isBinary: boolean): void {
    const now = this.now();
    const { handset, messages, playout, rules, timeline } = this.parts;
    if (this.startedAt === null) return rules.note('early-message', 'a message before the stream’s start');
    const bytes = data as Buffer;
    const message = messages.read(isBinary ? bytes : bytes.toString('utf8'));
    switch (message.kind) {
      case 'media':
        this.receiveAudio(message.payload, now);
        break;
      case 'mark':
        this.marks.received += 1;
        handset.markCame(message.name, now);
        playout.mark(message.name, now);
        break;
      case 'clear':
        timeline.add('gateway', 'clear', 'clear');
        this.play(playout.clear(now));
        handset.cleared(now, playout.audioEndsAt);
        this.sendIfAny(messages.cleared());
        break;
      case 'wrong':
        rules.note(message.what, message.what);
        break;
    }
    this.playOn();
  }

  private receiveAudio(payload: Uint8Array, now: number): void {
    const { handset, playout, rules, timeline } = this.parts;
    this.receivedBytes += payload.length;
    rules.checkMedia(payload.length, playout.leadMs(now));
    if (!handset.queued(payload, playout.add(payload, now))) return;
    const count = handset.prompts.list.length;
    timeline.add('gateway', count === 1 ? 'first audio comes' : `prompt ${count} begins`);
  }

  private readonly playOn = (): void => {
    const now = this.now();
    this.play(this.parts.playout.advance(now));
    const dueAt = this.parts.playout.dueAt();
    clearTimeout(this.playTimer);
    if (dueAt !== null) this.playTimer = setTimeout(this.playOn, Math.max(0, Math.ceil(dueAt - now)));
  };

  private play(played: readonly Played[]): void {
    for (const item of played) {
      if (item.kind === 'mark') this.returnMark(item);
      else {
        this.parts.handset.played(item);
        this.hear(item.payload);
      }
    }
  }

  private hear(payload: Uint8Array): void {
    const { caller, timeline } = this.parts;
    const before = caller.heardBack;
    caller.hear(payload);
    if (!before && caller.heardBack) timeline.add('provider', 'caller has heard back all that it said');
  }

  private returnMark(mark: PlayedMark): void {
    const { handset, loseMarks, messages, timeline } = this.parts;
    const what = mark.cleared ? 'cleared' : 'played';
    this.playedMarks += 1;
    const isLost = loseMarks === 'all' || (loseMarks === 'first' && this.playedMarks === 1);
    if (isLost) timeline.add('provider', `mark ${mark.name} lost: ${what}`, 'mark-lost');
    const isReturned = !isLost && this.send(messages.mark(mark.name));
    handset.markPlayed(mark, isReturned ? this.now() : null);
    if (!isReturned) return;
    this.marks.returned += 1;
    timeline.add('provider', `mark ${mark.name} returned: ${what}`, 'mark');
  }

  private sendIfAny(message: WireMessage | null): void {
    if (message !== null) this.send(message);
  }

  /** @returns whether the line was still open */
  private send(message: WireMessage): boolean {
    const isOpen = this.socket.readyState === WebSocket.OPEN;
    if (isOpen) this.socket.send(message);
    return isOpen;
  }

  private end(code: number, reason: string): LineEnd {
    const now = this.now();
    this.stopPacing();
    clearTimeout(this.closeTimer);
    this.parts.signal?.removeEventListener('abort', this.hangUp);
    this.play(this.parts.playout.cutOff(now));
    this.parts.handset.ended(this.parts.playout.audioEndsAt);
    clearTimeout(this.playTimer);
    return {
      close: { code, reason },
      hungUpBy: this.hungUp ?? 'gateway',
      startedAt: this.startedAt,
      onLineMs: now,
      receivedMs: Math.round(this.receivedBytes / this.parts.audio.bytesPerMs),
      marks: this.marks,
    };
  }
}
