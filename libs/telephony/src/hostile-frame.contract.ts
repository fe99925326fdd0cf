import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/* Messages of audio as the providers write them, and some that look like them from far away. */

export type FrameProvider = 'exotel' | 'twilio' | 'plivo' | 'telnyx';

interface FrameKind {
  /** what has to come before */
  start: object;
  /** its example messages, as they stand in the fixtures */
  examples: readonly string[];
  /** in each order of names that a page shows; the n-th message of a stream, from 1 */
  ways: readonly ((n: number, payload: string) => object)[];
}

const example = (name: string): string => readFileSync(join(__dirname, '../fixtures', name), 'utf8');

const SID = 'MZ00000000000000000000000000000001';
const ID = '6f048d2e897a0d2d4029560f3f541947';

export const FRAMES: Readonly<Record<FrameProvider, FrameKind>> = {
  exotel: {
    start: { event: 'start', start: { stream_sid: ID, call_sid: '56b1234567abcdef' } },
    examples: [example('exotel/ws-in-media.json'), example('exotel/ws-in-media-strings.json')],
    ways: [
      (n, payload) => ({
        event: 'media',
        sequence_number: n + 1,
        stream_sid: ID,
        media: { chunk: n, timestamp: String(100 * n), payload },
      }),
      (n, payload) => ({
        event: 'media',
        stream_sid: ID,
        sequence_number: String(n + 1),
        media: { chunk: String(n), timestamp: 100 * n, payload },
      }),
    ],
  },
  twilio: {
    start: { event: 'start', start: { streamSid: SID, callSid: 'CA00000000000000000000000000000001' } },
    examples: [example('twilio/ws-in-media.json')],
    ways: [
      (n, payload) => ({
        event: 'media',
        sequenceNumber: String(n + 1),
        media: { track: 'inbound', chunk: String(n), timestamp: String(20 * n), payload },
        streamSid: SID,
      }),
      (n, payload) => ({
        event: 'media',
        sequenceNumber: String(n + 1),
        streamSid: SID,
        media: { track: 'inbound', chunk: String(n), timestamp: String(20 * n), payload },
      }),
    ],
  },
  plivo: {
    start: { event: 'start', start: { streamId: ID, callId: '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36' } },
    examples: [example('plivo/ws-in-media.json')],
    ways: [
      (n, payload) => ({
        sequenceNumber: n,
        streamId: ID,
        event: 'media',
        media: { track: 'inbound', timestamp: String(1_736_245_268_020 + 20 * n), chunk: n, payload },
        extra_headers: '{}',
      }),
      (n, payload) => ({
        event: 'media',
        sequenceNumber: n,
        streamId: ID,
        media: { track: 'inbound', timestamp: String(1_736_245_268_020 + 20 * n), chunk: n, payload },
        extra_headers: '{"a":"é\\n","payload":"AAAA"}',
      }),
    ],
  },
  telnyx: {
    start: { event: 'start', stream_id: ID, start: { call_control_id: 'v3:a-call-of-telnyx' } },
    examples: [example('telnyx/ws-in-media.json')],
    ways: [
      (n, payload) => ({
        event: 'media',
        sequence_number: String(n + 1),
        media: { track: 'inbound', chunk: String(n), timestamp: String(20 * n), payload },
        stream_id: ID,
      }),
      (n, payload) => ({
        event: 'media',
        sequence_number: String(n + 1),
        stream_id: ID,
        media: { track: 'inbound', chunk: String(n), timestamp: String(20 * n), payload },
      }),
    ],
  },
};

/** The same numbers from the same seed, each at least 0 and below what is asked for (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Dice = ReturnType<typeof dice>;
type Change = (frame: Buffer, roll: Dice) => Buffer;

const pick = <T>(roll: Dice, from: readonly T[]): T => from[roll(from.length)]!;

/** What has a meaning in JSON, in base64, or in UTF-8, and some that have none. */
const BYTES = [...Buffer.from('{}[]",:\\/0129+-=_.eEuAz \t\n\r\0\x1f\x7f\xff\xc3\xa9\xef\xbb\xbf', 'latin1')];
/** In place of a number, with its quotes where it had any. */
const NUMBERS = [
  ...[
    '',
    '0',
    '00',
    '007',
    '-1',
    '-0',
    '1.0',
    '1.5',
    '1e3',
    '1E2',
    '+5',
    ' 5',
    '5 ',
    '0x10',
    '٣',
    'null',
    'true',
  ],
  ...[
    '9007199254740993',
    '9007199254740991',
    '999999999999999',
    '1000000000000000',
    '0000000000000000',
    '"7"',
  ],
  ...['123456789012345678', '[]', '[5]', '{}', '""', '"', '\\u0035'],
];
/** In place of the base64. */
const PAYLOADS = [
  ...[
    '',
    '=',
    '==',
    '====',
    'A',
    'AAA',
    'AA=A',
    'A=AA',
    'AA==AA==',
    '-_-_',
    'AAA-',
    '_AAA',
    'AB==',
    'ABC=',
    'AAAA',
  ],
  ...['AA AA', 'AAAA\\n', 'AAAA\n', '\\/\\/\\/\\/', '\\u0041AAA', 'ŁŁŁŁ', 'ÁAAA', '!!!!', '1234', 'AAAA"'],
  ...['AAAA","payload":"BBBB', 'AAAA","track":"outbound', 'AAAA"},"media":{"payload":"BBBB'],
];
/** Members of their own: names that count, and names that only look like them. */
const MEMBERS = [
  ...[
    '"sequenceNumber":"9"',
    '"sequence_number":9',
    '"media":{}',
    '"media":{"payload":"BBBB"}',
    '"event":"dtmf"',
  ],
  ...['"media ":{"payload":"BBBB"}', '" sequenceNumber":8', '"track":"outbound"', '"__proto__":{"media":{}}'],
  ...[
    '"payload":"BBBB"',
    '"timestamp":"77"',
    '"timestamp ":"77"',
    '"chunk":"66"',
    '"\\u006dedia":{"payload":"BBBB"}',
  ],
  ...[
    '"x":[{"media":{"payload":"BBBB"}}]',
    '"x":{"chunk":"5"}',
    '"x":"\\"media\\":{\\"payload\\":\\"BBBB\\"}"',
  ],
];

const replaceAt = (frame: Buffer, at: number, length: number, by: Buffer | string): Buffer =>
  Buffer.concat([frame.subarray(0, at), Buffer.from(by), frame.subarray(at + length)]);

/** Of most bytes of a frame the payload has more than its share. */
function place(frame: Buffer, roll: Dice): number {
  const payload = frame.indexOf('"payload"');
  if (roll(4) === 0 || payload < 0) return roll(frame.length);
  const outside = roll(payload + 60);
  return outside < payload + 15 ? outside : frame.length - 1 - (outside - payload - 15);
}

function shuffled(value: unknown, roll: Dice): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const left = Object.entries(value);
  const entries: [string, unknown][] = [];
  while (left.length > 0) {
    const [[name, inner]] = left.splice(roll(left.length), 1) as [[string, unknown]];
    entries.push([name, shuffled(inner, roll)]);
  }
  return Object.fromEntries(entries);
}

function reparsed(frame: Buffer, write: (value: unknown) => string): Buffer {
  try {
    return Buffer.from(write(JSON.parse(frame.toString())));
  } catch {
    return frame;
  }
}

/** What stands in a frame, and what is put in its place. */
const REPLACED: readonly [pattern: RegExp, by: readonly string[]][] = [
  [/(?<=[":\s])\d+(?=[",\s])/g, NUMBERS],
  [/(?<="payload":\s?")[^"]*/g, PAYLOADS],
  // one quote less, or one more
  [/(?<="payload":\s?)"[^"]*"/g, ['"', '"""', 'null', '1', '""}', '{}', '[]']],
  [/\{(?=")/g, MEMBERS.map((member) => `{${member},`)],
  [/,(?=")/g, MEMBERS.map((member) => `,${member},`)],
  [/\}/g, MEMBERS.map((member) => `,${member}}`)],
  [/"[a-zA-Z_]+"(?=:)/g, MEMBERS.map((member) => member.split(':')[0]!)],
  [/inbound/g, ['outbound', '', ' ', '1', 'Inbound', '\\u0069nbound']],
  [/[a-z]/g, ['\\u0061', '\\u006d', '\\n', '\\/', '\\', 'ü']],
  [/\//g, ['\\/', '\\u002f', '\\u002F', '//', '\\\\/']],
];

function replaced(frame: Buffer, roll: Dice): Buffer {
  const [pattern, by] = pick(roll, REPLACED);
  const found = [...frame.toString('latin1').matchAll(pattern)];
  if (found.length === 0) return frame;
  const match = pick(roll, found);
  return replaceAt(frame, match.index, match[0].length, pick(roll, by));
}

const CHANGES: readonly Change[] = [
  (frame, roll) => replaceAt(frame, place(frame, roll), 1, Buffer.of(pick(roll, BYTES))),
  (frame, roll) => replaceAt(frame, place(frame, roll), 1, Buffer.of(roll(256))),
  (frame, roll) => replaceAt(frame, place(frame, roll), 0, Buffer.of(pick(roll, BYTES))),
  (frame, roll) => replaceAt(frame, place(frame, roll), 1 + roll(pick(roll, [1, 4, 40])), ''),
  (frame, roll) => frame.subarray(0, roll(frame.length)),
  (frame, roll) => Buffer.concat([frame, frame.subarray(0, roll(frame.length + 1))]),
  (frame, roll) => reparsed(frame, (value) => JSON.stringify(shuffled(value, roll))),
  (frame, roll) => reparsed(frame, (value) => JSON.stringify(value, null, pick(roll, [1, 2, '\t']))),
  ...Array.from({ length: 8 }, () => replaced),
];

const NOISE = Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => dice(i)(256)));

function somePayload(roll: Dice): string {
  const from = roll(3800);
  return NOISE.subarray(from, from + pick(roll, [0, 1, 2, 160, 160, 160])).toString('base64');
}

/** What all messages of a stream have in them, most of them nothing. The number is that of the first message. */
const HABITS: readonly ((text: string) => string)[] = [
  ...Array.from({ length: 20 }, () => (text: string) => text),
  (text) => text.replace('{', '{ '),
  (text) => text.replace(/("sequence_?[nN]umber)":/, '$1 ":'),
  (text) => text.replace('"chunk":', '"\\u0063hunk":'),
  (text) => text.replace('"timestamp":', '"timestamp":"0","timestamp":'),
  (text) => text.replace(/("sequence_?[nN]umber":"?)/, '"sequenceNumber":"2","sequence_number":"2",$1'),
  (text) => text.replace(/,"payload":/, ',"chunk":"1","payload":'),
  (text) => text.replace(/\}(?=[^}]*\}$)/, ',"chunk":1}'),
  (text) => text.replace(/\}$/, ',"sequenceNumber":"2","sequence_number":2}'),
  (text) => text.replace(/\}$/, ',"\\u006dedia":{"payload":"AAAA","chunk":"1"}}'),
  (text) => text.replace('{', '{"x":["\\"",{"media":{"payload":"BBBB"}}],'),
];

/** A stream's n-th message, from 1: as it should be in two of five, changed once in most others. */
export function streamOf(provider: FrameProvider, roll: Dice): (n: number) => Buffer {
  const way = pick(roll, FRAMES[provider].ways);
  const habit = pick(roll, HABITS);
  return (n) => {
    let frame = Buffer.from(habit(JSON.stringify(way(n, somePayload(roll)))));
    if (roll(5) < 2) return frame;
    do frame = Buffer.from(pick(roll, CHANGES)(frame, roll));
    while (roll(4) === 0);
    return frame;
  };
}
