import type { CallKey, Found, Session } from '@greenroom/contracts';
import type { SessionCache, SessionReader } from './ports';
import { isTakeable } from './session-state';

export interface LookPorts {
  cache: SessionCache;
  store: SessionReader;
  /** told of every read that failed; the wait goes on without it */
  onFault: (where: 'cache' | 'store' | 'signal', error: unknown) => void;
}

/** The session from the cache, else from the store; what only the store had is written back to the cache. */
export async function look(
  key: CallKey,
  ports: LookPorts,
): Promise<{ session: Session; found: Extract<Found, 'cache' | 'database'> } | null> {
  const cached = await ports.cache.find(key).catch((error: unknown) => fault(ports, 'cache', error));
  if (cached && isTakeable(cached)) return { session: cached, found: 'cache' };
  const stored = await ports.store.find(key).catch((error: unknown) => fault(ports, 'store', error));
  if (stored) {
    writeBack([stored], ports);
    return { session: stored, found: 'database' };
  }
  return cached ? { session: cached, found: 'cache' } : null;
}

/** The same for many keys, with one read of each store. */
export async function lookMany(keys: readonly CallKey[], ports: LookPorts): Promise<Session[]> {
  const cached =
    (await ports.cache.findMany(keys).catch((error: unknown) => fault(ports, 'cache', error))) ?? [];
  const ready = cached.filter(isTakeable);
  const known = new Set(ready.map((session) => `${session.provider}|${session.account}|${session.callId}`));
  const missing = keys.filter((key) => !known.has(`${key.provider}|${key.account}|${key.callId}`));
  if (missing.length === 0) return ready;
  const stored =
    (await ports.store.findMany(missing).catch((error: unknown) => fault(ports, 'store', error))) ?? [];
  writeBack(stored, ports);
  return [...cached, ...stored];
}

/** Only what ends a wait: a `received` copy could overwrite a `ready` one that was published meanwhile. */
function writeBack(sessions: readonly Session[], ports: LookPorts): void {
  for (const session of sessions.filter(isTakeable)) {
    ports.cache.put(session).catch((error: unknown) => fault(ports, 'cache', error));
  }
}

function fault(ports: LookPorts, where: 'cache' | 'store', error: unknown): null {
  ports.onFault(where, error);
  return null;
}
