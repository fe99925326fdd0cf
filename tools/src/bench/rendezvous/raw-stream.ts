import { connect, type Socket } from 'node:net';

/*
 * The least that a media stream needs of a WebSocket client (RFC 6455), straight on a TCP socket, so that ten thousand
 * of them cost the machine little beside what is measured.
 */

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/** A client has to mask; a mask of zeros leaves the bytes as they are. */
export function frameOf(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  if (length > 0xffff) throw new RangeError('A frame of the bench holds at most 64 KiB.');
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size, 0, 0, 0, 0]), payload]);
}

export const textFrame = (message: object): Buffer => frameOf(TEXT, Buffer.from(JSON.stringify(message)));

export interface Frame {
  opcode: number;
  payload: Buffer;
}

/** @returns the whole frames of a server, which masks nothing, and what is left of the bytes */
export function readFrames(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  for (;;) {
    const size = sizeOfFrame(bytes, at);
    if (size === null || at + size.head + size.length > bytes.length) break;
    const from = at + size.head;
    frames.push({
      opcode: (bytes[at] ?? 0) & 0xf,
      payload: bytes.subarray(from, from + size.length),
    });
    at = from + size.length;
  }
  return { frames, rest: bytes.subarray(at) };
}

/** Null: not even its head is there. */
function sizeOfFrame(bytes: Buffer, at: number): { head: number; length: number } | null {
  if (bytes.length < at + 2) return null;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (short < 126) return { head: 2, length: short };
  const head = short === 126 ? 4 : 10;
  if (bytes.length < at + head) return null;
  return { head, length: short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)) };
}

const HEAD_ENDS = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** One media stream. It answers pings and closes, and does not care what else it is told. */
export class RawStream {
  /** status that the upgrade was answered with; 0: none came */
  readonly answered: Promise<number>;
  /** close code of the server; null: it told none */
  readonly ended: Promise<number | null>;
  isOpen = false;
  private readonly socket: Socket;
  private answer!: (status: number) => void;
  private closeCode: number | null = null;
  private closing = false;
  private unread: Buffer = NOTHING;

  constructor(port: number, upgrade: Buffer) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.answered = new Promise((resolve) => (this.answer = resolve));
    this.socket.on('data', (chunk: Buffer) => this.receive(chunk));
    this.socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.isOpen = false;
        this.answer(0);
        resolve(this.closeCode);
      });
    });
    this.socket.write(upgrade);
  }

  send(frames: Buffer): void {
    this.socket.write(frames);
  }

  /** Says that it goes, as a client that closes does. */
  close(): void {
    this.sendClose(Buffer.from([0x03, 0xe8]));
  }

  private sendClose(code: Buffer): void {
    if (!this.closing) this.send(frameOf(CLOSE, code));
    this.closing = true;
  }

  private receive(chunk: Buffer): void {
    this.unread = this.unread.length === 0 ? chunk : Buffer.concat([this.unread, chunk]);
    if (!this.isOpen && !this.readHead()) return;
    const { frames, rest } = readFrames(this.unread);
    this.unread = rest.length === 0 ? NOTHING : rest;
    for (const { opcode, payload } of frames) {
      if (opcode === PING) this.send(frameOf(PONG, payload));
      if (opcode !== CLOSE) continue;
      this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : null;
      // the server ends the connection when it has our answer
      this.sendClose(payload.subarray(0, 2));
    }
  }

  private readHead(): boolean {
    const end = this.unread.indexOf(HEAD_ENDS);
    if (end < 0) return false;
    const status = Number(this.unread.toString('latin1', 9, 12));
    this.unread = this.unread.subarray(end + HEAD_ENDS.length);
    this.isOpen = status === 101;
    this.answer(status);
    if (!this.isOpen) this.socket.destroy();
    return this.isOpen;
  }
}
