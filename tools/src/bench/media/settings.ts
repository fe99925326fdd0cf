/** How many calls at once. */
export interface Sizes {
  few: number;
  /** twice as many */
  some: number;
  many: number;
}
export type Size = keyof Sizes;

export interface Settings {
  sizes: Sizes;
  rounds: number;
  /** rounds of windows that are in the pictures alone */
  drawnRounds: number;
  /** of each window, ms */
  windowMs: number;
  warmUpMs: number;
  /** of dialogues, until as many callers answer and listen as ever, ms */
  talkWarmUpMs: number;
  /** where the servers get as much as they take: lines to each, and the window, ms */
  floodLines: number;
  floodMs: number;
}

const SIZES: Sizes = { few: 150, some: 300, many: 500 };

export const ALONE: Settings = {
  ...{ sizes: SIZES, rounds: 5, drawnRounds: 5 },
  ...{ windowMs: 3000, warmUpMs: 300, talkWarmUpMs: 2600 },
  ...{ floodLines: 60, floodMs: 1500 },
};

export const BRIEF: Settings = { ...ALONE, drawnRounds: 1, windowMs: 1100, floodMs: 1000 };

/** As good as nothing: so that a test sees all of it happen. */
export const TRIAL: Settings = {
  ...{ sizes: { few: 4, some: 8, many: 12 }, rounds: 1, drawnRounds: 1 },
  ...{ windowMs: 300, warmUpMs: 100, talkWarmUpMs: 100 },
  ...{ floodLines: 2, floodMs: 200 },
};
