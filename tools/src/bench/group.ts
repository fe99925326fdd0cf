import { type Plot } from './plot';
import { type Row } from './row';

/** What is measured together, on processes of its own. */
export interface Group {
  name: string;
  about: string;
  /** ms; it could not be measured if it takes longer */
  longestMs: number;
  /**
   * @param say told what is being done
   * @param options.brief beside all the others, in less time: as many rounds, but shorter ones
   * @throws if it cannot be measured; nothing is left running then
   */
  measure: (say: (line: string) => void, options: { brief: boolean }) => Promise<Findings>;
}

export interface Findings {
  rows: Row[];
  /** figures that a reader needs to judge the rows by */
  notes: string[];
  plots?: Plot[];
}
