import { z } from 'zod';
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
  /** the call is over, not only its stream */
  callEnded: z.boolean(),
  event: z.object({
    type: z.string(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    once: z.string(),
  }),
});
export type StoreCallEvent = z.infer<typeof StoreCallEventSchema>;

/** Every job, by name, with the schema of its data. The worker refuses to boot unless each has one handler. */
export const JOBS = {
  'enrich-session': EnrichSessionSchema,
  'store-announcement': StoreAnnouncementSchema,
  'store-call-event': StoreCallEventSchema,
} as const;
export type JobName = keyof typeof JOBS;
