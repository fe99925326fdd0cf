import { z } from 'zod';
import { runProgram } from '../own-process';

/** What one load was, and what it cost. */
const LoadReportSchema = z.object({
  /** requests */
  count: z.number(),
  tookMs: z.number(),
  latenciesUs: z.array(z.number()),
  /** by process */
  processorMs: z.record(z.string(), z.number()),
});
export type LoadReport = z.infer<typeof LoadReportSchema>;

export interface LoadOptions {
  stackFile: string;
  port: number;
  /** begins the call ids: each load has one of its own */
  series: string;
  count: number;
  watched: Readonly<Record<string, number>>;
}

export const CONNECTIONS = 32;
/** ahead of what is measured */
const WARM_UP = 1500;
const LONGEST_MS = 60_000;

/** Has one server answer so many webhooks. @throws if it refused one, or was too slow */
export async function loadWebhooks({ stackFile, ...options }: LoadOptions): Promise<LoadReport> {
  const given = JSON.stringify({ ...options, warmUp: WARM_UP, connections: CONNECTIONS });
  const report = await runProgram({
    program: 'load/ingest-webhooks',
    args: [stackFile, given],
    longestMs: LONGEST_MS,
  });
  return LoadReportSchema.parse(report);
}
