import { z } from 'zod';
import { CallKeySchema } from './identity';

/**
 * "Look now": a hint, never the data. It may come twice, late, or not at all.
 * Producer: passthru-ingest and its worker. Consumer: call-gateway.
 */
export const SessionReadySchema = z.object({
  type: z.literal('session-ready'),
  /** name of the deployment: Redis pub/sub knows no key prefix and no database number */
  environment: z.string(),
  key: CallKeySchema,
  version: z.int().positive(),
});
export type SessionReady = z.infer<typeof SessionReadySchema>;
