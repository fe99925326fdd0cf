import { z } from 'zod';

/**
 * What a call goes on with when its stream has ended, where that is more than nothing: `transfer`, to a person.
 * Decided by the gateway that drives the call, read by the ingest when the provider asks it.
 */
export const NextStepSchema = z.enum(['transfer']);
export type NextStep = z.infer<typeof NextStepSchema>;
