import { type Socket } from 'node:net';
import { Client } from 'pg';
import { z } from 'zod';
import { readSettings } from '../../config';
import { announceWith } from '../ingest/statement-text';
import { CALLERS } from '../ingest/webhooks';

/*
 * The statement of an announcement again and again, on several connections, by the cheapest client that Node can be: the
 * messages are made once, two numbers of fixed length in them are written over, and of what comes back only the end is
 * looked for. Stands in for pgbench where that is not installed. Ends when it is stopped.
 *
 *   DATABASE_URL=... protocol-loop.js CONNECTIONS
 */

/** PostgreSQL's "Message Formats": a byte that says what it is, then its length, which counts itself. */
function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int16 = (...numbers: number[]): Buffer => {
  const buffer = Buffer.alloc(2 * numbers.length);
  numbers.forEach((number, index) => buffer.writeInt16BE(number, 2 * index));
  return buffer;
};
const int32 = (number: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(number);
  return buffer;
};
const cString = (text: string): Buffer => Buffer.from(`${text}\0`);

const STATEMENT = 'loop';
const CALL_DIGITS = 15;
const PHONE_DIGITS = 10;
const SYNC = message('S');

const parse = (): Buffer =>
  Buffer.concat([
    message('P', cString(STATEMENT), cString(announceWith('$1::text', '$2::text')), int16(0)),
    SYNC,
  ]);

interface Run {
  bytes: Buffer;
  /** of the numbers in it */
  callAt: number;
  phoneAt: number;
}

/** Bind, Execute and Sync with zeros for the two numbers. */
function prepareRun(): Run {
  const [call, phone] = [`loop-${'0'.repeat(CALL_DIGITS)}`, `+91${'0'.repeat(PHONE_DIGITS)}`];
  const parameter = (text: string): Buffer => Buffer.concat([int32(text.length), Buffer.from(text)]);
  const bind = message(
    'B',
    ...[cString(''), cString(STATEMENT), int16(0, 2), parameter(call), parameter(phone), int16(0)],
  );
  const bytes = Buffer.concat([bind, message('E', cString(''), int32(0)), SYNC]);
  return {
    bytes,
    callAt: bytes.indexOf(call) + 'loop-'.length,
    phoneAt: bytes.indexOf(phone) + '+91'.length,
  };
}

/** Of `CALL_DIGITS` digits; no two runs of one day meet. */
let calls = Date.now() * 100;

function write({ bytes, callAt, phoneAt }: Run, socket: Socket): void {
  calls += 1;
  bytes.write(String(calls), callAt, 'latin1');
  const phone = 9_000_000_000 + Math.floor(Math.random() * CALLERS);
  bytes.write(String(phone), phoneAt, 'latin1');
  // a copy, since the socket may not have taken it all when the next is written
  socket.write(Buffer.from(bytes));
}

const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);

/** Goes through whole messages. @returns what is left of the last one, and whether the server is ready for the next */
function readMessages(data: Buffer): { left: Buffer; ready: boolean } {
  let at = 0;
  let ready = false;
  while (data.length - at >= 5) {
    const end = at + 1 + data.readUInt32BE(at + 1);
    if (end > data.length) break;
    if (data[at] === ERROR) throw new Error(data.toString('utf8', at, end));
    ready = data[at] === READY_FOR_QUERY;
    at = end;
  }
  return { left: data.subarray(at), ready };
}

/** pg opens the connection; then its socket is ours alone. */
async function open(): Promise<void> {
  const client = new Client({ connectionString: readSettings().databaseUrl });
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners('data');
  const run = prepareRun();
  let left: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    const read = readMessages(left.length === 0 ? chunk : Buffer.concat([left, chunk]));
    left = read.left;
    if (read.ready) write(run, stream);
  });
  stream.write(parse());
}

const connections = z.coerce.number().int().positive().parse(process.argv[2]);
Promise.all(Array.from({ length: connections }, open)).then(
  () => console.log(JSON.stringify({ listening: 0 })),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
