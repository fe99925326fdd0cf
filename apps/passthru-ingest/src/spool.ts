import { randomUUID } from 'node:crypto';
import type { Announcement, CallKey, Session, StoreAnnouncement, StoreCallEvent } from '@greenroom/contracts';
import { errorFields, type Logger } from '@greenroom/platform';
import type { Announced, SessionReader, SessionStore } from '@greenroom/rendezvous';
import { writeCallEvent } from './call-event';
import type { IngestMetrics } from './ingest-metrics';
import { Refusal } from './refusal';
import { within } from './within';

/** Where a webhook is kept while Postgres is away. Resolves when it is safe there. */
export interface Spool {
  storeAnnouncement(data: StoreAnnouncement): Promise<void>;
  storeCallEvent(data: StoreCallEvent): Promise<void>;
}

interface SpoolPorts {
  spool: Spool;
  cache: SessionReader;
  metrics: IngestMetrics;
  logger: Logger;
}

const SPOOL_MS = 500;

/**
 * Keeps the announcement in the queue and gives back the session as it will be written: version 1, ready. The CRM is
 * not asked, since its answer could not be written either.
 * @throws {Refusal} 503 if it cannot be kept: better no answer than a false 200
 */
export async function spoolAnnouncement(announcement: Announcement, ports: SpoolPorts): Promise<Announced> {
  const cached = await within(SPOOL_MS, 'Redis', ports.cache.find(announcement)).catch(() => null);
  if (cached && cached.announcedAt !== null)
    return { session: cached, changed: false, late: false, debt: null };
  const session = provisionalSession(announcement);
  await keep(ports, () => ports.spool.storeAnnouncement({ announcement, sessionId: session.sessionId }));
  // no outbox row stands for it: the job that writes it owes it
  return { session, changed: true, late: false, debt: null };
}

/** @throws {Refusal} 503 if it cannot be kept */
export const spoolCallEvent = (data: StoreCallEvent, ports: SpoolPorts): Promise<void> =>
  keep(ports, () => ports.spool.storeCallEvent(data));

async function keep({ metrics, logger }: SpoolPorts, add: () => Promise<void>): Promise<void> {
  try {
    await within(SPOOL_MS, 'The queue', add());
    metrics.spooled.inc();
  } catch (error) {
    logger.error(errorFields(error), 'neither written nor spooled');
    throw new Refusal(503, 'Neither the database nor the queue can be reached. Try again soon.');
  }
}

function provisionalSession(announcement: Announcement): Session {
  const { provider, account, callId, direction, from, to, attributes, customer } = announcement;
  return {
    sessionId: randomUUID(),
    provider,
    account,
    callId,
    state: 'ready',
    version: 1,
    direction,
    from,
    to,
    attributes,
    customer: customer && { customerId: null, ...customer },
    enrichment: 'none',
    announcedAt: Date.now(),
  };
}

/** How long an event waits for the announcement of its call to be written, before it is dropped as an unknown call's. */
const UNKNOWN_MS = 60_000;

/** The jobs that write what was spooled. Both may be repeated. */
export const storeSpooled = (store: SessionStore, now: () => number = Date.now) => ({
  announcement: async ({ announcement, sessionId }: StoreAnnouncement): Promise<void> => {
    await store.announce(announcement, { pending: false, sessionId });
  },
  callEvent: async (told: StoreCallEvent, createdAt: number): Promise<void> => {
    if (!(await knows(store, told.key)) && now() - createdAt < UNKNOWN_MS)
      throw new Error('The call is not written yet.');
    await writeCallEvent(store, told);
  },
});

const knows = async (store: SessionStore, key: CallKey): Promise<boolean> => (await store.find(key)) !== null;
