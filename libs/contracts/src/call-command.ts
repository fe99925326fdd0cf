import { z } from 'zod';
import { CallIdSchema } from './identity';

/** Something that a provider has to be told over its REST API, since no answer to its webhooks can say it. */
export const CallCommandSchema = z.discriminatedUnion('kind', [
  /** takes the call, and connects its stream */
  z.object({
    kind: z.literal('answer'),
    callId: CallIdSchema,
    /** holds a token that is good for one stream of this call: a secret for as long as it is good */
    streamUrl: z.string().max(4096),
    parameters: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal('hang-up'), callId: CallIdSchema }),
  /** connects the caller with a person; `to` is E.164 */
  z.object({ kind: z.literal('transfer'), callId: CallIdSchema, to: z.string().max(64) }),
]);
export type CallCommand = z.infer<typeof CallCommandSchema>;
