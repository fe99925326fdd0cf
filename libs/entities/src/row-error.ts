/** The row that a statement had just written, or had found, cannot be read any more. */
export class Vanished extends Error {
  constructor() {
    super('The session that was just written cannot be read.');
  }
}

/**
 * May one row of several have caused this error? A constraint or a value (22, 23), or a lock that somebody holds on one of
 * the rows (40P01, 55P03).
 */
export function isOfOneRow(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof Vanished || /^(22...|23...|40P01|55P03)$/.test(code);
}
