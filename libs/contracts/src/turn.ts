import { z } from 'zod';

/** Why a turn ended. The first four are the assistant's, the others the caller's; the last is anybody's. */
export const TurnEndSchema = z.enum([
  /** the provider says that it was played */
  'played',
  /** by our reckoning it must have been played, but the provider has not said so */
  'mark-lost',
  /** the caller spoke or pressed a key over it */
  'barge-in',
  /** it was taken back before anything of it could be heard: the caller went on */
  'withdrawn',
  /** the caller stopped speaking */
  'end-silence',
  /** the caller spoke for as long as one may */
  'too-long',
  /** as many digits as were asked for, or the finish key */
  'digits-complete',
  /** no further digit came in time */
  'digits-paused',
  /** neither a word nor a digit within the no-input time */
  'no-input',
  /** the line was closed */
  'line-closed',
]);
export type TurnEnd = z.infer<typeof TurnEndSchema>;

/** One turn of a conversation, as it is kept. Times are unix ms. */
export const TurnSchema = z.object({
  /** from 1, in the order in which the turns began */
  number: z.int().positive(),
  who: z.enum(['assistant', 'caller']),
  startedAt: z.number(),
  endedAt: z.number(),
  endedBy: TurnEndSchema,
  /** what the assistant said, or the transcript of what the caller said; null: no words, or none that are known */
  text: z.string().max(8000).nullable(),
  /** what the caller pressed */
  digits: z.string().max(64).nullable(),
  /** the assistant's audio in ms, and how much of it was heard; null for the caller */
  lengthMs: z.number().nullable(),
  heardMs: z.number().nullable(),
  /** the words of `text` that were heard, by their share of the time; null for the caller */
  heardText: z.string().max(8000).nullable(),
  /** ms of speech of the caller; null for the assistant, or where the caller said nothing */
  speechMs: z.number().nullable(),
  /** where in its dialogue the agent was */
  step: z.string().max(64).nullable(),
});
export type Turn = z.infer<typeof TurnSchema>;
