/** How much is measured. */
export interface Size {
  /** answers in each call of those whose answers are timed */
  turns: number;
  /** ms; no whole number of messages of either provider: a real sentence is none */
  promptMs: number;
  /** of each of the hundred calls by script */
  questions: number;
  /** ms in which the gateway has nothing to do, for comparison */
  idleMs: number;
}

export const ALONE: Size = { turns: 25, promptMs: 30_050, questions: 5, idleMs: 5000 };
/** As many calls at once and as many rounds, but shorter ones. */
export const BRIEF: Size = { turns: 5, promptMs: 3050, questions: 2, idleMs: 2000 };
