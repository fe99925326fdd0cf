import { type Socket } from 'node:net';
import { clientFrame, OPCODE, ServerFrames } from './client-frames';
import { bytesIn, COUNTS, FRAME_BYTES, readCounter } from './frame-counter';
import { type Call } from './load-messages';
import { connectedMessage, markMessage, MediaFrames, startMessage } from './media-frames';
import { PlayedMarks } from './played-marks';
import { Tally } from './tally';
import { upgrade } from './upgrade';

/** Of so many frames of each line it is remembered when they were sent: 20 s. */
const REMEMBERED = 1024;
/** Where in `{"event":"media"` the name of the event begins. */
const EVENT_AT = 10;
const PAYLOAD = '"payload":"';
const BEHIND = '"}}';
const KEPT_AWAKE = clientFrame(OPCODE.text, Buffer.from(connectedMessage()));
const PING = clientFrame(OPCODE.ping, Buffer.alloc(0));
const BYTES_PER_MS = FRAME_BYTES / 20;

const CLOCK = {
  now: () => performance.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * A caller's line as Twilio has it. What is said on it may be heard back: frames have numbers then.
 * It is made for little work, and not for finding faults: that is the simulator's.
 */
export class CallerLine {
  private readonly media: MediaFrames;
  private readonly sentAt = new Float64Array(REMEMBERED).fill(NaN);
  private readonly frames = new ServerFrames((opcode, data, from, to) =>
    this.hear(opcode, data, { from, to }),
  );
  private readonly marks = new PlayedMarks(CLOCK, (name) =>
    this.write(clientFrame(OPCODE.text, Buffer.from(markMessage(name, this.call.streamId)))),
  );
  private burst = Buffer.alloc(0);
  private said = 0;
  private payloadAt = -1;
  private lastSentAt = 0;
  /** what is heard is counted there */
  tally = new Tally();
  /** an answer to `ping` has come */
  onPong = (): void => undefined;
  /** why it has ended; null: it has not */
  ended: string | null = null;

  private constructor(
    private readonly socket: Socket,
    private readonly call: Call,
    silence: Buffer,
  ) {
    this.media = new MediaFrames(call.streamId, silence);
    socket.on('error', (error) => this.end(error.message));
    socket.once('close', () => this.end('the connection was closed'));
  }

  /** Resolves when the server has accepted it, and `start` has been sent. @throws if it was refused */
  static async open(port: number, call: Call, silence: Buffer): Promise<CallerLine> {
    let line: CallerLine | null = null;
    const read = (chunk: Buffer, length: number): void => line?.frames.read(chunk, length);
    const { socket, rest } = await upgrade(port, call, read);
    line = new CallerLine(socket, call, silence);
    line.start();
    read(rest, rest.length);
    return line;
  }

  /** A frame with its number, which is told from others when it comes back. */
  sayNumbered(nowMs: number): void {
    const counter = this.said++ % COUNTS;
    this.sentAt[counter % REMEMBERED] = nowMs;
    this.send(this.media.next(counter), nowMs);
  }

  /** @param payload base64 of a frame */
  say(payload: Buffer, nowMs: number): void {
    this.media.say(payload);
    this.send(this.media.next(), nowMs);
  }

  /**
   * So many frames at once, with a ping behind them, which is answered when they have been dealt with: then, and not
   * before, comes the next burst, in the same memory.
   */
  sayBurst(frames: number, payload: Buffer): void {
    this.media.say(payload);
    let end = 0;
    for (let sent = 0; sent < frames; sent++) end = this.putInBurst(this.media.next(), end, frames);
    end = this.putInBurst(PING, end, frames);
    this.write(this.burst.subarray(0, end));
  }

  /** @returns where the next one begins */
  private putInBurst(frame: Buffer, at: number, frames: number): number {
    if (at + frame.length > this.burst.length) {
      const larger = Buffer.alloc(Math.max(2 * this.burst.length, (frames + 1) * frame.length));
      larger.set(this.burst.subarray(0, at));
      this.burst = larger;
    }
    this.burst.set(frame, at);
    return at + frame.length;
  }

  /** Twilio's lines are never still for long: after some seconds they would count as dead. */
  keepAwake(nowMs: number, idleMs: number): void {
    if (this.ended !== null || nowMs - this.lastSentAt < idleMs) return;
    this.lastSentAt = nowMs;
    this.write(KEPT_AWAKE);
  }

  private start(): void {
    for (const message of [connectedMessage(), startMessage(this.call.callId, this.call.streamId)])
      this.write(clientFrame(OPCODE.text, Buffer.from(message)));
  }

  private send(frame: Buffer, nowMs: number): void {
    if (this.ended !== null) return;
    this.lastSentAt = nowMs;
    // memory that has not been read yet must not be written again
    const blocked = this.socket.writableLength > 0;
    this.socket.write(blocked ? Buffer.from(frame) : frame);
    this.tally.frameSent(nowMs, blocked);
  }

  private write(frame: Buffer): void {
    if (this.ended === null) this.socket.write(frame);
  }

  private end(why: string): void {
    this.ended ??= why;
    this.marks.stop();
  }

  private hear(opcode: number, data: Buffer, part: Part): void {
    if (opcode === OPCODE.text) this.hearMessage(data, part);
    else if (opcode === OPCODE.pong) this.onPong();
    else if (opcode === OPCODE.ping) this.write(clientFrame(OPCODE.pong, data.subarray(part.from, part.to)));
    else if (opcode === OPCODE.close) {
      this.end(`the server closed it: ${data.toString('utf8', part.from + 2, part.to)}`);
      this.socket.end();
    }
  }

  /** Told by the beginning of the event's name. */
  private hearMessage(data: Buffer, part: Part): void {
    const name = data.toString('latin1', part.from + EVENT_AT, part.from + EVENT_AT + 2);
    if (name === 'me') this.hearAudio(data, part);
    else if (name === 'ma') this.marks.mark(nameOfMark(data.toString('utf8', part.from, part.to)));
    else if (name === 'cl') this.marks.clear();
    else throw new Error(`Nobody knows this message: ${data.toString('utf8', part.from, part.to)}`);
  }

  private hearAudio(data: Buffer, part: Part): void {
    const nowMs = performance.now();
    const payload = part.from + this.payloadIn(data, part);
    const bytes = bytesIn(data, payload, part.to - BEHIND.length);
    this.marks.audio(bytes / BYTES_PER_MS);
    this.tally.audioHeard(nowMs, bytes / BYTES_PER_MS);
    if (this.said === 0) return;
    const last = bytes % FRAME_BYTES === 0 ? readCounter(data, payload, bytes - FRAME_BYTES) : null;
    if (last === null || this.said - last > REMEMBERED) return this.tally.strangeHeard(nowMs);
    for (let counter = last - bytes / FRAME_BYTES + 1; counter <= last; counter++)
      this.tally.frameHeard(this.sentAt[counter & (REMEMBERED - 1)] ?? NaN);
    this.tally.messageHeard(this.sentAt[last & (REMEMBERED - 1)] ?? NaN, nowMs);
  }

  /** Always at the same place of a server's messages, and the last thing in them. */
  private payloadIn(data: Buffer, { from, to }: Part): number {
    if (this.payloadAt >= 0) return this.payloadAt;
    const found = data.indexOf(PAYLOAD, from, 'latin1');
    if (found < 0 || data.toString('latin1', to - BEHIND.length, to) !== BEHIND)
      throw new Error(`Its payload is not the last thing in ${data.toString('utf8', from, to)}`);
    this.payloadAt = found - from + PAYLOAD.length;
    return this.payloadAt;
  }
}

interface Part {
  from: number;
  to: number;
}

function nameOfMark(message: string): string {
  const { mark } = JSON.parse(message) as { mark: { name: string } };
  return mark.name;
}
