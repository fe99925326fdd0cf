import { z } from 'zod';
import { CallKeySchema } from './identity';
import { SessionSchema } from './session';

/**
 * "Look now": a hint. It may come twice, late, or not at all. It brings a copy of what was put into the cache in the same
 * transaction, so that whoever waits need not ask for it, and is trusted as little as the cache is.
 * Producer: passthru-ingest and its worker. Consumer: call-gateway.
 */
export const SessionReadySchema = z.object({
  type: z.literal('session-ready'),
  /** name of the deployment: Redis pub/sub knows no key prefix and no database number */
  environment: z.string(),
  key: CallKeySchema,
  version: z.int().positive(),
  /** absent where a publisher of another version sent none, or one that cannot be read: then the cache is asked */
  session: SessionSchema.optional().catch(undefined),
});
export type SessionReady = z.infer<typeof SessionReadySchema>;
