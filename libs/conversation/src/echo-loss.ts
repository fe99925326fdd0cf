/** What a telephone line gives back of the assistant's own voice is so many dB below it, until more is known. */
const ASSUMED_DB = 20;
/** More is not believed: some line noise is everywhere. */
const MOST_DB = 50;
/** Below this too little is played to learn from. */
const LOUD_ENOUGH_DB = -50;
const WINDOW_MS = 500;
/** Fewer do not tell: an echo may begin late. */
const WINDOWS = { needed: 4, kept: 6 };

/**
 * How much softer than the prompt its echo is on this line, learnt while prompts are played. Most lines have next to
 * none, and there a caller with a soft voice is to be heard over a loud prompt.
 *
 * Of the latest windows of half a second the second smallest loss counts: one window in which the caller spoke makes no
 * echo of a quiet line, and an echo is in all of them.
 */
export class EchoLoss {
  private readonly losses: number[] = [];
  private ms = 0;
  private played = -100;
  private heard = -100;
  private lossDb = ASSUMED_DB;

  get db(): number {
    return this.lossDb;
  }

  /** @param played level of what the line plays now, or played a moment ago; @param heard level on the caller's side */
  learn(played: number, heard: number, frameMs: number): void {
    if (played < LOUD_ENOUGH_DB) return;
    this.played = Math.max(this.played, played);
    this.heard = Math.max(this.heard, heard);
    this.ms += frameMs;
    if (this.ms < WINDOW_MS) return;
    this.losses.push(this.played - this.heard);
    if (this.losses.length > WINDOWS.kept) this.losses.shift();
    this.lossDb = this.secondSmallest();
    this.ms = 0;
    this.played = -100;
    this.heard = -100;
  }

  private secondSmallest(): number {
    if (this.losses.length < WINDOWS.needed) return ASSUMED_DB;
    const [, second = ASSUMED_DB] = this.losses.toSorted((a, b) => a - b);
    return Math.min(MOST_DB, Math.max(ASSUMED_DB, second));
  }
}
