import { z } from 'zod';
import { waitUntil } from '../../processes/wait-until';
import { serve, type Served } from '../own-process';

/** What has come to the gateways, since they were started. */
const ReadingSchema = z.object({
  /** events of the calls of the one gateway whose calls are announced */
  announced: z.number(),
  /** deliveries of events that every gateway gets */
  everybodys: z.number(),
  /** events of calls that wait on one of the others: there are none */
  stray: z.number(),
  /** of the process with all of them */
  processorUs: z.number(),
});
export type Reading = z.infer<typeof ReadingSchema>;

const CONNECT_MS = 20_000;
const DELIVERED_MS = 5000;

/** Gateways in a process of their own, which subscribe and do nothing else. */
export class Fleet {
  private constructor(private readonly served: Served) {}

  /** Starts it with one gateway connected. */
  static async start(options: { redisUrl: string; environment: string; most: number }): Promise<Fleet> {
    const { redisUrl, environment, most } = options;
    return new Fleet(
      await serve({ program: 'load/fleet-gateway', args: [redisUrl, environment, String(most)] }),
    );
  }

  /** Connects so many gateways beside the first; resolves when all that they are subscribed to is in force. */
  async connectOthers(count: number): Promise<void> {
    await this.ask(`/others/${count}`);
  }

  read(): Promise<Reading> {
    return this.ask('/reading');
  }

  /** @returns what has come, once everything has that was sent. @throws if something is still missing after 5 s */
  async readAfter(expected: Pick<Reading, 'announced' | 'everybodys'>): Promise<Reading> {
    const whole = async (): Promise<Reading | undefined> => {
      const reading = await this.read();
      const { announced, everybodys } = reading;
      return announced >= expected.announced && everybodys >= expected.everybodys ? reading : undefined;
    };
    const reading = await waitUntil(whole, { timeoutMs: DELIVERED_MS, everyMs: 20 });
    if (reading) return reading;
    throw new Error('Some of the events did not come to the gateways that are subscribed to them.');
  }

  stop(): Promise<void> {
    return this.served.stop();
  }

  private async ask(path: string): Promise<Reading> {
    const url = `http://127.0.0.1:${this.served.port}${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(CONNECT_MS) });
    const text = await response.text();
    if (!response.ok) throw new Error(`The gateways could not do ${path}: ${text}`);
    return ReadingSchema.parse(JSON.parse(text));
  }
}
