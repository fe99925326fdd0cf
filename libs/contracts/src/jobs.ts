import { z } from 'zod';
import { CallKeySchema } from './identity';

/** Ask the account's CRM who the caller is. Jobs carry ids, never people: Redis holds them in clear. */
export const EnrichSessionSchema = z.object({ key: CallKeySchema });
export type EnrichSession = z.infer<typeof EnrichSessionSchema>;

/** Every job, by name, with the schema of its data. The worker refuses to boot unless each has one handler. */
export const JOBS = {
  'enrich-session': EnrichSessionSchema,
} as const;
export type JobName = keyof typeof JOBS;
