import { channel } from 'node:diagnostics_channel';
import type { CallKey, Found } from '@greenroom/contracts';
import type { AwaitResult } from '@greenroom/rendezvous';

/** What is told on `greenroom:session-found`, in the turn in which a stream's wait has ended. */
export interface SessionFound {
  key: CallKey;
  outcome: AwaitResult['outcome'];
  /** null: it was not found */
  found: Found | null;
}

/**
 * A point to observe this process at, without changing it: a module that is loaded ahead of it (`node --require`)
 * subscribes to this diagnostics channel. Its other end, in the process that publishes, is `greenroom:session-published`.
 * Nobody listens unless asked to, and then it costs nothing.
 */
const sessionFound = channel('greenroom:session-found');

export function observeSession(key: CallKey, result: AwaitResult): void {
  if (!sessionFound.hasSubscribers) return;
  const found = result.outcome === 'ready' ? result.found : null;
  sessionFound.publish({ key, outcome: result.outcome, found } satisfies SessionFound);
}
