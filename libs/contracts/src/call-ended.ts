import { z } from 'zod';
import { CallKeySchema } from './identity';

/** Why a call is over, in one vocabulary for all providers. */
export const EndReasonSchema = z.enum([
  /** one of the two hung up after they had been connected */
  'completed',
  'busy',
  'no-answer',
  /** whoever placed it gave up before it was answered */
  'canceled',
  /** the callee, or a network, would not take it */
  'rejected',
  /** it could not be connected, or broke */
  'failed',
]);
export type EndReason = z.infer<typeof EndReasonSchema>;

/**
 * A call is over: told by status callbacks, stream callbacks, hang-ups and the stream's own end, in any order and however
 * often. The first that knows a reason decides it; times that come later fill what is missing.
 * Producer: passthru-ingest (webhooks) and call-gateway (streams). Consumer: the session store.
 */
export const CallEndedSchema = z.object({
  key: CallKeySchema,
  /** null: who tells it does not know, such as a stream that has stopped */
  reason: EndReasonSchema.nullable(),
  /** unix ms by the provider's clock; null: not told */
  endedAt: z.number().nullable(),
  /** from the answer to the end; null: not told */
  durationMs: z.number().nullable(),
  source: z.enum(['status-callback', 'stream-callback', 'hang-up', 'stream']),
});
export type CallEnded = z.infer<typeof CallEndedSchema>;
