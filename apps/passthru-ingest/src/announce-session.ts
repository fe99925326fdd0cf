import type { Announcement } from '@greenroom/contracts';
import type { PgOutbox } from '@greenroom/entities';
import { errorFields, maskPhone, type Logger } from '@greenroom/platform';
import type { Announced, SessionStore } from '@greenroom/rendezvous';
import type { IngestMetrics } from './ingest-metrics';
import { Refusal } from './refusal';
import { tellSession, type TellPorts } from './tell-session';

export interface AnnouncePorts extends TellPorts {
  store: SessionStore;
  outbox: PgOutbox;
  metrics: IngestMetrics;
  logger: Logger;
  publishTimeoutMs: number;
}

/**
 * Writes the session, then tells the world, in this order: an event must never precede its commit.
 * Telling is bounded and may fail; the outbox row that was written with the session makes up for it.
 * @throws {Refusal} 503 if it could not be written
 */
export async function announceSession(
  announcement: Announcement,
  options: { pending: boolean },
  ports: AnnouncePorts,
): Promise<Announced> {
  const announced = await written(() => ports.store.announce(announcement, options), ports);
  const { session, changed, late } = announced;
  const { provider, account, callId, sessionId, state, version } = session;
  const fields = { provider, account, callId, sessionId, state, version, from: maskPhone(announcement.from) };
  ports.logger.info(
    fields,
    changed ? 'session written' : late ? 'announced after its wait had ended' : 'session known',
  );
  if (late) ports.metrics.late.inc({ provider });
  if (changed) await tellSoon(announced, ports);
  return announced;
}

/** Runs a write of the store. A webhook that could not be written is never answered as if it had been. */
export async function written<T>(write: () => Promise<T>, { logger }: { logger: Logger }): Promise<T> {
  try {
    return await write();
  } catch (error) {
    logger.error(errorFields(error), 'database write failed');
    throw new Refusal(503, 'The database cannot be reached. Try again soon.');
  }
}

async function tellSoon({ session }: Announced, ports: AnnouncePorts): Promise<void> {
  const told = tellSession(session, ports).then(() => ports.outbox.markPublished(session));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time.')), ports.publishTimeoutMs);
  });
  await Promise.race([told, late])
    .catch((error: unknown) => {
      told.catch(() => undefined);
      ports.metrics.untold.inc();
      ports.logger.warn(
        { ...errorFields(error), callId: session.callId },
        'session not published, left to the outbox',
      );
    })
    .finally(() => clearTimeout(timer));
}
