import type { CallerAct } from './caller/caller';
import type { SeenMark } from './handset';
import type { Prompt } from './prompts';

/**
 * What was said and heard on a call, and when. All times are ms on the axis of the call's timeline, which begins with the
 * call; that of the two channels begins with the stream's `start`, at `startedAtMs`.
 *
 * What is heard is timed by the provider's play-out buffer: `at` a time means at the caller's ear. What the caller says is
 * timed by its own audio: a frame that is sent at T carries the sound of the `frameMs` before T.
 */
export interface Conversation {
  /** null: the stream was not opened */
  startedAtMs: number | null;
  prompts: PromptHeard[];
  /** what was said at the beginning, before anything was asked; null: nothing of it got onto the line */
  opening: { atMs: number; endedAtMs: number } | null;
  /** one for each step of the caller's answers that was taken, in their order */
  answers: CallerAct[];
  bargeIns: BargeIn[];
  /** in the order in which they came */
  marks: SeenMark[];
  /** when `clear` came */
  clears: number[];
}

export interface PromptHeard {
  /** when its first sample was played */
  startedAtMs: number;
  /** when its last one was */
  endedAtMs: number;
  /** a `clear` came while audio of it was in the play-out buffer */
  cleared: boolean;
}

/** The caller made itself heard over a prompt, and the prompt was cleared after that. */
export interface BargeIn {
  kind: CallerAct['kind'];
  /** when the caller's first sample that is not silence was on the line, or its first key was sent */
  spokeAtMs: number;
  /** when the last audio of the prompt was played */
  audioStoppedAtMs: number;
  stoppedAfterMs: number;
}

/** Times in ms since the stream's start. */
export interface LineEvents {
  prompts: readonly Prompt[];
  acts: readonly CallerAct[];
  marks: readonly SeenMark[];
  clears: readonly number[];
}

/** @param startedAtMs the stream's `start` on the axis of the call's timeline; null: there was none */
export function describeConversation(events: LineEvents, startedAtMs: number | null): Conversation {
  const at = (ms: number): number => toMicroseconds((startedAtMs ?? 0) + ms);
  const orNull = (ms: number | null): number | null => (ms === null ? null : at(ms));
  const acts = events.acts.map(({ kind, atMs, endedAtMs }) => ({
    kind,
    atMs: at(atMs),
    endedAtMs: at(endedAtMs),
  }));
  const opening = acts.find(({ kind }) => kind === 'opening');
  return {
    startedAtMs: startedAtMs === null ? null : at(0),
    prompts: events.prompts.map(({ startedAtMs, endedAtMs, clearedAtMs }) => ({
      startedAtMs: at(startedAtMs),
      endedAtMs: at(endedAtMs),
      cleared: clearedAtMs !== null,
    })),
    opening: opening ? { atMs: opening.atMs, endedAtMs: opening.endedAtMs } : null,
    answers: acts.filter(({ kind }) => kind !== 'opening' && kind !== 'keys'),
    bargeIns: bargeInsOf(events).map(({ kind, spokeAtMs, audioStoppedAtMs, stoppedAfterMs }) => ({
      kind,
      spokeAtMs: at(spokeAtMs),
      audioStoppedAtMs: at(audioStoppedAtMs),
      stoppedAfterMs: toMicroseconds(stoppedAfterMs),
    })),
    marks: events.marks.map(({ name, sentAtMs, playedAtMs, returnedAtMs }) => ({
      name,
      sentAtMs: at(sentAtMs),
      playedAtMs: orNull(playedAtMs),
      returnedAtMs: orNull(returnedAtMs),
    })),
    clears: events.clears.map(at),
  };
}

/** One for each prompt that was cleared, with what the caller did last before that; none where it had done nothing. */
export function bargeInsOf({ prompts, acts }: Pick<LineEvents, 'prompts' | 'acts'>): BargeIn[] {
  const audible = acts.filter(({ kind }) => kind !== 'silence' && kind !== 'hang-up');
  return prompts.flatMap(({ startedAtMs, endedAtMs, clearedAtMs }) => {
    const act = audible.findLast(
      ({ atMs }) => atMs >= startedAtMs && clearedAtMs !== null && atMs <= clearedAtMs,
    );
    if (!act) return [];
    const stoppedAfterMs = endedAtMs - act.atMs;
    return [{ kind: act.kind, spokeAtMs: act.atMs, audioStoppedAtMs: endedAtMs, stoppedAfterMs }];
  });
}

/** Beyond, it is the noise of adding up. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
