export interface Problem {
  /** from 1 */
  line: number;
  /** from 1, in UTF-16 units */
  column: number;
  message: string;
}

/** A dialogue that cannot be used. Its message has one line `file:line:column: what is wrong` for each problem. */
export class DialogueError extends Error {
  override readonly name = 'DialogueError';

  constructor(
    readonly fileName: string,
    /** in the order of the file */
    readonly problems: readonly Problem[],
  ) {
    super(
      problems.map(({ line, column, message }) => `${fileName}:${line}:${column}: ${message}`).join('\n'),
    );
  }
}
