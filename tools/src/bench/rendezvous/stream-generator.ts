import { z } from 'zod';
import { serve, type Served } from '../own-process';
import { type CallRange } from './bench-calls';
import { DONE, order } from './orders';

/** Handshakes that are under way at once. */
const AT_ONCE = 64;

const OpenedSchema = z.object({ statuses: z.record(z.string(), z.number()) });
const StoppedSchema = z.object({ closed: z.number() });

/** The media streams of the bench, in a process of their own. */
export class StreamGenerator {
  private constructor(private readonly served: Served) {}

  static async start(stackFile: string): Promise<StreamGenerator> {
    return new StreamGenerator(await serve({ program: 'load/waiting-streams', args: [stackFile] }));
  }

  get pid(): number {
    return this.served.pid;
  }

  /**
   * @param to.start whether they say which call they are of
   * @throws if one of them is refused
   */
  async open(range: CallRange, to: { port: number; start: boolean }): Promise<void> {
    const { statuses } = await order(this.served, 'open', { ...range, ...to, atOnce: AT_ONCE }, OpenedSchema);
    if ((statuses['101'] ?? 0) === range.count) return;
    throw new Error(`Of ${range.count} streams not all were accepted: ${JSON.stringify(statuses)}.`);
  }

  /** All of these say so much, faster than in real time. */
  async say(range: CallRange, audioMs: number): Promise<void> {
    await order(this.served, 'say', { ...range, audioMs }, DONE);
  }

  /** These calls are over. @returns how many the gateway closed in order */
  async stop(range: CallRange): Promise<number> {
    return (await order(this.served, 'stop', range, StoppedSchema)).closed;
  }

  /** All that are open are closed. */
  async leave(): Promise<void> {
    await order(this.served, 'leave', {}, DONE);
  }

  end(): Promise<void> {
    return this.served.stop();
  }
}
