import WebSocket from 'ws';

export interface Target {
  /** `ws://…`, without a path */
  mediaUrl: string;
  authorization: string;
}

export interface Ended {
  code: number;
  reason: string;
  /** `performance.now` */
  at: number;
}

const FRAME_MS = 100;
/** 100 ms of 16-bit samples at 8 kHz */
const FRAME = Buffer.alloc(1600, 1).toString('base64');
/** the gateway answers a stop with its close; one that does not is left after so long */
const LEAVE_MS = 3000;

/** One media stream, as Exotel's side sees it. What is said is 100 ms frames; what comes back is counted. */
export class Caller {
  /** 101, or the status that the upgrade was refused with, or 0: not even that */
  readonly answered: Promise<number>;
  readonly ended: Promise<Ended>;
  /** `performance.now`; null: not yet */
  startedAt: number | null = null;
  firstHeardAt: number | null = null;
  heardMessages = 0;
  end: Ended | null = null;
  private sequence = 0;
  private spoken = 0;
  private talking: NodeJS.Timeout | null = null;
  private readonly socket: WebSocket;

  constructor(
    target: Target,
    readonly callId: string,
  ) {
    this.socket = new WebSocket(`${target.mediaUrl}/ws/exotel/default`, {
      headers: { authorization: target.authorization },
      perMessageDeflate: false,
    });
    this.answered = new Promise((resolve) => {
      this.socket.once('open', () => resolve(101));
      this.socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        response.resume();
        this.socket.terminate();
      });
      this.socket.once('close', () => resolve(0));
    });
    this.ended = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => {
        this.hush();
        this.end = { code, reason: reason.toString(), at: performance.now() };
        resolve(this.end);
      });
    });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => this.hear(data));
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  start(): void {
    const { callId } = this;
    this.send(JSON.stringify({ event: 'connected' }));
    const media_format = { encoding: 'raw', sample_rate: '8000', bit_rate: '16' };
    const start = {
      stream_sid: `s${callId}`,
      call_sid: callId,
      account_sid: 'chaosaccount1',
      from: '09000000001',
      to: '08000000002',
      media_format,
    };
    this.numbered('start', { start });
    this.startedAt = performance.now();
  }

  /** Says so many frames at once. */
  say(frames: number): void {
    for (let each = 0; each < frames; each++) this.frame();
  }

  /** Says a frame after another from now on, in real time. */
  talk(framesAtATime = 1): void {
    this.talking ??= setInterval(() => this.say(framesAtATime), FRAME_MS * framesAtATime);
  }

  hush(): void {
    if (this.talking) clearInterval(this.talking);
    this.talking = null;
  }

  send(message: string | Buffer): void {
    if (this.isOpen) this.socket.send(message, () => undefined);
  }

  /** As a provider does: the stop message, then the gateway's close. */
  async hangUp(): Promise<Ended> {
    this.hush();
    this.numbered('stop', { stop: { call_sid: this.callId, reason: 'callended' } });
    const leaving = setTimeout(() => this.socket.close(1000), LEAVE_MS);
    const ended = await this.ended;
    clearTimeout(leaving);
    return ended;
  }

  close(code: number): void {
    this.socket.close(code);
  }

  /** Gone without a word. */
  vanish(): void {
    this.hush();
    this.socket.terminate();
  }

  /** Reads nothing any more: no frame, no ping, no close. */
  stopReading(): void {
    this.socket.pause();
  }

  private frame(): void {
    const timestamp = String(this.spoken * FRAME_MS);
    this.numbered('media', { media: { chunk: ++this.spoken, timestamp, payload: FRAME } });
  }

  private numbered(event: string, body: object): void {
    this.sequence += 1;
    this.send(
      JSON.stringify({ event, sequence_number: this.sequence, stream_sid: `s${this.callId}`, ...body }),
    );
  }

  /** The event stands first in what the gateway sends. */
  private hear(data: Buffer): void {
    if (!data.subarray(0, 16).toString('latin1').startsWith('{"event":"media"')) return;
    this.firstHeardAt ??= performance.now();
    this.heardMessages += 1;
  }
}
