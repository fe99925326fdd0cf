/** Deterministic, so that a failing run can be had again: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;

export const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T;

const media = (more: object): string =>
  JSON.stringify({
    event: 'media',
    sequence_number: 3,
    stream_sid: 's1',
    media: { chunk: 1, payload: 'AAAA' },
    ...more,
  });

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

const BAD_VALUES: readonly unknown[] = [null, true, -1, 1e308, [], {}, '', ' ', 'x', [[]], { payload: {} }];
const BAD_BASE64 = ['A', 'AAA', 'AA=A', '====', 'äöü=', 'AAAA ', 'AAA\n', '-_-_', 'A'.repeat(4097)];
const BAD_DIGITS: readonly unknown[] = ['', 'E', '12', null, {}, -1, '٣', '✓'];

/** Each of these has to be dropped and counted, wherever it comes. */
export const BAD: readonly ((random: Random) => string | Buffer)[] = [
  () => `{"event":"media","media":{"payload":${nested('[', ']', 20_000)}}}`,
  () => nested('{"a":', '', 9000),
  () => `{"__proto__":{"event":"media"},"constructor":{"prototype":{"event":"start"}}}`,
  (random) => JSON.stringify({ event: pick(random, [null, true, [], {}, '', ' ']) }),
  (random) => JSON.stringify(pick(random, [null, true, 7, 'text', [], [{ event: 'media' }]])),
  (random) => media({ media: pick(random, BAD_VALUES) }),
  (random) => media({ media: { payload: pick(random, BAD_BASE64) } }),
  () => `{"event":"media","media":{"__proto__":{"payload":"AAAA"}}}`,
  (random) => JSON.stringify({ event: 'dtmf', dtmf: { digit: pick(random, BAD_DIGITS) } }),
  (random) =>
    JSON.stringify({ event: 'mark', mark: pick(random, [null, {}, { name: 7 }, { name: '' }, [], 'x']) }),
  (random) => media({}).slice(0, 1 + Math.floor(random() * 60)),
  (random) => Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256))),
  (random) => String.fromCodePoint(...Array.from({ length: 40 }, () => 32 + Math.floor(random() * 900))),
];

/** Odd, and yet to be borne: counted as unknown, or taken as they are. */
export const ODD: readonly ((random: Random) => string)[] = [
  (random) => media({ sequence_number: pick(random, [0, -1, 1e21, '7', null, 2 ** 53, 'x', {}]) }),
  (random) => media({ sequence_number: Math.floor(random() * 50) }),
  () => media({ media: { chunk: {}, timestamp: [], payload: 'AAAA' } }),
  () => media({ media: { payload: '' } }),
  (random) => JSON.stringify({ event: 'mark', mark: { name: 'm'.repeat(1 + Math.floor(random() * 2000)) } }),
];

/** Events that nobody knows: counted, but no reason to close. */
export const UNKNOWN: readonly ((random: Random) => string)[] = [
  (random) =>
    JSON.stringify({ event: pick(random, ['constructor', '__proto__', 'toString', 'surprise', 'clear']) }),
  (random) => JSON.stringify({ event: random() }),
];

/** None of them names a call. */
export const BAD_STARTS: readonly ((random: Random) => string)[] = [
  () => JSON.stringify({ event: 'start', start: null }),
  () => `{"event":"start","start":{"__proto__":{"call_sid":"12345678"}}}`,
  (random) =>
    JSON.stringify({
      event: 'start',
      start: { call_sid: pick(random, [null, 7, [], {}, '', 'short', 'a b c d e f']) },
    }),
  () => JSON.stringify({ event: 'start', start: { call_sid: 'x'.repeat(161) } }),
  () => JSON.stringify({ event: 'start', call_sid: '12345678', start: { call_sid: '87654321' } }),
];
