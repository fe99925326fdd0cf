import type { CallEnded, EndReason } from '@greenroom/contracts';

/** What is known of a call's end; null: not told yet. */
export interface CallEnd {
  reason: EndReason | null;
  /** unix ms by the provider's clock */
  endedAt: number | null;
  /** from the answer to the end */
  durationMs: number | null;
}

export const UNTOLD: CallEnd = { reason: null, endedAt: null, durationMs: null };

/**
 * A call's end is told by several, in any order and more than once. The first that knows a reason decides it, and the same
 * for each of the times; so whoever comes again changes nothing.
 */
export const mergeCallEnd = (known: CallEnd, told: CallEnd): CallEnd => ({
  reason: known.reason ?? told.reason,
  endedAt: known.endedAt ?? told.endedAt,
  durationMs: known.durationMs ?? told.durationMs,
});

/**
 * Does this end a session that no connection drives? Whoever knows no reason knows of a stream's end only, after which
 * the call may go on.
 */
export const endsSession = ({ reason }: Pick<CallEnded, 'reason'>): boolean => reason !== null;
