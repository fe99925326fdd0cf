/*
 * As much of the WebSocket protocol (RFC 6455) as callers need who cost next to nothing: whole messages of less than
 * 64 KiB. What comes is not checked, and not copied.
 */

export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Of clients' frames: the same for all, so that they can be masked in advance. What it is makes no difference to a server. */
export const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const SHORT = 125;

/** @returns where the payload begins in a client's frame of so many bytes */
export const headerBytes = (payloadBytes: number): number => (payloadBytes > SHORT ? 4 : 2) + MASK.length;

/** A client's frame, masked. @throws {RangeError} if it is 64 KiB or more */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const header = headerBytes(payload.length);
  const frame = Buffer.alloc(header + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | Math.min(payload.length, SHORT + 1);
  if (payload.length > SHORT) frame.writeUInt16BE(payload.length, 2);
  frame.set(MASK, header - MASK.length);
  for (let at = 0; at < payload.length; at++) frame[header + at] = (payload[at] ?? 0) ^ maskAt(at);
  return frame;
}

/** What a byte at this place of a payload is masked with. */
export const maskAt = (place: number): number => MASK[place & 3] ?? 0;

export type FrameListener = (opcode: number, data: Buffer, from: number, to: number) => void;

const NOTHING = Buffer.alloc(0);

/** Tells the frames of a server apart. Each is told as a part of the memory that it came in, which is used again. */
export class ServerFrames {
  private rest = NOTHING;

  constructor(private readonly each: FrameListener) {}

  /** @throws {RangeError} at a frame of 64 KiB or more */
  read(chunk: Buffer, length: number): void {
    const whole = this.rest.length > 0 ? Buffer.concat([this.rest, chunk.subarray(0, length)]) : chunk;
    const end = this.rest.length + length;
    let at = 0;
    while (end - at >= 2) {
      const next = this.readOne(whole, at, end);
      if (next === null) break;
      at = next;
    }
    this.rest = at < end ? Buffer.from(whole.subarray(at, end)) : NOTHING;
  }

  /** @returns where the next one begins; null if this one has not come whole */
  private readOne(data: Buffer, at: number, end: number): number | null {
    const told = (data[at + 1] ?? 0) & 0x7f;
    if (told > SHORT + 1) throw new RangeError('A message of 64 KiB or more came.');
    const from = at + (told > SHORT ? 4 : 2);
    if (end < from) return null;
    const to = from + (told > SHORT ? data.readUInt16BE(at + 2) : told);
    if (end < to) return null;
    this.each((data[at] ?? 0) & 0x0f, data, from, to);
    return to;
  }
}
