/** In each window of so many messages the first comes last, as where one of them took a longer way; 1: nothing is late. */
export class LateFirst<T> {
  private held: { message: T; passed: number } | null = null;

  constructor(private readonly window: number) {}

  /** @returns what is sent now */
  next(message: T): T[] {
    if (this.window < 2) return [message];
    if (!this.held) {
      this.held = { message, passed: 1 };
      return [];
    }
    this.held.passed += 1;
    return this.held.passed < this.window ? [message] : [message, ...this.flush()];
  }

  /** What is still held back, when nothing comes any more. */
  flush(): T[] {
    const held = this.held ? [this.held.message] : [];
    this.held = null;
    return held;
  }
}
