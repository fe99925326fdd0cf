import { z } from 'zod';
import { serve, type Served } from '../own-process';
import { type CallRange } from './bench-calls';
import { order } from './orders';

const SentSchema = z.object({
  /** how many were answered with which */
  statuses: z.record(z.string(), z.number()),
  /** from the first of them to the last answer */
  tookMs: z.number(),
  /** how long after their time they went out: the others of the machine, or none of the connections was free */
  lateP99Ms: z.number(),
});
export type Sent = z.infer<typeof SentSchema>;

/** The webhooks of the bench, in a process of their own. */
export class Announcements {
  private constructor(private readonly served: Served) {}

  static async start(stackFile: string): Promise<Announcements> {
    return new Announcements(await serve({ program: 'load/webhooks-at-a-rate', args: [stackFile] }));
  }

  get pid(): number {
    return this.served.pid;
  }

  /** Resolves when all of them are answered. @throws if none of them was taken */
  async send(range: CallRange, perSecond: number): Promise<Sent> {
    const sent = await order(this.served, 'send', { ...range, perSecond }, SentSchema);
    if (sent.statuses['200']) return sent;
    throw new Error(`None of ${range.count} webhooks was taken: ${JSON.stringify(sent.statuses)}.`);
  }

  end(): Promise<void> {
    return this.served.stop();
  }
}
