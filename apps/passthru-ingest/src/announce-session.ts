import type { Announcement } from '@greenroom/contracts';
import type { PgOutbox } from '@greenroom/entities';
import { errorFields, maskPhone, type Logger } from '@greenroom/platform';
import type { Announced, SessionReader, SessionStore } from '@greenroom/rendezvous';
import type { IngestMetrics } from './ingest-metrics';
import { spoolAnnouncement, type Spool } from './spool';
import { tellSession, type TellPorts } from './tell-session';
import { within } from './within';

export interface AnnouncePorts extends TellPorts {
  store: SessionStore;
  cache: SessionReader;
  spool: Spool;
  outbox: Pick<PgOutbox, 'settle'>;
  metrics: IngestMetrics;
  logger: Logger;
  /** how long a write may take before it is spooled, ms */
  storeTimeoutMs: number;
  /** how long Redis may take, ms */
  publishTimeoutMs: number;
}

/**
 * Writes the session, then tells the world, in this order: an event must never precede its commit.
 * If Postgres is away, the announcement is spooled and the session is put into Redis, so that the call goes on.
 * Telling is bounded and may fail; the outbox row that was written with the session makes up for it.
 * @throws {Refusal} 503 if it could neither be written nor spooled
 */
export async function announceSession(
  announcement: Announcement,
  options: { pending: boolean },
  ports: AnnouncePorts,
): Promise<Omit<Announced, 'debt'>> {
  const written = await write(announcement, options, ports);
  const { session, changed, late } = written;
  const { provider, account, callId, sessionId, state, version } = session;
  const fields = { provider, account, callId, sessionId, state, version, from: maskPhone(announcement.from) };
  const message = late ? 'announced after its wait had ended' : 'session known';
  ports.logger.info(fields, changed ? 'session announced' : message);
  if (late) ports.metrics.late.inc({ provider });
  if (changed) await tellSoon(written, ports);
  return { session, changed, late };
}

async function write(
  announcement: Announcement,
  options: { pending: boolean },
  ports: AnnouncePorts,
): Promise<Announced> {
  try {
    return await within(ports.storeTimeoutMs, 'Postgres', ports.store.announce(announcement, options));
  } catch (error) {
    ports.logger.warn(errorFields(error), 'database write failed, spooling');
    return spoolAnnouncement(announcement, ports);
  }
}

/** The answer waits for the event, and not for the outbox: if the debt cannot be marked as paid, it is paid twice. */
async function tellSoon({ session, debt }: Announced, ports: AnnouncePorts): Promise<void> {
  const tell = async () => {
    await tellSession(session, ports);
    if (debt !== null) ports.outbox.settle(debt);
  };
  try {
    await within(ports.publishTimeoutMs, 'Redis', tell());
  } catch (error) {
    ports.metrics.untold.inc();
    ports.logger.warn(
      { ...errorFields(error), callId: session.callId },
      'session not published, left to the outbox',
    );
  }
}
