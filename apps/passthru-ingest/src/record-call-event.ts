import type { StoreCallEvent } from '@greenroom/contracts';
import { errorFields } from '@greenroom/platform';
import type { AnnouncePorts } from './announce-session';
import { writeCallEvent } from './call-event';
import { spoolCallEvent } from './spool';
import { within } from './within';

/**
 * Adds to the timeline of a call that is known, and ends it if it is over and nobody drives it. If Postgres is away,
 * it is spooled.
 * @throws {Refusal} 503 if it could neither be written nor spooled
 */
export async function recordCallEvent(told: StoreCallEvent, ports: AnnouncePorts): Promise<void> {
  try {
    await within(ports.storeTimeoutMs, 'Postgres', writeCallEvent(ports.store, told));
  } catch (error) {
    ports.logger.warn(errorFields(error), 'database write failed, spooling');
    await spoolCallEvent(told, ports);
  }
}
