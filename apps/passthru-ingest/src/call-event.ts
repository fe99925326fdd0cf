import type { CallEnded, CallKey, StoreCallEvent } from '@greenroom/contracts';
import type { SessionStore } from '@greenroom/rendezvous';
import { mediaAdapters, type Webhook } from '@greenroom/telephony';

/** A webhook that tells of a call that is known. */
export type CallNews = Extract<Webhook, { kind: 'stream-ended' | 'call-ended' | 'progress' }>;

/** The line that it is on the call's timeline, and what it tells of the call's end. */
export function callEventOf(news: CallNews, operation: string, key: CallKey): StoreCallEvent {
  const { kind, status, details } = news;
  // two webhooks of one end know different things of it, and neither may be taken for a repeat of the other
  const fact = kind === 'call-ended' ? `${operation}:${status}` : status;
  // while the end of a stream is told on two roads, by a status callback and by what asks for the next step: one line
  const once = kind === 'stream-ended' ? kind : `${kind}:${fact}`;
  return {
    key,
    ended: endOf(news, operation, key),
    event: { type: kind, data: { status, ...details }, once },
  };
}

/**
 * The end of a stream may be the call's. Not where the provider waits for our answer to it, since the caller is still
 * there, nor where calls outlive their streams.
 */
function endOf(news: CallNews, operation: string, key: CallKey): Omit<CallEnded, 'key'> | null {
  if (news.kind === 'stream-ended') {
    const outlives = mediaAdapters[key.provider].stream.closing === 'call-stays-up';
    if (news.asksNext || outlives) return null;
    return { reason: null, endedAt: null, durationMs: null, source: 'stream-callback' };
  }
  if (news.kind !== 'call-ended') return null;
  const { reason, endedAt, durationMs, status } = news;
  return {
    reason,
    endedAt: within(endedAt, LAST_DAY_MS),
    durationMs: within(durationMs, LONGEST_MS),
    source: /hang-?up/i.test(`${operation} ${status}`) ? 'hang-up' : 'status-callback',
  };
}

/** the year 2100, and as many ms as an `int` of Postgres holds: what is beyond was misread or made up */
const LAST_DAY_MS = 4_102_444_800_000;
const LONGEST_MS = 2_147_483_647;

const within = (ms: number | null, most: number): number | null =>
  ms !== null && ms >= 0 && ms <= most ? Math.round(ms) : null;

/** May be repeated. Rejects while the store is away. */
export async function writeCallEvent(
  store: Pick<SessionStore, 'record' | 'callEnded'>,
  { key, event, ended }: StoreCallEvent,
): Promise<void> {
  // the end of a call is a line of its own, which several may tell
  if (event.type !== 'call-ended') await store.record(key, event);
  if (ended) await store.callEnded({ key, ...ended }, event.data);
}
