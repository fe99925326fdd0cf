import type { CallKey, Session } from '@greenroom/contracts';
import type { SessionPublisher } from '@greenroom/rendezvous';

/** Queues the look-up in the account's CRM; repeats are one job. */
export interface EnrichmentQueue {
  enrich(key: CallKey): Promise<void>;
}

export interface TellPorts {
  publisher: SessionPublisher;
  queue: EnrichmentQueue;
}

/**
 * Pays what the outbox owes for a session: while the CRM is still to be asked, the job that asks it; otherwise the
 * event that wakes whoever waits. May be repeated.
 */
export const tellSession = (session: Session, { publisher, queue }: TellPorts): Promise<void> =>
  session.enrichment === 'pending' ? queue.enrich(session) : publisher.publish(session);
