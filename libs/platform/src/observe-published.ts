import { channel } from 'node:diagnostics_channel';
import type { CallKey } from '@greenroom/contracts';

/** What is told on `greenroom:session-published`, just before the commands are made. */
export interface SessionPublished {
  key: CallKey;
  version: number;
}

/**
 * A point to observe this process at, without changing it: a module that is loaded ahead of it (`node --require`)
 * subscribes to this diagnostics channel. Its other end, in the gateway, is `greenroom:session-found`.
 * Nobody listens unless asked to, and then it costs nothing.
 */
const sessionPublished = channel('greenroom:session-published');

export function observePublished({
  provider,
  account,
  callId,
  version,
}: CallKey & { version: number }): void {
  if (!sessionPublished.hasSubscribers) return;
  sessionPublished.publish({ key: { provider, account, callId }, version } satisfies SessionPublished);
}
