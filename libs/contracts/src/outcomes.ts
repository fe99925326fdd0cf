import { z } from 'zod';

/** How a waiting stream came by its session. */
export const FoundSchema = z.enum(['cache', 'event', 'poll', 'database']);
export type Found = z.infer<typeof FoundSchema>;

/** How a wait ended. */
export const WaitOutcomeSchema = z.enum(['ready', 'timed-out', 'cancelled']);
export type WaitOutcome = z.infer<typeof WaitOutcomeSchema>;

/** How a call ended, as recorded on its session. */
export const CallOutcomeSchema = z.enum([
  /** the caller or the provider ended the stream after a conversation */
  'completed',
  /** the assistant hung up */
  'hung-up',
  /** the assistant handed the caller over: a person goes on with the call */
  'transferred',
  /** no webhook within the wait, and the account's policy is to close */
  'no-customer-data',
  /** the caller left while we waited */
  'abandoned',
  /** another connection drives the call now */
  'superseded',
  /** the call ended before any stream was answered */
  'no-stream',
  /** we were shut down while it ran */
  'dropped-by-drain',
  /** the process that drove it died */
  'lost',
  /** our fault */
  'failed',
]);
export type CallOutcome = z.infer<typeof CallOutcomeSchema>;
