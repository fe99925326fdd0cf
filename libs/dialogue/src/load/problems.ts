import { type Problem } from '../dialogue-error';

/** Keys and indexes from the top of a file to a place in it. */
export type Path = readonly (string | number)[];

/** Where things stand in a file; offsets in UTF-16 units. A path that leads nowhere stands where it ends. */
export interface Places {
  valueAt(path: Path): number;
  /** of the key of a map; of the value where there is no key */
  keyAt(path: Path): number;
  /** of a part of a text; of the whole text where it is written otherwise, folded or escaped */
  partAt(path: Path, part: string): number;
  lineAndColumn(offset: number): { line: number; column: number };
}

/** What is wrong with a file, gathered while it is read. */
export class Problems {
  private readonly found = new Map<string, Problem & { offset: number }>();

  constructor(private readonly places: Places) {}

  atValue(path: Path, message: string): void {
    this.at(this.places.valueAt(path), message);
  }

  atKey(path: Path, message: string): void {
    this.at(this.places.keyAt(path), message);
  }

  atPart(path: Path, part: string, message: string): void {
    this.at(this.places.partAt(path, part), message);
  }

  at(offset: number, message: string): void {
    // an alias brings one place in by several ways
    this.found.set(`${offset} ${message}`, { offset, message, ...this.places.lineAndColumn(offset) });
  }

  /** In the order of the file. */
  list(): Problem[] {
    return [...this.found.values()]
      .sort((one, other) => one.offset - other.offset)
      .map(({ line, column, message }) => ({ line, column, message }));
  }
}
