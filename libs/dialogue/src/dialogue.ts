import { type Session } from '@greenroom/contracts';
import { type Question, type Utterance } from '@greenroom/conversation';
import { type ByLanguage } from './language';
import { type Text } from './text';

/** A dialogue that was read and found sound: every step leads somewhere, every text can be said. */
export interface Dialogue {
  /** as it was given, for messages */
  readonly fileName: string;
  /** BCP 47: what is spoken with everybody whose language is not among `languages` */
  readonly language: string;
  /** BCP 47, the default one first */
  readonly languages: readonly string[];
  /** those of them that need a voice: the others consist of recordings alone */
  readonly synthesized: readonly string[];
  readonly voices: ByLanguage<string>;
  readonly start: string;
  /** where a call begins that has no customer */
  readonly unknown: string;
  /** where such a call goes on when its customer becomes known; null: where it is */
  readonly known: string | null;
  readonly steps: ReadonlyMap<string, Step>;
  /** can a call of it end with a person? Then the provider must have somewhere to connect it to. */
  readonly transfers: boolean;
  /**
   * Sentences to prepare before they are needed, each once, in the order of the file. Without a session: those that
   * are the same on every call, in all languages. With one: what this caller may hear, as the session is now.
   */
  utterances(session?: Session): Utterance[];
}

export interface Step {
  name: string;
  say: Text | null;
  then: StepEnd;
}

export type StepEnd =
  { kind: 'goto'; step: string } | { kind: 'ask'; ask: Ask } | { kind: 'hang-up' } | { kind: 'transfer' };

export interface Ask {
  question: Question;
  /** so often it is asked altogether */
  attempts: number;
  choices: readonly Choice[];
  digits: DigitsAnswer | null;
  anything: FreeAnswer | null;
  /** step for speech without words, which is what every speech is where no recogniser is configured */
  speech: string | null;
  noInput: Text | null;
  noMatch: Text | null;
  /** step for when it has been asked in vain */
  otherwise: string;
}

/** One of several answers, given by a key or by words. */
export interface Choice {
  digit: string | null;
  /** as `plainWords` has them; a list is for every language */
  words: readonly string[] | ByLanguage<readonly string[]>;
  goto: string;
}

/** Several keys, such as a PIN. */
export interface DigitsAnswer {
  /** so many at least */
  minimum: number;
  /** so many end the answer */
  length: number;
  /** ends it before */
  finishKey: string | null;
  /** name under which they are kept */
  store: string | null;
  goto: string;
}

/** Whatever the caller says or presses. */
export interface FreeAnswer {
  store: string | null;
  goto: string;
}
