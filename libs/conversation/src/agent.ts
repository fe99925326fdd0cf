import { type Session } from '@greenroom/contracts';
import { type Utterance } from './speech';

/** What the caller did, as the agent is told of it. */
export type CallerTurn =
  /** the call begins; the agent speaks first, unless the caller does: then it is never told of this */
  | { kind: 'arrived' }
  /** the caller spoke, or pressed keys, or both */
  | {
      kind: 'answered';
      /** null: nothing was said */
      speech: CallerSpeech | null;
      /** keys in their order, without the finish key; null: none was pressed */
      digits: string | null;
      /** set where this interrupted what the agent was saying */
      interrupted: Interruption | null;
    }
  /** the no-input time has passed since the question had been heard */
  | { kind: 'silent' }
  /** a reply that wants nothing of the caller has been heard to its end */
  | { kind: 'heard' };

export interface CallerSpeech {
  pcm: Int16Array;
  /** Hz */
  sampleRate: number;
  durationMs: number;
  /** null: no recogniser is configured, or it could not tell */
  words: string | null;
}

export interface Interruption {
  /** ms of the reply that had been heard, of so many */
  heardMs: number;
  lengthMs: number;
  heardText: string;
}

/** How an answer is awaited. All times in ms. */
export interface Question {
  /** may the caller answer while it is still being asked? */
  bargeIn: boolean;
  /** silence, counted from the end of the question at the caller's ear */
  noInputMs: number;
  speech: {
    /** shorter noises are coughs; null: as short as the line allows */
    minimumMs: number | null;
    /** silence that ends what the caller says */
    endSilenceMs: number;
    /** then it is taken as it is */
    longestMs: number;
  };
  /** null: keys are not awaited, and each one counts as an answer by itself */
  digits: {
    /** so many are the whole answer */
    length: number;
    /** ends the answer before; not part of it */
    finishKey: string | null;
    /** pause after a key that ends the answer */
    pauseMs: number;
  } | null;
}

export type Then =
  | { kind: 'ask'; question: Question }
  /** goes on by itself when this has been heard; at most 20 times in a row without having said anything */
  | { kind: 'go-on' }
  | { kind: 'hang-up' }
  /** hands the caller to a person, by way of the provider */
  | { kind: 'transfer' };

export interface Reply {
  /** said in this order, each with a mark of its own; may be empty */
  say: readonly Utterance[];
  then: Then;
  /** where in its dialogue the agent is now, for the record */
  step: string | null;
}

export interface AgentContext {
  /** as it is known now: data that came late is here from the next turn on */
  session: Session;
  /** aborted when the reply is no longer wanted, because the caller went on */
  signal: AbortSignal;
}

/**
 * Decides what to say. It has no state of its own: what it must remember goes in and comes out, so that a reply of
 * which nothing was heard, because the caller went on, has never happened.
 */
export interface Agent<Memory = unknown> {
  /** The memory of a call that has just begun. */
  begin(): Memory;
  /** A promise that rejects ends the call with an apology. */
  reply(
    memory: Memory,
    turn: CallerTurn,
    context: AgentContext,
  ): Promise<{ memory: Memory; reply: Reply }> | { memory: Memory; reply: Reply };
  /** BCP 47: the language to listen in */
  languageOf(session: Session): string;
}
