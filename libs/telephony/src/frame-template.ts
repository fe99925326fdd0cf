import { decodeBase64 } from './base64';
import { leavesOf, type Leaf } from './json-leaves';
import type { InboundMessage } from './port';

export type AudioMessage = Extract<InboundMessage, { kind: 'audio' }>;

/** Where a protocol has the numbers of its audio, as JSON pointers. */
export interface FrameNumbers {
  sequence: string;
  timestamp: string;
}

const PAYLOAD = '/media/payload';
/** No more digits than a number holds exactly. */
const MAX_DIGITS = 15;
/** In quotes as they come; bare as JSON has them, without a zero before other digits. */
const COUNT = /^(?:"\d{1,15}"|0|[1-9]\d{0,14})$/;
/** What a template may hold: a stream keeps it for as long as it lasts. */
const MAX_BYTES = 1024;
const ZERO = 0x30;

/** Digits that differ from message to message, and what stands before them. */
interface Slot {
  before: Uint8Array;
  bare: boolean;
}

/**
 * The form of a stream's audio, learned from one message that was parsed in full: its bytes but for the payload, and but
 * for the numbers before it. A message that has the same bytes everywhere else differs from the first in nothing but
 * those values, so they are read by position. Of any other message it says nothing, whatever it is.
 *
 * The provider's order of names, its blanks and its way with numbers are learned with it, so that none of them has to be
 * as some page shows them.
 */
export class FrameTemplate {
  /** numbers of the message that is being read, slot by slot */
  private readonly counts: Float64Array;

  private constructor(
    private readonly slots: readonly Slot[],
    private readonly beforePayload: Uint8Array,
    private readonly afterPayload: Uint8Array,
    /** slots of the two numbers; -1: it is what it was in the first message */
    private readonly slotOf: { sequence: number; timestamp: number },
    private readonly first: Pick<AudioMessage, 'sequence' | 'timestampMs'>,
  ) {
    this.counts = new Float64Array(slots.length);
  }

  /**
   * @param bytes of a text message
   * @param message what the parser makes of them
   * @returns null if messages like this one need a parser, as those do whose base64 has escapes in it
   */
  static learn(bytes: Buffer, message: AudioMessage, numbers: FrameNumbers): FrameTemplate | null {
    // a character for each byte, so that places in the one are places in the other
    const text = bytes.toString('latin1');
    const leaves = leavesOf(text) ?? [];
    const payloadAt = leaves.findIndex(({ path }) => path === PAYLOAD);
    const payload = leaves[payloadAt];
    if (!payload || text.length - payload.token.length > MAX_BYTES) return null;
    const counts = leaves.slice(0, payloadAt).filter(({ token }) => COUNT.test(token));
    const { sequence, timestampMs } = message;
    const template = new FrameTemplate(
      counts.map((count, i) => ({ before: between(bytes, counts[i - 1], count), bare: !isQuoted(count) })),
      between(bytes, counts.at(-1), payload),
      between(bytes, payload, undefined),
      {
        sequence: counts.findIndex(({ path }) => path === numbers.sequence),
        timestamp: counts.findIndex(({ path }) => path === numbers.timestamp),
      },
      { sequence, timestampMs },
    );
    return same(template.read(bytes), message) ? template : null;
  }

  /** @returns null if the message has another form */
  read(bytes: Buffer): AudioMessage | null {
    let at = 0;
    for (let i = 0; i < this.slots.length; i++) {
      at = this.readCount(bytes, at, i);
      if (at < 0) return null;
    }
    const end = bytes.length - this.afterPayload.length;
    if (!holds(bytes, at, this.beforePayload) || !holds(bytes, end, this.afterPayload)) return null;
    at += this.beforePayload.length;
    const payload = at <= end ? decodeBase64(bytes.toString('latin1', at, end)) : null;
    if (payload === null) return null;
    const { sequence, timestamp } = this.slotOf;
    return {
      kind: 'audio',
      payload,
      sequence: sequence < 0 ? this.first.sequence : (this.counts[sequence] as number),
      timestampMs: timestamp < 0 ? this.first.timestampMs : (this.counts[timestamp] as number),
    };
  }

  /** @returns where the digits end; -1 if there is none, or not as JSON would have them */
  private readCount(bytes: Buffer, start: number, index: number): number {
    const { before, bare } = this.slots[index] as Slot;
    if (!holds(bytes, start, before)) return -1;
    const from = start + before.length;
    let at = from;
    let count = 0;
    for (; at < bytes.length; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      count = 10 * count + digit;
    }
    const digits = at - from;
    if (digits === 0 || digits > MAX_DIGITS || (bare && digits > 1 && bytes[from] === ZERO)) return -1;
    this.counts[index] = count;
    return at;
  }
}

const isQuoted = ({ token }: Leaf): boolean => token.startsWith('"');

/** A copy of what stands between the insides of two values; undefined: of what stands before, or behind, the other. */
function between(bytes: Buffer, left: Leaf | undefined, right: Leaf | undefined): Uint8Array {
  const start = left ? left.at + left.token.length - (isQuoted(left) ? 1 : 0) : 0;
  const end = right ? right.at + (isQuoted(right) ? 1 : 0) : bytes.length;
  return new Uint8Array(bytes.subarray(start, end));
}

function same(read: AudioMessage | null, parsed: AudioMessage): boolean {
  if (read?.sequence !== parsed.sequence || read.timestampMs !== parsed.timestampMs) return false;
  return Buffer.compare(read.payload, parsed.payload) === 0;
}

/** Four at a time, which halves what it takes; a call of Buffer's own `compare` takes longer than most of these. */
function holds(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  const { length } = expected;
  if (at < 0 || at + length > bytes.length) return false;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const differs =
      differ(bytes[at + i], expected[i]) |
      differ(bytes[at + i + 1], expected[i + 1]) |
      differ(bytes[at + i + 2], expected[i + 2]) |
      differ(bytes[at + i + 3], expected[i + 3]);
    if (differs !== 0) return false;
  }
  for (; i < length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

const differ = (a: number | undefined, b: number | undefined): number => (a as number) ^ (b as number);
