import { z } from 'zod';
import { callIdOf, mapCalls, readDescription, upgradeRequest } from '../rendezvous/bench-calls';
import { orderOf, takeOrders } from '../rendezvous/orders';
import { RawStream, textFrame } from '../rendezvous/raw-stream';

/*
 * Media streams of calls by the thousand, from the handshake to the end, as they are ordered.
 *
 *   waiting-streams.js STACK_FILE
 */

const RangeSchema = z.object({ series: z.string(), first: z.number(), count: z.number() });
const OpenSchema = RangeSchema.extend({
  /** of the gateway */
  port: z.number(),
  /** handshakes that are under way at once */
  atOnce: z.number(),
  /** whether they say which call they are of, and so begin to wait */
  start: z.boolean(),
});
const SaySchema = RangeSchema.extend({
  /** audio of each, ms */
  audioMs: z.number(),
});
type Range = z.infer<typeof RangeSchema>;

const MESSAGE_MS = 20;
const MESSAGES_AT_ONCE = 10;
/** 20 ms of mu-law silence at 8 kHz */
const PAYLOAD = Buffer.alloc(8 * MESSAGE_MS, 0xff).toString('base64');

const description = readDescription(process.argv[2] ?? '');
const streams = new Map<string, RawStream>();

/** All of them, never more than so many handshakes at once. @returns how many of each status there were */
async function open({ series, first, count, port, atOnce, start }: z.infer<typeof OpenSchema>) {
  const statuses: Record<string, number> = {};
  let next = first;
  const openNext = async (): Promise<void> => {
    while (next < first + count) {
      const index = next++;
      const stream = new RawStream(port, upgradeRequest(description, { series, index, port }));
      const status = await stream.answered;
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 101) continue;
      keep(callIdOf(series, index), stream);
      if (start) stream.send(startOf(callIdOf(series, index)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, openNext));
  return { statuses };
}

function keep(callId: string, stream: RawStream): void {
  streams.set(callId, stream);
  void stream.ended.then(() => streams.delete(callId));
}

const streamIdOf = (callId: string): string => `MZ${callId}`;

/** As in the documentation of Media Streams. */
function startOf(callSid: string): Buffer {
  const streamSid = streamIdOf(callSid);
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const start = { accountSid: 'ACbench', streamSid, callSid, tracks: ['inbound'], mediaFormat };
  return Buffer.concat([
    textFrame({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
    textFrame({ event: 'start', sequenceNumber: '1', start: { ...start, customParameters: {} }, streamSid }),
  ]);
}

const chosen = (range: Range): RawStream[] =>
  mapCalls(range, (index) => streams.get(callIdOf(range.series, index))).filter((each) => each !== undefined);

/** The calls are over: the gateway closes their streams. @returns how many it closed in order */
async function stop(range: Range) {
  const codes = await Promise.all(mapCalls(range, (index) => stopOne(callIdOf(range.series, index))));
  return { closed: codes.filter((code) => code === 1000).length };
}

/** @returns the code that its stream is closed with; null: it was closed before, or without one */
async function stopOne(callSid: string): Promise<number | null> {
  const stream = streams.get(callSid);
  if (!stream) return null;
  const streamSid = streamIdOf(callSid);
  stream.send(textFrame({ event: 'stop', sequenceNumber: '2', streamSid, stop: { callSid } }));
  return stream.ended;
}

/** All of them speak, faster than in real time, a few messages of each at a time. */
async function say({ audioMs, ...range }: z.infer<typeof SaySchema>) {
  const speakers = chosen(range);
  const messages = Math.ceil(audioMs / MESSAGE_MS);
  for (let sent = 0; sent < messages; sent += MESSAGES_AT_ONCE) {
    const frames = Buffer.concat(
      Array.from({ length: MESSAGES_AT_ONCE }, (_, each) => mediaFrame(sent + each)),
    );
    for (const stream of speakers) stream.send(frames);
    // what was written goes out, and what came in is read
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { speakers: speakers.length };
}

function mediaFrame(chunk: number): Buffer {
  const timestamp = String(chunk * MESSAGE_MS);
  const media = { track: 'inbound', chunk: String(chunk + 1), timestamp, payload: PAYLOAD };
  return textFrame({ event: 'media', sequenceNumber: String(chunk + 2), media, streamSid: 'MZbench' });
}

async function leave() {
  const open = [...streams.values()];
  for (const stream of open) stream.close();
  await Promise.all(open.map(({ ended }) => ended));
  return { left: open.length };
}

takeOrders({
  open: orderOf(OpenSchema, open),
  stop: orderOf(RangeSchema, stop),
  say: orderOf(SaySchema, say),
  leave: orderOf(z.object({}), leave),
  count: orderOf(z.object({}), () => Promise.resolve({ open: streams.size })),
});
