import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type CallKey } from '@greenroom/contracts';
import { RedisSessionSignal, subscriberConnection } from '@greenroom/platform';
import { EVERYBODYS_CALL, waitingCall, WAITING } from '../fleet/calls';
import { type Reading } from '../fleet/fleet';

/**
 * The subscribing side of many gateways, each with a connection, a watchdog and waiting calls of its own, as in a process
 * of its own. Arguments: URL of Redis, environment, the most gateways. Over HTTP: `/others/N` connects so many beside the
 * one that is always there, and answers when all their subscriptions are in force; `/reading` tells what has come.
 */
class SubscribingGateway {
  /** events of its own calls */
  own = 0;
  /** events that every gateway gets */
  everybodys = 0;
  private readonly redis;
  private readonly signal;
  private subscribed = false;
  private onRestored = (): void => {};

  constructor(
    private readonly number: number,
    redisUrl: string,
    environment: string,
  ) {
    this.redis = subscriberConnection(redisUrl, (error) => console.error(error.message));
    this.signal = new RedisSessionSignal(this.redis, { environment });
    this.signal.onRestored(() => this.onRestored());
  }

  /** Its pings begin; while it is not connected there are none. */
  start(): void {
    this.signal.start();
  }

  /** Resolves when all of its subscriptions are in force. */
  async connect(): Promise<void> {
    if (this.redis.status === 'ready') return;
    const restored = new Promise<void>((resolve) => (this.onRestored = resolve));
    await this.redis.connect();
    await restored;
    if (!this.subscribed) await this.subscribeAll();
  }

  async disconnect(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    const ended = once(this.redis, 'end');
    this.redis.disconnect();
    await ended;
  }

  private async subscribeAll(): Promise<void> {
    this.subscribed = true;
    const waits = Array.from({ length: WAITING }, (_, index) =>
      this.subscribe(waitingCall(this.number, index), () => (this.own += 1)),
    );
    await Promise.all([...waits, this.subscribe(EVERYBODYS_CALL, () => (this.everybodys += 1))]);
  }

  private async subscribe(call: CallKey, wake: () => void): Promise<void> {
    const acknowledged = await this.signal.subscribe(call, wake).acknowledged;
    if (!acknowledged) throw new Error(`Gateway ${this.number} could not subscribe.`);
  }
}

const [redisUrl = '', environment = '', most = '0'] = process.argv.slice(2);
const gateways = Array.from(
  { length: Number(most) + 1 },
  (_, number) => new SubscribingGateway(number, redisUrl, environment),
);
const [announced, ...others] = gateways;

async function connectOthers(count: number): Promise<void> {
  await Promise.all(
    others.map((gateway, index) => (index < count ? gateway.connect() : gateway.disconnect())),
  );
}

function read(): Reading {
  const { user, system } = process.cpuUsage();
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    announced: announced?.own ?? 0,
    everybodys: sum(gateways.map((gateway) => gateway.everybodys)),
    stray: sum(others.map((gateway) => gateway.own)),
    processorUs: user + system,
  };
}

async function answer(path: string): Promise<Reading> {
  const [, count] = /^\/others\/(\d+)$/.exec(path) ?? [];
  if (count !== undefined) await connectOthers(Number(count));
  return read();
}

async function serve(): Promise<void> {
  // gateways were not started in the same moment: their pings are spread over the second that lies between two of them
  gateways.forEach((gateway, index) => setTimeout(() => gateway.start(), (index * 1000) / gateways.length));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await announced?.connect();
  const server = createServer((request, response) => {
    answer(request.url ?? '').then(
      (reading) => response.end(JSON.stringify(reading)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1', () =>
    console.log(JSON.stringify({ listening: (server.address() as AddressInfo).port })),
  );
}

serve().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
