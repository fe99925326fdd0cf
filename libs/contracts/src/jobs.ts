import { z } from 'zod';
import { CallCommandSchema } from './call-command';
import { CallEndedSchema } from './call-ended';
import { CallKeySchema } from './identity';
import { AnnouncementSchema } from './session';

/** Ask the account's CRM who the caller is. Jobs carry ids, never people: Redis holds them in clear. */
export const EnrichSessionSchema = z.object({ key: CallKeySchema });
export type EnrichSession = z.infer<typeof EnrichSessionSchema>;

/**
 * What could not be written while Postgres was away. These carry what the webhook told, people included: they are the
 * only copy of it. They are removed as soon as they are done.
 */
export const StoreAnnouncementSchema = z.object({ announcement: AnnouncementSchema, sessionId: z.uuid() });
export type StoreAnnouncement = z.infer<typeof StoreAnnouncementSchema>;

export const StoreCallEventSchema = z.object({
  key: CallKeySchema,
  /** the call is over, or may be: what is known of its end */
  ended: CallEndedSchema.omit({ key: true }).nullable().default(null),
  event: z.object({
    type: z.string(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    once: z.string(),
  }),
});
export type StoreCallEvent = z.infer<typeof StoreCallEventSchema>;

/**
 * Tell the provider something over its REST API. The URL in an `answer` holds the token of a stream, which is a secret:
 * it stands in the queue's Redis until a worker has told the provider, seconds as a rule, and is removed then.
 */
export const RunCallCommandSchema = z.object({ key: CallKeySchema, command: CallCommandSchema });
export type RunCallCommand = z.infer<typeof RunCallCommandSchema>;

/** Every job, by name, with the schema of its data. The worker refuses to boot unless each has one handler. */
export const JOBS = {
  'enrich-session': EnrichSessionSchema,
  'store-announcement': StoreAnnouncementSchema,
  'store-call-event': StoreCallEventSchema,
  'run-call-command': RunCallCommandSchema,
} as const;
export type JobName = keyof typeof JOBS;
