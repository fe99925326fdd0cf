import type { CallKey, Session } from '@greenroom/contracts';
import { look, type LookPorts } from './look';
import type { SessionSignal } from './ports';

/**
 * For a call that went on without its customer: calls `found` each time the session may have come after all.
 * Only the event is listened to; whoever needs certainty compares versions when the lease is renewed.
 * @returns stops watching
 */
export function watchSession(
  key: CallKey,
  ports: LookPorts & { signal: SessionSignal },
  found: (session: Session) => void,
): () => void {
  const subscription = ports.signal.subscribe(key, () => {
    void look(key, ports).then((seen) => {
      if (seen && seen.session.announcedAt !== null) found(seen.session);
    });
  });
  return () => subscription.close();
}
