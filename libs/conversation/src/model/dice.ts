/** One number, from which several choices are made: the same number makes the same choices. */
export class Dice {
  private rest: number;

  constructor(number: number) {
    // a small number would leave nothing for the later choices
    this.rest = number;
  }

  below(most: number): number {
    const choice = this.rest % most;
    this.rest = scrambled(this.rest);
    return choice;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** Numerical Recipes' generator, with the high bits folded into the low ones, which alone would repeat soon. */
function scrambled(number: number): number {
  const next = (Math.imul(number, 1664525) + 1013904223) >>> 0;
  return (next ^ (next >>> 15)) >>> 0;
}
