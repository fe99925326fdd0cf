import type { CallKey, Session } from '@greenroom/contracts';
import type { SessionReader } from '@greenroom/rendezvous';
import { within } from './within';

/** The account's own number in a call, E.164; null: it is not known, or no number. */
export function ownNumberOf({
  direction,
  from,
  to,
}: Pick<Session, 'direction' | 'from' | 'to'>): string | null {
  const number = direction === 'inbound' ? to : from;
  return number !== null && /^\+\d{7,15}$/.test(number) ? number : null;
}

/**
 * The same of a call that was announced before, from whichever store has it. Never rejects.
 * @param ports.lookTimeoutMs of one look at one store: the caller waits for it
 */
export async function findOwnNumber(
  key: CallKey,
  { cache, store, lookTimeoutMs }: { cache: SessionReader; store: SessionReader; lookTimeoutMs: number },
): Promise<string | null> {
  for (const reader of [cache, store]) {
    const session = await within(lookTimeoutMs, 'The store', reader.find(key)).catch(() => null);
    if (session) return ownNumberOf(session);
  }
  return null;
}
