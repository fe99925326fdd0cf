import { connect, type Socket } from 'node:net';
import { sessionReadyChannel } from '@greenroom/contracts';
import { sidOf } from '@greenroom/platform';
import { z } from 'zod';
import { machineNow } from '../conversation/machine-clock';
import { callIdOf, keyOf, mapCalls, readDescription } from '../rendezvous/bench-calls';
import { orderOf, takeOrders } from '../rendezvous/orders';
import { type Sighting } from '../rendezvous/sightings';

/*
 * The least that a process can do that is woken through Redis: one hop. A plain socket, RESP written by hand, one pattern
 * for all events, a Map of promises. It looks at nothing, claims nothing, and loses what comes while it is not there.
 *
 *   raw-subscriber.js STACK_FILE
 */

const WaitSchema = z.object({ series: z.string(), first: z.number(), count: z.number() });

const { redisUrl, environment } = readDescription(process.argv[2] ?? '');
const channelOf = (sid: string): string => sessionReadyChannel(environment, sid);
/** what stands before the sid of a channel; the pattern that comes with each message has a `*` there instead */
const BEFORE_SID = channelOf('');
const SID_LENGTH = 64;

const waiters = new Map<string, () => void>();
let sightings: Sighting[] = [];
let unread = '';
let acknowledged = (): void => undefined;

function open(): Socket {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => receive(chunk));
  return socket;
}

function receive(chunk: string): void {
  const text = unread + chunk;
  let from = 0;
  for (;;) {
    const at = text.indexOf(BEFORE_SID, from);
    if (at < 0 || at + BEFORE_SID.length + SID_LENGTH > text.length) {
      // of a message that is not whole yet, what has not been looked at
      unread = text.slice(at < 0 ? Math.max(from, text.length - BEFORE_SID.length + 1) : at);
      break;
    }
    from = at + BEFORE_SID.length;
    if (text[from] === '*') continue;
    const sid = text.slice(from, (from += SID_LENGTH));
    waiters.get(sid)?.();
  }
  if (/\$\d+\r\np(?:un)?subscribe\r\n/.test(chunk)) acknowledged();
}

/** RESP: an array of bulk strings. */
const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

async function send(...words: readonly string[]): Promise<void> {
  const done = new Promise<void>((resolve) => (acknowledged = resolve));
  socket.write(command(...words));
  await done;
  acknowledged = () => undefined;
}

async function waitFor(range: z.infer<typeof WaitSchema>) {
  waiters.clear();
  sightings = [];
  mapCalls(range, (index) => void wait(range.series, index));
  await send('PSUBSCRIBE', channelOf('*'));
}

async function wait(series: string, index: number): Promise<void> {
  const sid = sidOf(keyOf(series, index));
  await new Promise<void>((resolve) => waiters.set(sid, resolve));
  sightings.push([callIdOf(series, index), machineNow(), 'event']);
  waiters.delete(sid);
}

async function report() {
  await send('PUNSUBSCRIBE', channelOf('*'));
  return { sightings };
}

const socket = open();
takeOrders({
  wait: orderOf(WaitSchema, waitFor),
  progress: orderOf(z.object({}), () => Promise.resolve({ found: sightings.length })),
  report: orderOf(z.object({}), report),
});
