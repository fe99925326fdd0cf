import { clientFrame, headerBytes, maskAt, OPCODE } from './client-frames';
import { COUNTER_CHARACTERS, counterCharacter } from './frame-counter';

/** A frame of 20 ms, in base64. */
export const PAYLOAD_CHARACTERS = 216;
const FRAME_MS = 20;

/** Numbers that stand in a message, and where. */
interface Digits {
  at: number;
  width: number;
}

/**
 * The media messages of one stream at Twilio, one after another, in the same memory: only what differs from the one
 * before is written, masked at once. So each of them has to be sent, or copied, before the next.
 */
export class MediaFrames {
  private count = 0;
  private frame: Buffer = Buffer.alloc(0);
  private sequence: Digits = { at: 0, width: 0 };
  private chunk = this.sequence;
  private timestamp = this.sequence;
  private payload = 0;

  /** @param said of the first one: base64 of a frame */
  constructor(
    private readonly streamSid: string,
    private said: Buffer,
  ) {}

  /** Its next message says this, and so do those after it. */
  say(payload: Buffer): void {
    if (payload === this.said) return;
    this.said = payload;
    if (this.payload > 0) this.writePayload();
  }

  /** The next message. @param counter is in its first samples, if given */
  next(counter?: number): Buffer {
    this.count += 1;
    // `start` was the first
    const [sequence, chunk, timestamp] = [this.count + 1, this.count, (this.count - 1) * FRAME_MS];
    if (!this.fits(sequence, chunk, timestamp)) this.layOut(sequence, chunk, timestamp);
    this.write(this.sequence, sequence);
    this.write(this.chunk, chunk);
    this.write(this.timestamp, timestamp);
    if (counter !== undefined) this.writeCounter(counter);
    return this.frame;
  }

  private fits(sequence: number, chunk: number, timestamp: number): boolean {
    return (
      this.sequence.width === widthOf(sequence) &&
      this.chunk.width === widthOf(chunk) &&
      this.timestamp.width === widthOf(timestamp)
    );
  }

  /** A number has become longer, and all behind it moves. */
  private layOut(sequence: number, chunk: number, timestamp: number): void {
    const parts = [
      '{"event":"media","sequenceNumber":"',
      `${sequence}`,
      '","media":{"track":"inbound","chunk":"',
      `${chunk}`,
      '","timestamp":"',
      `${timestamp}`,
      '","payload":"',
      this.said.toString('latin1'),
      `"},"streamSid":"${this.streamSid}"}`,
    ];
    const text = parts.join('');
    this.frame = clientFrame(OPCODE.text, Buffer.from(text, 'latin1'));
    const header = headerBytes(text.length);
    const startOf = (part: number): number => header + parts.slice(0, part).join('').length;
    this.sequence = { at: startOf(1), width: widthOf(sequence) };
    this.chunk = { at: startOf(3), width: widthOf(chunk) };
    this.timestamp = { at: startOf(5), width: widthOf(timestamp) };
    this.payload = startOf(7);
  }

  private write({ at, width }: Digits, value: number): void {
    let rest = value;
    for (let place = at + width - 1; place >= at; place--) {
      const digit = rest % 10;
      this.put(place, 0x30 + digit);
      rest = (rest - digit) / 10;
    }
  }

  private writePayload(): void {
    for (let at = 0; at < PAYLOAD_CHARACTERS; at++) this.put(this.payload + at, this.said[at] ?? 0);
  }

  private writeCounter(counter: number): void {
    for (let at = 0; at < COUNTER_CHARACTERS; at++)
      this.put(this.payload + at, counterCharacter(counter, at));
  }

  private put(place: number, character: number): void {
    // the longer header: these messages are longer than 125 bytes
    this.frame[place] = character ^ maskAt(place - HEADER);
  }
}

const HEADER = headerBytes(PAYLOAD_CHARACTERS);

/** Digits of a number of less than 100 millions: more than a year of frames. */
function widthOf(value: number): number {
  let width = 1;
  for (let limit = 10; value >= limit; limit *= 10) width += 1;
  return width;
}

export const connectedMessage = (): string =>
  JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' });

export const startMessage = (callSid: string, streamSid: string): string =>
  JSON.stringify({
    ...{ event: 'start', sequenceNumber: '1', streamSid },
    start: {
      ...{ accountSid: 'AC00000000000000000000000000000000', streamSid, callSid, tracks: ['inbound'] },
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: {},
    },
  });

/** A mark that was played. */
export const markMessage = (name: string, streamSid: string): string =>
  JSON.stringify({ event: 'mark', sequenceNumber: '2', streamSid, mark: { name } });
