/** Between two key presses; a person types about four digits a second. */
const DIGIT_GAP_MS = 250;

interface Press {
  key: string;
  notBeforeMs: number;
  pressed: (atMs: number) => void;
}

/** The keys that the caller is going to press, each in its time. Times in ms since the stream's start. */
export class Keypad {
  private readonly waiting: Press[] = [];
  private lastAtMs = Number.NEGATIVE_INFINITY;

  /** all that were to be pressed have been */
  get idle(): boolean {
    return this.waiting.length === 0;
  }

  /** @param pressed told when each of them is pressed */
  press(keys: string, notBeforeMs: number, pressed: (atMs: number) => void = () => undefined): void {
    for (const key of keys) this.waiting.push({ key, notBeforeMs, pressed });
  }

  /** The key that is pressed at this time, if one is. */
  next(nowMs: number): string | null {
    const [first] = this.waiting;
    if (!first || nowMs < first.notBeforeMs || nowMs - this.lastAtMs < DIGIT_GAP_MS) return null;
    this.waiting.shift();
    this.lastAtMs = nowMs;
    first.pressed(nowMs);
    return first.key;
  }
}
