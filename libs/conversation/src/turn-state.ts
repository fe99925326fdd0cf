import { type Turn, type TurnEnd } from '@greenroom/contracts';
import { type Interruption, type Question, type Then } from './agent';
import { type DigitCollector } from './digit-collector';

/*
 * The words of the turn machine: its states, what goes in, what comes out. All times are ms on one monotonic clock.
 */

/** A reply of which the audio is ready. */
export interface PreparedReply {
  /** which question to the agent this answers */
  id: number;
  /** in the order of playing; each is followed by its mark */
  utterances: readonly PreparedUtterance[];
  then: Then;
  step: string | null;
}

export interface PreparedUtterance {
  mark: string;
  text: string;
  lengthMs: number;
}

/** What the caller did, while it is not known yet whether more of it comes. */
export type Doing =
  | { kind: 'arrived' | 'silent' | 'heard' }
  | {
      kind: 'answered';
      startedAt: number;
      /** ms of speech; null: none */
      speechMs: number | null;
      digits: string | null;
      interrupted: Interruption | null;
      endedAt: number;
      endedBy: TurnEnd;
    };

/** What is known in every state. */
export interface Common {
  /** the call's cap */
  endsAt: number;
  /** number of the latest question to the agent */
  asked: number;
  /** questions in a row that nobody answered */
  unanswered: number;
  /** the caller is speaking since then; null: silent */
  voiceSince: number | null;
  /** the latest turn on record began then or, if it was the caller's, ended: the next begins no earlier; null: none is */
  turnFrom: number | null;
  /** replies in a row that neither said nor asked anything */
  unsaid: number;
  /** the finish key of an answer that was complete without it: people press it all the same */
  surplus: { key: string; until: number } | null;
  /** how answers are awaited: the latest question, or what stands for one before there was any */
  question: Question;
  step: string | null;
}

/** The agent was asked; its reply, words and audio, is awaited. */
export interface Thinking extends Common {
  is: 'thinking';
  about: Doing;
  until: number;
  /** the agent has failed: its excuse is awaited, and there is no second one */
  failed: boolean;
}

/** A reply is being played. */
export interface Speaking extends Common {
  is: 'speaking';
  reply: PreparedReply;
  startedAt: number;
  /** utterances that the provider has told to be played */
  played: number;
  /** when the latest of them was, or the beginning */
  playedAt: number;
  /** by then all of it must have been played, mark or no mark */
  until: number;
}

/** The question has been heard to its end, and the caller has not begun to answer. */
export interface Listening extends Common {
  is: 'listening';
  since: number;
  until: number;
}

/** The caller is speaking, or pressing keys. */
export interface Answering extends Common {
  is: 'answering';
  since: number;
  speechMs: number | null;
  keys: DigitCollector;
  interrupted: Interruption | null;
  until: number;
}

/** The last word was said: the line is being closed. */
export interface Leaving extends Common {
  is: 'leaving';
}

export interface Closed extends Common {
  is: 'closed';
}

export type State = Thinking | Speaking | Listening | Answering | Leaving | Closed;

export type Input =
  | { kind: 'reply-ready'; at: number; reply: PreparedReply }
  | { kind: 'reply-failed'; at: number; id: number }
  | { kind: 'voice-began'; at: number; agoMs: number }
  | { kind: 'voice-ended'; at: number; speechMs: number; why: 'end-silence' | 'too-long' }
  | { kind: 'key'; at: number; key: string }
  /** the provider says that everything before this mark was played */
  | { kind: 'mark'; at: number; name: string }
  | { kind: 'clock'; at: number }
  | { kind: 'line-closed'; at: number };

/** A turn as the machine knows it: without words of the caller, its times on the machine's clock. */
export type TurnTaken = Omit<Turn, 'number'>;

export type Effect =
  | { do: 'ask'; id: number; about: Doing }
  /** the caller went on: the reply to this is not wanted any more, what led to it will be part of the next */
  | { do: 'withdraw'; id: number }
  /** say that something went wrong, as the reply to this */
  | { do: 'apologise'; id: number }
  /** from here on the reply has happened */
  | { do: 'play'; reply: PreparedReply }
  | { do: 'clear' }
  | { do: 'record'; turn: TurnTaken }
  | { do: 'count'; what: Counted }
  | { do: 'hang-up'; why: 'finished' | 'nobody-answers' | 'too-long' | 'failed' }
  | { do: 'transfer' };

export const COUNTED = [
  'barge-in',
  'no-input',
  'mark-lost',
  'withdrawn',
  'agent-failed',
  'nobody-answers',
  'too-long',
] as const;
export type Counted = (typeof COUNTED)[number];

export interface Step {
  state: State;
  effects: readonly Effect[];
}

/** All in ms, but for the number of questions. */
export interface TurnLimits {
  /** longest call */
  callMs: number;
  /** longest wait for a reply, its audio included */
  thinkMs: number;
  /** after the estimated end of the audio, a mark counts as lost */
  markMarginMs: number;
  /** questions in a row that may stay without an answer */
  unanswered: number;
}

export const DEFAULT_LIMITS: TurnLimits = {
  callMs: 3_600_000,
  thinkMs: 20_000,
  markMarginMs: 1500,
  unanswered: 5,
};

/** How the caller is listened to before the agent has asked anything. */
export const BEFORE_ANY_QUESTION: Question = {
  bargeIn: true,
  noInputMs: 5000,
  speech: { minimumMs: null, endSilenceMs: 800, longestMs: 15_000 },
  digits: null,
};
