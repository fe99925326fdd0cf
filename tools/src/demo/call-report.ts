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
  next: z.object({ decision: z.string().nullable() }).nullish(),
  ok: z.boolean(),
  why: z.string().nullish(),
  turns: z
    .array(
      z.object({
        number: z.number(),
        who: z.enum(['assistant', 'caller']),
        startedAt: z.number(),
        endedAt: z.number(),
        endedBy: z.string(),
        text: z.string().nullable(),
        digits: z.string().nullable(),
        heardMs: z.number().nullable(),
        lengthMs: z.number().nullable(),
        heardText: z.string().nullable(),
        speechMs: z.number().nullable(),
      }),
    )
    .default([]),
  timeline: z.array(z.object({ atMs: z.number(), who: z.string(), what: z.string() })),
});
export type CallReport = z.infer<typeof CallReportSchema>;
export type ReportedTurn = CallReport['turns'][number];
