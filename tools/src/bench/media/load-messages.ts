import { z } from 'zod';

/*
 * What a benchmark asks of its load generator, which is a process of its own: POST with JSON, one thing at a time. Lines
 * are opened once, in groups, and used again and again.
 */

const CallSchema = z.object({
  /** of the stream's URL */
  path: z.string(),
  /** of the upgrade */
  headers: z.record(z.string(), z.string()),
  callId: z.string(),
  streamId: z.string(),
});
export type Call = z.infer<typeof CallSchema>;

const ms = z.number().positive();
const count = z.int().positive();

export const OpenSchema = z.object({
  group: z.string(),
  port: z.int(),
  calls: z.array(CallSchema),
  /** as a provider does, who is never silent: something is sent now and then while nothing is played */
  keepAwake: z.boolean(),
});

export const PlaySchema = z.object({
  group: z.string(),
  /** how many of its lines, the first of them */
  lines: count,
  /**
   * `numbers`: frames that are told from each other when they come back. `answers`: silence, and a spoken answer now and
   * then.
   */
  says: z.enum(['numbers', 'answers']),
  /** of playing before the window begins */
  warmUpMs: ms,
  windowMs: ms,
  /** what was said comes back until then, or counts as lost: late is not lost */
  patienceMs: ms,
  /** processes whose processor time is read when the window begins and ends */
  watch: z.array(z.int()),
});
export type Play = z.infer<typeof PlaySchema>;

/** As many frames as the servers take, from all groups at once. */
export const FloodSchema = PlaySchema.omit({ group: true, says: true, patienceMs: true }).extend({
  groups: z.array(z.string()),
  /** frames that a line sends at once, before it waits for the server */
  burst: count,
});
export type Flood = z.infer<typeof FloodSchema>;

const CountsSchema = z.array(z.tuple([z.int(), z.number()]));

const UsedSchema = z.object({
  /** processor time of those that were watched, in their order, ms */
  processorMs: z.array(z.number()),
  /** that of the generator, ms */
  ownMs: z.number(),
});
export type Used = z.infer<typeof UsedSchema>;

export const PlayedSchema = UsedSchema.extend({
  tookMs: z.number(),
  sent: z.number(),
  heard: z.number(),
  messages: z.number(),
  audioMs: z.number(),
  strange: z.number(),
  blocked: z.number(),
  latency: CountsSchema,
  late: CountsSchema,
});
export type Played = z.infer<typeof PlayedSchema>;

export const FloodedSchema = UsedSchema.extend({
  tookMs: z.number(),
  /** frames that the servers have dealt with */
  frames: z.number(),
});
export type Flooded = z.infer<typeof FloodedSchema>;
