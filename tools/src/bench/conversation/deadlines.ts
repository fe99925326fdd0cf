/** A message with audio, as it came. */
export interface Arrival {
  /** ms, on a clock that the stalls are told by as well */
  atMs: number;
  /** length of its audio */
  audioMs: number;
}

/** A time in which the sender could do nothing. */
export interface Stall {
  fromMs: number;
  toMs: number;
}

export interface PacingRule {
  /** how far ahead of real time audio may be sent */
  leadMs: number;
  stalls?: readonly Stall[];
}

/** How exactly audio was sent. */
export interface Pacing {
  /** of each message: ms after its deadline; less than 0: before it */
  lateMs: number[];
  /** the most audio that was ever there before its time */
  mostAheadMs: number;
}

/**
 * Sent by absolute pacing, the first message goes at once, and every other one as soon as the end of its audio is no
 * more than the lead away: what one message is late, the next is not. A message whose time comes during a stall is
 * due when that is over.
 * @throws {RangeError} if nothing arrived
 */
export function judgePacing(arrivals: readonly Arrival[], { leadMs, stalls = [] }: PacingRule): Pacing {
  const [first] = arrivals;
  if (!first) throw new RangeError('No audio came.');
  const lateMs: number[] = [];
  let mostAheadMs = 0;
  let audioEndsAt = first.atMs;
  for (const { atMs, audioMs } of arrivals) {
    audioEndsAt += audioMs;
    const due = afterStall(Math.max(first.atMs, audioEndsAt - leadMs), stalls);
    lateMs.push(atMs - due);
    mostAheadMs = Math.max(mostAheadMs, audioEndsAt - atMs);
  }
  return { lateMs, mostAheadMs };
}

const afterStall = (due: number, stalls: readonly Stall[]): number =>
  stalls.find(({ fromMs, toMs }) => fromMs <= due && due < toMs)?.toMs ?? due;
