import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { announcement, mapCalls, readDescription } from '../rendezvous/bench-calls';
import { orderOf, takeOrders } from '../rendezvous/orders';
import { percentile } from '../statistics';

/*
 * Webhooks that announce calls, so many a second whatever becomes of those before, on connections that stay.
 *
 *   webhooks-at-a-rate.js STACK_FILE
 */

const SendSchema = z.object({
  series: z.string(),
  first: z.number(),
  count: z.number(),
  perSecond: z.number(),
});

const CONNECTIONS = 64;

const description = readDescription(process.argv[2] ?? '');
const port = Number(new URL(description.webhookUrl[0] ?? '').port);

/** A connection with one request under way at a time. */
class Connection {
  private readonly socket: Socket;
  private answered: ((status: number) => void) | null = null;
  private text = '';

  constructor() {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => this.receive(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => this.settle(0));
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  /** @returns its status; 0: there was no answer */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.isClosed) this.settle(0);
      else this.socket.write(request);
    });
  }

  private receive(chunk: string): void {
    this.text += chunk;
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const [, length] = /^content-length: (\d+)/im.exec(this.text) ?? [];
    if (this.text.length < head + 4 + Number(length ?? 0)) return;
    this.settle(Number(this.text.slice(9, 12)));
  }

  private settle(status: number): void {
    this.text = '';
    this.answered?.(status);
    this.answered = null;
  }
}

let idle: Connection[] = [];

/** Each when its time comes, or as soon after it as a connection is free. */
async function send({ perSecond, ...range }: z.infer<typeof SendSchema>) {
  const requests = mapCalls(range, (index) => announcement(description, range.series, index));
  const told = { statuses: {} as Record<string, number>, lateMs: [] as number[] };
  idle = idle.filter((each) => !each.isClosed);
  while (idle.length < CONNECTIONS) idle.push(new Connection());
  const startedAt = performance.now();
  let sent = 0;
  let answered = 0;
  const sendDue = (): void => {
    const dueNow = ((performance.now() - startedAt) / 1000) * perSecond;
    for (let request = requests[sent]; request && sent < dueNow; request = requests[++sent]) {
      const connection = idle.pop();
      if (!connection) return;
      told.lateMs.push(((dueNow - sent) / perSecond) * 1000);
      void connection.send(request).then((status) => {
        told.statuses[status] = (told.statuses[status] ?? 0) + 1;
        answered += 1;
        idle.push(connection);
        sendDue();
      });
    }
  };
  while (answered < requests.length) {
    sendDue();
    await sleep(1);
  }
  return {
    statuses: told.statuses,
    tookMs: performance.now() - startedAt,
    lateP99Ms: percentile(told.lateMs, 0.99),
  };
}

takeOrders({ send: orderOf(SendSchema, send) });
