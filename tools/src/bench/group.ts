import { type Row } from './row';

/** What is measured together, on processes of its own. */
export interface Group {
  name: string;
  about: string;
  /** ms; it could not be measured if it takes longer */
  longestMs: number;
  /**
   * @param say told what is being done
   * @throws if it cannot be measured; nothing is left running then
   */
  measure: (say: (line: string) => void) => Promise<Findings>;
}

export interface Findings {
  rows: Row[];
  /** figures that a reader needs to judge the rows by */
  notes: string[];
}
