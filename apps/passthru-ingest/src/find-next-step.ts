import type { CallKey, NextStep } from '@greenroom/contracts';
import type { Clock, NextStepCache, Outlook, SessionStore } from '@greenroom/rendezvous';
import { within } from './within';

export interface FindPorts {
  store: Pick<SessionStore, 'findOutlook'>;
  nextSteps: NextStepCache;
  clock: Clock;
  /** ms */
  nextStepWaitMs: number;
  /** of one look at one store, ms: one that is frozen must not keep us from the other */
  lookTimeoutMs: number;
}

export interface FoundNext {
  next: NextStep | 'none';
  /** false: nothing has said so, the wait has ended */
  known: boolean;
  waitedMs: number;
}

/** Between two looks, ms. */
const PAUSE_MS = 100;
/** A store that has not answered by then is frozen, for a caller who waits. */
export const LOOK_TIMEOUT_MS = 300;

/**
 * What comes after a call's stream, as the gateway that drove it has decided. The provider may ask before the gateway has
 * written how the stream ended, so while the call is being driven, or cannot be looked at, we look again. Either store is
 * enough; with both away, or when the wait is over, nothing comes next. Never rejects.
 */
export async function findNextStep(key: CallKey, ports: FindPorts): Promise<FoundNext> {
  const { clock, nextStepWaitMs, lookTimeoutMs } = ports;
  const startedAt = clock.now();
  const waited = (): number => clock.now() - startedAt;
  const left = (): number => Math.max(0, nextStepWaitMs - waited());
  for (;;) {
    const next = await look(key, ports, () => Math.min(lookTimeoutMs, left()));
    if (next !== null) return { next, known: true, waitedMs: Math.round(waited()) };
    if (left() <= PAUSE_MS) return { next: 'none', known: false, waitedMs: Math.round(waited()) };
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
  }
}

/** In Redis first: where a step stands there, the state of the call does not matter. */
async function look(
  key: CallKey,
  ports: FindPorts,
  boundMs: () => number,
): Promise<NextStep | 'none' | null> {
  const { clock, nextSteps, store } = ports;
  const cached = await within(boundMs(), 'Redis', nextSteps.get(key), clock).catch(() => null);
  if (cached !== null) return cached;
  const outlook = within(boundMs(), 'Postgres', store.findOutlook(key), clock).then(conclude);
  return outlook.catch(() => null);
}

/**
 * What the state of a call says; null: nothing yet. A call that is not written here, or that nobody has claimed, has
 * nobody who could decide: its stream was never answered.
 */
export function conclude(outlook: Outlook | null): NextStep | 'none' | null {
  if (outlook === null) return 'none';
  if (outlook.next !== null) return outlook.next;
  return outlook.state === 'active' ? null : 'none';
}
