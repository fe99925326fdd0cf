import { z } from 'zod';

/** What the demo reads of the simulator's `--json`. */
export const CallReportSchema = z.object({
  callId: z.string(),
  provider: z.string(),
  outcome: z.enum(['answered', 'no-customer-data', 'refused', 'failed']),
  found: z.enum(['cache', 'event', 'poll', 'database']).nullable(),
  waitedMs: z.number().nullable(),
  close: z.object({ code: z.number(), reason: z.string() }).nullable(),
  audio: z.object({ sentMs: z.number(), receivedMs: z.number(), heardBack: z.boolean() }),
  ok: z.boolean(),
  why: z.string().nullish(),
  timeline: z.array(z.object({ atMs: z.number(), who: z.string(), what: z.string() })),
});
export type CallReport = z.infer<typeof CallReportSchema>;
