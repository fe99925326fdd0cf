import { setTimeout as sleep } from 'node:timers/promises';
import { type z } from 'zod';
import { serve, type Served } from '../own-process';
import {
  type Call,
  type Flood,
  type Flooded,
  FloodedSchema,
  OpenSchema,
  type Play,
  type Played,
  PlayedSchema,
} from './load-messages';

const LONGEST_MS = 60_000;
/** What has been said last is answered in this time, and does not meet the next window. */
const SETTLE_MS = 100;

/** The load generator: callers in a process of their own. */
export class Load {
  private constructor(private readonly served: Served) {}

  /** @param answerFile what they say, mu-law */
  static async start(answerFile: string): Promise<Load> {
    return new Load(await serve({ program: 'load/media-callers', args: ['--answer', answerFile] }));
  }

  async open(group: string, port: number, calls: Call[], keepAwake = false): Promise<void> {
    await this.ask('/open', OpenSchema.parse({ group, port, calls, keepAwake }));
  }

  async play(options: Play): Promise<Played> {
    const played = PlayedSchema.parse(await this.ask('/play', options));
    await sleep(SETTLE_MS);
    return played;
  }

  async flood(options: Flood): Promise<Flooded> {
    const flooded = FloodedSchema.parse(await this.ask('/flood', options));
    await sleep(SETTLE_MS);
    return flooded;
  }

  stop(): Promise<void> {
    return this.served.stop();
  }

  private async ask(path: string, request: z.infer<typeof OpenSchema> | Play | Flood): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.served.port}${path}`, {
      method: 'POST',
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    const answer = await response.text();
    if (response.ok) return JSON.parse(answer);
    throw new Error(`The load generator could not do ${path}: ${answer}`);
  }
}
