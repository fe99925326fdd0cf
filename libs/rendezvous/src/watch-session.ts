import { keyString, type CallKey, type Session } from '@greenroom/contracts';
import { look, type LookPorts } from './look';
import type { SessionSignal } from './ports';

/**
 * For a call that went on without its customer: calls `found` each time the session may have come after all. One of
 * another key is never told of, whatever the cache said.
 * Only the event is listened to; whoever needs certainty compares versions when the lease is renewed.
 * @returns stops watching
 */
export function watchSession(
  key: CallKey,
  ports: LookPorts & { signal: SessionSignal },
  found: (session: Session) => void,
): () => void {
  const id = keyString(key);
  let watching = true;
  const subscription = ports.signal.subscribe(key, () => {
    void look(key, ports).then((seen) => {
      if (!watching || !seen || seen.session.announcedAt === null) return;
      if (keyString(seen.session) === id) found(seen.session);
    });
  });
  return () => {
    watching = false;
    subscription.close();
  };
}
