import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type StackDescription } from '../../stack/description';
import { type LoadReport } from '../ingest/load';
import { processorOf } from '../ingest/processor';
import { webhookBuilder } from '../ingest/webhooks';

/*
 * Webhooks on connections that stay, each with its next request as soon as the last one is answered. All requests are made
 * and signed before the first is sent. The first of them, which meet code that was never run, are not measured.
 *
 *   ingest-webhooks.js STACK_FILE '{"port":…,"series":…,"count":…}'
 */

const OptionsSchema = z.object({
  port: z.number(),
  series: z.string(),
  /** requests that are measured, and those ahead of them */
  count: z.number(),
  warmUp: z.number(),
  connections: z.number(),
  /** processes whose processor time is read, by name */
  watched: z.record(z.string(), z.number()),
});

const options = OptionsSchema.parse(JSON.parse(process.argv[3] ?? '{}'));
const description = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as StackDescription;

class Connection {
  private readonly socket: Socket;
  private text = '';
  private sentAt = 0;

  /** @param onAnswer told the status and the µs of each answer; 0: the connection was closed */
  constructor(private readonly onAnswer: (connection: Connection, status: number, tookUs: number) => void) {
    this.socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => this.receive(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => this.onAnswer(this, 0, 0));
  }

  send(request: Buffer): void {
    this.sentAt = performance.now();
    this.socket.write(request);
  }

  end(): void {
    this.socket.removeAllListeners('close').destroy();
  }

  private receive(chunk: string): void {
    this.text += chunk;
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const [, length] = /^content-length: (\d+)/im.exec(this.text) ?? [];
    if (this.text.length < head + 4 + Number(length ?? 0)) return;
    const status = Number(this.text.slice(9, 12));
    this.text = '';
    this.onAnswer(this, status, Math.round((performance.now() - this.sentAt) * 1000));
  }
}

/** @returns the µs that each answer took. @throws if one is not 200 */
function sendAll(
  requests: readonly Buffer[],
  connections: readonly Connection[],
  on: Answers,
): Promise<number[]> {
  const latencies: number[] = [];
  let sent = 0;
  const sendNext = (connection: Connection): void => {
    const request = requests[sent];
    if (!request) return;
    sent += 1;
    connection.send(request);
  };
  return new Promise((resolve, reject) => {
    on.answer = (connection, status, tookUs) => {
      if (status !== 200) return reject(new Error(`A webhook was answered with ${status || 'nothing'}.`));
      latencies.push(tookUs);
      if (latencies.length === requests.length) resolve(latencies);
      else sendNext(connection);
    };
    for (const connection of connections) sendNext(connection);
  });
}

interface Answers {
  answer: (connection: Connection, status: number, tookUs: number) => void;
}

async function load(): Promise<LoadReport> {
  const { count, warmUp, series, watched } = options;
  const build = webhookBuilder(description);
  const requests = Array.from({ length: warmUp + count }, (_, index) => build(series, index));
  const on: Answers = { answer: () => undefined };
  const connections = Array.from(
    { length: options.connections },
    () => new Connection((connection, status, tookUs) => on.answer(connection, status, tookUs)),
  );
  await sendAll(requests.slice(0, warmUp), connections, on);
  const [before, ownBefore, startedAt] = [processorOf(watched), process.cpuUsage(), performance.now()];
  const latenciesUs = await sendAll(requests.slice(warmUp), connections, on);
  const tookMs = performance.now() - startedAt;
  const own = process.cpuUsage(ownBefore);
  const after = processorOf(watched);
  for (const connection of connections) connection.end();
  const used = Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]);
  return {
    count,
    tookMs,
    latenciesUs,
    processorMs: {
      ...(Object.fromEntries(used) as Record<string, number>),
      load: (own.user + own.system) / 1000,
    },
  };
}

load().then(
  (report) => console.log(JSON.stringify(report)),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
