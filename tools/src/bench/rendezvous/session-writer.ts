import { z } from 'zod';
import { serve, type Served } from '../own-process';
import { type CallRange } from './bench-calls';
import { order } from './orders';
import { type Sighting, SightingsSchema } from './sightings';

const WrittenSchema = z.object({
  /** how many were committed and published */
  written: z.number(),
  /** from the first of them to the last */
  tookMs: z.number(),
  /** how long after their time they were begun: others had the machine */
  lateP99Ms: z.number(),
});
export type Written = z.infer<typeof WrittenSchema>;

/** Who writes the sessions of announced calls and tells of them, in a process of its own. */
export class SessionWriter {
  private constructor(private readonly served: Served) {}

  static async start(stackFile: string, databaseUrl: string): Promise<SessionWriter> {
    const program = { program: 'load/session-writer', args: [stackFile], env: { DATABASE_URL: databaseUrl } };
    return new SessionWriter(await serve(program));
  }

  get pid(): number {
    return this.served.pid;
  }

  /** Resolves when all of them are told. @throws if none of them could be */
  async write(range: CallRange, perSecond: number): Promise<Written> {
    const result = await order(this.served, 'write', { ...range, perSecond }, WrittenSchema);
    if (result.written > 0) return result;
    throw new Error(`None of ${range.count} sessions could be written.`);
  }

  /** What it has told since this was last asked for. */
  async published(): Promise<Sighting[]> {
    return (await order(this.served, 'published', {}, SightingsSchema)).sightings;
  }

  end(): Promise<void> {
    return this.served.stop();
  }
}
