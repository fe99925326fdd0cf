import { type Effect, type Input, type PreparedReply, type TurnLimits } from '../turn-state';
import { type Moment } from './reality';

/*
 * What can be known of a playback from outside: from what went into the machine and what came out of it.
 */

export interface Playing {
  reply: PreparedReply;
  startedAt: number;
  /** by then it has been played, mark or no mark */
  until: number;
}

export type Of<K extends Effect['do']> = Extract<Effect, { do: K }>;

export function effectsOf<K extends Effect['do']>({ effects }: Moment, kind: K): Of<K>[] {
  return effects.filter((effect): effect is Of<K> => effect.do === kind);
}

export const lengthMs = ({ utterances }: PreparedReply): number =>
  utterances.map((utterance) => utterance.lengthMs).reduce((sum, each) => sum + each, 0);

/** What this moment began to play. */
export function beginning(moment: Moment, { markMarginMs }: TurnLimits): Playing | null {
  const play = effectsOf(moment, 'play').at(-1);
  if (!play) return null;
  const { reply } = play;
  return { reply, startedAt: moment.at, until: moment.at + lengthMs(reply) + markMarginMs };
}

/** How this input says that all of it was played; null: it does not. */
export function playedBy({ reply, until }: Playing, input: Input | null): 'mark' | 'clock' | null {
  if (input?.kind === 'mark') return input.name === reply.utterances.at(-1)?.mark ? 'mark' : null;
  return input?.kind === 'clock' && input.at >= until ? 'clock' : null;
}

export const isGoodbye = ({ then }: PreparedReply): boolean =>
  then.kind === 'hang-up' || then.kind === 'transfer';

/** The line was told to end. */
export const leaves = ({ effects }: Moment): boolean =>
  effects.some((effect) => effect.do === 'hang-up' || effect.do === 'transfer');

/** Nothing more is to be said: the line was told to end, or is gone. */
export const ends = (moment: Moment): boolean => leaves(moment) || moment.input?.kind === 'line-closed';

export const byCaller = (input: Input | null): boolean =>
  input?.kind === 'voice-began' || (input?.kind === 'key' && /^[0-9*#A-D]$/.test(input.key));
