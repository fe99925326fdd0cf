import { percentile } from '../statistics';

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

/** One message alone, the first as any other, may have come late; these say when it all began. */
const SOONEST = 0.1;

/**
 * Sent by absolute pacing, the first message goes at once, and every other one as soon as the end of its audio is no
 * more than the lead away: what one message is late, the next is not. So each of them tells when the first was due; the
 * tenth that came soonest is believed. A message whose time comes during a stall is due when that is over.
 * @throws {RangeError} if nothing arrived
 */
export function judgePacing(arrivals: readonly Arrival[], { leadMs, stalls = [] }: PacingRule): Pacing {
  let endsMs = 0;
  const messages = arrivals.map(({ atMs, audioMs }) => {
    endsMs += audioMs;
    return { atMs, endsMs, dueMs: Math.max(0, endsMs - leadMs) };
  });
  const beganAt = percentile(
    messages.map(({ atMs, dueMs }) => atMs - dueMs),
    SOONEST,
  );
  return {
    lateMs: messages.map(({ atMs, dueMs }) => atMs - afterStall(beganAt + dueMs, stalls)),
    mostAheadMs: Math.max(...messages.map((message) => beganAt + message.endsMs - message.atMs)),
  };
}

const afterStall = (due: number, stalls: readonly Stall[]): number =>
  stalls.find(({ fromMs, toMs }) => fromMs <= due && due < toMs)?.toMs ?? due;
