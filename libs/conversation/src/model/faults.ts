/** Is something wrong, what it is, and what it is about. */
type Fault = readonly [wrong: boolean, says: string, ...about: unknown[]];

/** One line for each that is wrong. */
export function faults(at: number, ...found: readonly Fault[]): string[] {
  return found
    .filter(([wrong]) => wrong)
    .map(([, says, ...about]) =>
      [`at ${at} ${says}`, ...about.map((each) => JSON.stringify(each))].join(' '),
    );
}
