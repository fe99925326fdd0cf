import { type Path, type Problems } from './problems';

/** What is gathered while the parts of a file are read, to be looked at when all of it is known. */
export interface Reading {
  problems: Problems;
  /** the dialogue's default language */
  language: string;
  gotos: { path: Path; step: string }[];
  /** texts, words and voices, and the languages they are in; null: in every one */
  translations: { path: Path; languages: readonly string[] | null }[];
  /** names under which answers are kept */
  stores: Set<string>;
  /** names of answers that texts use */
  recalls: { path: Path; name: string; raw: string }[];
}

export interface Place {
  path: Path;
  raw: unknown;
}

export type Data = Readonly<Record<string, unknown>>;

/** Is it a map of the file? */
export const isData = (raw: unknown): raw is Data =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
