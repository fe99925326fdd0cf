import { CLOSES, type CloseName } from '@greenroom/contracts';
import { errorFields, type Logger } from '@greenroom/platform';
import {
  Reorder,
  type InboundMessage,
  type MediaAdapter,
  type MediaCodec,
  type StreamStart,
  type WireMessage,
} from '@greenroom/telephony';
import type { RawData, WebSocket } from 'ws';
import type { AudioEvent } from './audio-ring';
import type { GatewayMetrics } from './gateway-metrics';
import { InboundBuffer, type StreamEvent } from './inbound-buffer';

/** Messages that one socket may send and we cannot understand, before it is closed. */
const MAX_MALFORMED = 20;
/** Audio that came early waits for no more than so many messages: at 20 ms each, the caller is heard 100 ms late at most. */
const MAX_EARLY = 5;
/** Closes that are part of a call's story and are told there. */
const ORDINARY: ReadonlySet<CloseName> = new Set([
  'finished',
  'noCustomerData',
  'goingAway',
  'notOwner',
  'callOver',
]);
/** Made once: each would take the time of a stack trace. */
const GONE = new DOMException('The caller is gone.', 'AbortError');
/** A peer that has not answered our close by then is cut off. */
const CLOSE_TIMEOUT_MS = 5000;

/** @param now clock time (`performance.now`) at which it is told, which for what was kept is not when it came */
export type StreamListener = (event: StreamEvent, now: number) => void;

/** @param start what the stream said of its call; null: its socket is gone before it has sent a valid one */
export type Begun = (start: StreamStart | null, connection: MediaConnection) => void;

export interface ConnectionOptions {
  startTimeoutMs: number;
  audioRingMs: number;
  maxUnsentBytes: number;
  metrics: GatewayMetrics;
  logger: Logger;
}

/**
 * One media socket: turns its frames into events in their order, keeps what nobody listens to yet, and closes once,
 * with a code and a reason from the table. It knows nothing of sessions and nothing of conversations.
 *
 * The listeners are attached in the constructor, so in the same turn as the handshake: providers send their first
 * frames in the same TCP segment. Before its `start` a socket may be anybody's, and there may be thousands: until then
 * nothing is made for it that only a call needs.
 */
export class MediaConnection {
  private opened: MediaCodec | null = null;
  private start: StreamStart | null = null;
  private left = false;
  private gone: AbortController | null = null;
  private readonly startTimer: NodeJS.Timeout;
  /** what was said while nobody listened; null before the `start` */
  buffer: InboundBuffer | null = null;
  private listener: StreamListener | null = null;
  /** clock time (`performance.now`) of the last message from the provider, and of its `start` */
  lastMessageAt = performance.now();
  startedAt = this.lastMessageAt;
  private malformed = 0;
  /** null: audio comes in order, or none has come yet */
  private early: Reorder<AudioEvent> | null = null;
  /** the provider has said that the stream has ended, which it does when the call is over */
  stopped = false;
  private closing: CloseName | null = null;
  /** what the peer closed with, or we; null while it is open */
  closeCode: number | null = null;

  constructor(
    private readonly socket: WebSocket,
    private readonly adapter: Pick<MediaAdapter, 'open' | 'stream'>,
    private readonly options: ConnectionOptions,
    private readonly begun: Begun,
  ) {
    this.startTimer = setTimeout(() => this.close('startTimeout'), options.startTimeoutMs);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('close', (code) => this.leave(code));
    // `close` follows; without a listener the process would end
    socket.on('error', (error) => {
      this.options.metrics.dropped.inc({ why: 'protocol-error' });
      this.log({ why: 'protocol-error', ...errorFields(error) });
    });
  }

  get codec(): MediaCodec {
    return (this.opened ??= this.adapter.open());
  }

  /** Aborted when the caller is gone: stop message, close, or an error. */
  get ended(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.left) this.gone.abort(GONE);
    return this.gone.signal;
  }

  /** Which of the closes we sent, if the close was ours. */
  get closedBy(): CloseName | null {
    return this.closing;
  }

  /** From now on events go to this listener, what was kept first. */
  listen(listener: StreamListener): void {
    this.options.metrics.droppedAudio.inc(this.buffer?.droppedMs ?? 0);
    for (const event of this.buffer?.take() ?? []) listener(event, performance.now());
    this.listener = listener;
  }

  /** @returns false if the socket is gone, or its peer does not read and is being cut off */
  send(message: WireMessage): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    if (this.socket.bufferedAmount > this.options.maxUnsentBytes) {
      this.close('notReading');
      this.socket.terminate();
      return false;
    }
    this.socket.send(message);
    return true;
  }

  /** The first close counts; later ones change nothing. */
  close(why: CloseName): void {
    if (this.closing || this.socket.readyState !== this.socket.OPEN) return;
    this.closing = why;
    this.options.metrics.closes.inc({ why });
    if (!ORDINARY.has(why)) this.log({ why });
    const { code, reason } = CLOSES[why];
    this.socket.close(code, reason);
    const cut = setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS);
    this.socket.once('close', () => clearTimeout(cut));
    this.leave(code);
  }

  private log(fields: object): void {
    const callId = this.start?.callId ?? null;
    this.options.logger.warn({ callId, malformed: this.malformed, ...fields }, 'stream closed by us');
  }

  private leave(code: number): void {
    this.closeCode ??= code;
    if (this.left) return;
    this.left = true;
    clearTimeout(this.startTimer);
    this.gone?.abort(GONE);
    this.buffer?.take();
    if (!this.start) this.begun(null, this);
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.closing) return;
    this.lastMessageAt = performance.now();
    const message = isBinary ? this.codec.decode(data as Buffer) : this.codec.decodeText(data as Buffer);
    if (message.kind === 'audio') return this.hear(message);
    if (message.kind === 'dtmf' || message.kind === 'mark') return this.pass(message);
    if (message.kind === 'malformed') return this.refuse(message.reason);
    if (message.kind === 'ignored') return this.options.metrics.dropped.inc({ why: 'unknown-event' });
    if (message.kind === 'start') return this.begin(message.start);
    if (message.kind === 'stop') this.stop();
  }

  /** A `start` that names no call can be followed by nothing good; anything else may be one bad message. */
  private refuse(reason: string): void {
    this.drop('malformed');
    if (!this.start && reason.startsWith('start:')) this.close('badStart');
  }

  private begin(start: StreamStart): void {
    if (this.start) return this.drop('second-start');
    if (this.left) return;
    this.start = start;
    this.startedAt = this.lastMessageAt;
    this.buffer = new InboundBuffer(this.options.audioRingMs, start.format);
    if (!this.adapter.stream.ordered) this.early = new Reorder({ maxHeld: MAX_EARLY });
    clearTimeout(this.startTimer);
    this.begun(start, this);
  }

  private stop(): void {
    this.stopped = true;
    if (this.early) for (const event of this.early.flush()) this.tell(event);
    this.leave(1000);
  }

  /** Audio is put in order; digits and marks wait for nothing, since they are told when they happen. */
  private hear({ payload, sequence, timestampMs }: Extract<InboundMessage, { kind: 'audio' }>): void {
    if (!this.start) return this.close('mediaBeforeStart');
    const event: AudioEvent = { kind: 'audio', payload, timestampMs, cameAt: this.lastMessageAt };
    const { early } = this;
    if (!early) return this.tell(event);
    const late = early.dropped;
    for (const due of early.push(sequence, event)) this.tell(due);
    if (early.dropped > late) this.options.metrics.dropped.inc({ why: 'late-audio' });
  }

  private pass(event: Extract<InboundMessage, { kind: 'dtmf' | 'mark' }>): void {
    if (!this.start) return this.close('mediaBeforeStart');
    this.tell(event);
  }

  private tell(event: StreamEvent): void {
    if (this.listener) this.listener(event, this.lastMessageAt);
    else if (!this.left) this.buffer?.push(event);
  }

  private drop(why: string): void {
    this.options.metrics.dropped.inc({ why });
    this.malformed += 1;
    if (this.malformed > MAX_MALFORMED) this.close('badMessages');
  }
}
