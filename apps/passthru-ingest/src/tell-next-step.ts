import type { NextStep, StoreCallEvent } from '@greenroom/contracts';
import type { AnnouncePorts } from './announce-session';
import { findNextStep, type FindPorts, type FoundNext } from './find-next-step';
import { recordCallEvent } from './record-call-event';

export type NextStepPorts = AnnouncePorts & FindPorts;

/**
 * The end of a stream, told by a provider that does what our answer says. The answer goes out whatever becomes of the
 * event: an error would end the caller's flow, and the event is a line on a timeline. Never rejects.
 * @param account.lacksNumber a transfer would need a number of the account, which names none
 */
export async function tellNextStep(
  told: StoreCallEvent,
  account: { lacksNumber: boolean },
  ports: NextStepPorts,
): Promise<NextStep | 'none'> {
  const { key } = told;
  const recorded = recordCallEvent(told, ports).catch(() => {
    ports.metrics.unkept.inc();
    ports.logger.error({ ...key, type: told.event.type }, 'event not kept, answered all the same');
  });
  const [found] = await Promise.all([findNextStep(key, ports), recorded]);
  const result = resultOf(found, account);
  ports.metrics.nextSteps.inc({ provider: key.provider, result });
  const fields = { ...key, result, waitedMs: found.waitedMs };
  if (result === 'unknown')
    ports.logger.warn(fields, 'what comes next is not known in time, so nothing does');
  else if (result === 'no-number')
    ports.logger.warn(fields, 'a transfer was decided, but the account has no transferTo: hanging up');
  else ports.logger.info(fields, 'provider told what comes next');
  return found.next;
}

type Result = NextStep | 'none' | 'unknown' | 'no-number';

function resultOf({ next, known }: FoundNext, { lacksNumber }: { lacksNumber: boolean }): Result {
  if (!known) return 'unknown';
  return next === 'transfer' && lacksNumber ? 'no-number' : next;
}
