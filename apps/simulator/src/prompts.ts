/** Something that the assistant says in one go. Times in ms since the stream's start, at the caller's ear. */
export interface Prompt {
  startedAtMs: number;
  /** when the last of its audio was played; of a prompt that is still heard: when that will be, as far as it is known */
  endedAtMs: number;
  /** when a `clear` came while audio of it was in the play-out buffer; null: none did */
  clearedAtMs: number | null;
}

/**
 * Parts what is heard into prompts: one ends when the play-out buffer has been empty for a while, or when it is
 * cleared. Told of audio when it comes and not when it has been played, so that a prompt is known from its first sample.
 */
export class Prompts {
  private readonly all: Prompt[] = [];

  /** @param gapMs how long the buffer must be empty */
  constructor(readonly gapMs: number) {}

  get list(): readonly Prompt[] {
    return this.all;
  }

  get latest(): Prompt | null {
    return this.all.at(-1) ?? null;
  }

  /**
   * Audio that is going to be played, behind all that came before it.
   * @returns whether a prompt begins with it
   */
  add(startsAtMs: number, endsAtMs: number): boolean {
    const { latest } = this;
    if (latest && latest.clearedAtMs === null && startsAtMs - latest.endedAtMs < this.gapMs) {
      latest.endedAtMs = endsAtMs;
      return false;
    }
    this.all.push({ startedAtMs: startsAtMs, endedAtMs: endsAtMs, clearedAtMs: null });
    return true;
  }

  /** @param audioEndsAtMs what is left of the audio will have been played by then */
  clear(nowMs: number, audioEndsAtMs: number): void {
    const { latest } = this;
    if (!latest || latest.endedAtMs <= nowMs) return;
    latest.clearedAtMs ??= nowMs;
    this.cutOff(audioEndsAtMs);
  }

  /** Nothing is heard after this time. */
  cutOff(audioEndsAtMs: number): void {
    const { latest } = this;
    if (latest) latest.endedAtMs = Math.max(latest.startedAtMs, Math.min(latest.endedAtMs, audioEndsAtMs));
  }

  /** Heard to its end, and nothing has come since. */
  isOver(prompt: Prompt, nowMs: number): boolean {
    return nowMs >= prompt.endedAtMs + this.gapMs;
  }
}
