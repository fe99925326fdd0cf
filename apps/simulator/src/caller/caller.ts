import type { AnswerKind } from './answer-step';

/**
 * The person on the phone, as the line knows it: asked once a frame what is on its side, and told what it hears. All
 * times are ms since the stream's start, by the caller's own audio: a frame that ends at T carries the audio of the
 * `frameMs` before T, however late its timer came.
 */
export interface Caller {
  /** ms of audio that were put on the line */
  readonly sentMs: number;
  /** ms of what the caller says; silence in between does not count */
  readonly saidMs: number;
  /** all that the caller said has come back unbroken */
  readonly heardBack: boolean;
  /** has got what it called for */
  readonly served: boolean;
  /** in the order in which they began, but for what was begun and did not get onto the line */
  readonly acts: readonly CallerAct[];
  nextFrame(): Uint8Array;
  /** The key that is pressed now, if one is; asked once a frame, after it. */
  nextDigit(): string | null;
  /** @param payload what was just played, in the line's encoding */
  hear(payload: Uint8Array): void;
  /** whether it hangs up now; asked once a frame */
  leaves(onLineMs: number): boolean;
  /** What went otherwise than it should have, now that the line is closed; null: nothing. */
  complaint(hungUpBy: 'caller' | 'gateway'): string | null;
}

/** Something that the caller did on the line. */
export interface CallerAct {
  /** `opening`: said at the beginning, before anybody has asked; `keys`: pressed behind it */
  kind: AnswerKind | 'opening' | 'keys';
  /**
   * Of a sound: when its first sample that is not silence was on the line, and when its last one was. Of keys: the ends
   * of the frames behind which the first and the last one were sent. Of silence and of hanging up: when it was decided.
   */
  atMs: number;
  endedAtMs: number;
}

/** As it is noted while the call goes on: it may still lie in the future. */
export interface PlannedAct {
  kind: CallerAct['kind'];
  /** null: nothing of it has happened yet, and nobody knows when */
  atMs: number | null;
  endedAtMs: number;
}

/** What of it has really happened when so much was on the line. */
export function doneBy(acts: readonly PlannedAct[], sentMs: number): CallerAct[] {
  return acts.flatMap(({ kind, atMs, endedAtMs }) =>
    atMs === null || atMs > sentMs ? [] : [{ kind, atMs, endedAtMs: Math.min(endedAtMs, sentMs) }],
  );
}
