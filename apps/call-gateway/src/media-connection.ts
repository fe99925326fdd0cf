import { CLOSES, type CloseName } from '@greenroom/contracts';
import { errorFields, type Logger } from '@greenroom/platform';
import type { InboundMessage, MediaCodec, StreamStart } from '@greenroom/telephony';
import type { RawData, WebSocket } from 'ws';
import type { GatewayMetrics } from './gateway-metrics';
import { InboundBuffer, type StreamEvent } from './inbound-buffer';

/** Messages that one socket may send and we cannot understand, before it is closed. */
const MAX_MALFORMED = 20;
/** Closes that are part of a call's story and are told there. */
const ORDINARY: ReadonlySet<CloseName> = new Set([
  'finished',
  'noCustomerData',
  'goingAway',
  'notOwner',
  'callOver',
]);
/** A peer that has not answered our close by then is cut off. */
const CLOSE_TIMEOUT_MS = 5000;

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
 * frames in the same TCP segment.
 */
export class MediaConnection {
  /** Null if the socket is gone before it has sent a valid `start`. */
  readonly started: Promise<StreamStart | null>;
  private resolveStarted!: (start: StreamStart | null) => void;
  private start: StreamStart | null = null;
  private readonly gone = new AbortController();
  private readonly startTimer: NodeJS.Timeout;
  readonly buffer: InboundBuffer;
  private listener: ((event: StreamEvent) => void) | null = null;
  /** clock time (`performance.now`) of the last message from the provider, and of its `start` */
  lastMessageAt = performance.now();
  startedAt = this.lastMessageAt;
  private malformed = 0;
  private closing: CloseName | null = null;
  /** what the peer closed with, or we; null while it is open */
  closeCode: number | null = null;

  constructor(
    private readonly socket: WebSocket,
    readonly codec: MediaCodec,
    private readonly options: ConnectionOptions,
  ) {
    this.buffer = new InboundBuffer(options.audioRingMs);
    this.started = new Promise((resolve) => (this.resolveStarted = resolve));
    this.startTimer = setTimeout(() => this.close('startTimeout'), options.startTimeoutMs);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('close', (code) => this.leave(code));
    // `close` follows; without a listener the process would end
    socket.on('error', (error) => {
      this.options.metrics.dropped.inc({ why: 'protocol-error' });
      this.log({ why: 'protocol-error', ...errorFields(error) });
    });
  }

  /** Aborted when the caller is gone: stop message, close, or an error. */
  get ended(): AbortSignal {
    return this.gone.signal;
  }

  /** Which of the closes we sent, if the close was ours. */
  get closedBy(): CloseName | null {
    return this.closing;
  }

  /** From now on events go to this listener, what was kept first. */
  listen(listener: (event: StreamEvent) => void): void {
    this.options.metrics.droppedAudio.inc(this.buffer.droppedMs);
    this.buffer.take().forEach(listener);
    this.listener = listener;
  }

  /** @returns false if the socket is gone, or its peer does not read and is being cut off */
  send(message: string): boolean {
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
    clearTimeout(this.startTimer);
    this.resolveStarted(null);
    this.gone.abort();
    this.buffer.take();
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.closing) return;
    this.lastMessageAt = performance.now();
    if (isBinary) return this.drop('binary');
    const message = this.codec.decode((data as Buffer).toString('utf8'));
    if (message.kind === 'malformed') return this.refuse(message.reason);
    if (message.kind === 'ignored') return this.options.metrics.dropped.inc({ why: 'unknown-event' });
    if (message.kind === 'start') return this.begin(message.start);
    if (message.kind === 'stop') return this.leave(1000);
    if (message.kind !== 'connected') this.pass(message);
  }

  /** A `start` that names no call can be followed by nothing good; anything else may be one bad message. */
  private refuse(reason: string): void {
    this.drop('malformed');
    if (!this.start && reason.startsWith('start:')) this.close('badStart');
  }

  private begin(start: StreamStart): void {
    if (this.start) return this.drop('second-start');
    this.start = start;
    this.startedAt = this.lastMessageAt;
    clearTimeout(this.startTimer);
    this.resolveStarted(start);
  }

  private pass(message: Extract<InboundMessage, { kind: 'audio' | 'dtmf' | 'mark' }>): void {
    if (!this.start) return this.close('mediaBeforeStart');
    const event: StreamEvent =
      message.kind === 'audio'
        ? {
            kind: 'audio',
            payload: message.payload,
            durationMs: durationOf(message.payload, this.start.format),
            timestampMs: message.timestampMs,
            cameAt: this.lastMessageAt,
          }
        : message;
    if (this.listener) this.listener(event);
    else if (!this.ended.aborted) this.buffer.push(event);
  }

  private drop(why: string): void {
    this.options.metrics.dropped.inc({ why });
    this.malformed += 1;
    if (this.malformed > MAX_MALFORMED) this.close('badMessages');
  }
}

const durationOf = (payload: Uint8Array, { encoding, sampleRate }: StreamStart['format']): number =>
  (payload.byteLength / (encoding === 'mulaw' ? 1 : 2) / sampleRate) * 1000;
