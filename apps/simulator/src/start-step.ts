/** What happens when a call is taken, in the usual order: two webhooks, and the stream between them. */
export const START_STEPS = ['answered', 'stream', 'started'] as const;
export type StartStep = (typeof START_STEPS)[number];
