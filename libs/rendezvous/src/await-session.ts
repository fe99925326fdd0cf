import type { CallKey, Found, Session } from '@greenroom/contracts';
import { look, type LookPorts } from './look';
import type { Clock, SessionSignal, SessionStore } from './ports';
import { Waiter, type AwaitResult } from './waiter';
import type { WaitingRoom } from './waiting-room';

/** The last look at the store comes this long before the deadline: a session committed before it is found. */
export const LAST_LOOK_MS = 300;
/** How long the last word at the deadline may take; a wait ends within its deadline plus 250 ms. */
const CONCEDE_MS = 200;

export interface AwaitRequest {
  key: CallKey;
  /** from now, absolute: nothing that happens during the wait extends it */
  timeoutMs: number;
  /** what the store is left with when nothing came: a tombstone, or a session without a customer */
  concedeAs: 'timed_out' | 'received';
  /** the caller left, or the socket closed */
  signal: AbortSignal;
}

export interface AwaitPorts extends LookPorts {
  store: Pick<SessionStore, 'find' | 'findMany' | 'concede'>;
  signal: SessionSignal;
  clock: Clock;
  room: WaitingRoom;
}

/**
 * Waits until the session of a call is ready.
 *
 * 1. Look in the cache, then in the store. Mostly that is all.
 * 2. Enter the waiting room, subscribe, and wait for the acknowledgement. Only then look again, in the cache: whatever was
 *    published before the acknowledgement is seen by this look, since a session is in the cache when its event is sent;
 *    whatever is published after it wakes us. What the store alone has by then, the first safety poll finds.
 * 3. Sleep. What wakes: the event, the room's safety poll, a subscription that came back, the last look shortly before
 *    the deadline. Each wake-up looks. The event brings a copy of what the cache was given with it: that is a look which
 *    is over already, and believed as little; where it does not end the wait, the cache is asked.
 * 4. At the deadline a session that is only `received` is taken as it is; otherwise the store has the last word.
 *
 * Failing reads are reported and count as a miss; the promise never rejects. On every exit the subscription is closed
 * and the timers are cleared.
 */
export async function awaitSession(request: AwaitRequest, ports: AwaitPorts): Promise<AwaitResult> {
  const startedAt = ports.clock.now();
  const waiter = new Waiter(request.key, () => ports.clock.now() - startedAt);
  const leave = keepDeadline(waiter, request, ports);
  try {
    void search(waiter, ports, leave);
    return await waiter.result;
  } finally {
    leave.forEach((undo) => undo());
  }
}

/** Steps 1 to 3: ends when the waiter has settled or sleeps. */
async function search(waiter: Waiter, ports: AwaitPorts, leave: (() => void)[]): Promise<void> {
  await lookFor(waiter, ports);
  if (waiter.settled) return;
  ports.room.enter(waiter);
  leave.push(() => ports.room.leave(waiter));
  const subscription = ports.signal.subscribe(waiter.key, (told) => {
    if (told) waiter.offer(told, 'event');
    void lookFor(waiter, ports, 'event');
  });
  leave.push(() => subscription.close());
  if (await subscription.acknowledged) return lookInCache(waiter, ports);
  ports.onFault('signal', new Error('not subscribed'));
  await lookFor(waiter, ports);
}

/** The store is asked only if the cache cannot be. */
async function lookInCache(waiter: Waiter, ports: AwaitPorts): Promise<void> {
  if (waiter.settled) return;
  try {
    const cached = await ports.cache.find(waiter.key);
    if (cached) waiter.offer(cached, 'cache');
  } catch (error) {
    ports.onFault('cache', error);
    await lookInStore(waiter, ports);
  }
}

async function lookFor(waiter: Waiter, ports: LookPorts, wokenBy?: Found): Promise<void> {
  if (waiter.settled) return;
  const seen = await look(waiter.key, ports);
  if (seen) waiter.offer(seen.session, wokenBy ?? seen.found);
}

/** Step 4, and the caller's leaving. Gives back what has to be undone at the end. */
function keepDeadline(waiter: Waiter, request: AwaitRequest, ports: AwaitPorts): (() => void)[] {
  const cancel = () => waiter.cancel();
  if (request.signal.aborted) cancel();
  request.signal.addEventListener('abort', cancel, { once: true });
  const lastLook = () => void lookInStore(waiter, ports);
  const leave = [
    () => request.signal.removeEventListener('abort', cancel),
    ports.clock.after(Math.max(0, request.timeoutMs - LAST_LOOK_MS), lastLook),
    ports.clock.after(request.timeoutMs, () => {
      if (waiter.takePending()) return;
      leave.push(ports.clock.after(CONCEDE_MS, () => waiter.timeOut()));
      void lastWord(waiter, request, ports);
    }),
  ];
  return leave;
}

async function lookInStore(waiter: Waiter, ports: AwaitPorts): Promise<void> {
  const stored = await ports.store.find(waiter.key).catch((error: unknown) => {
    ports.onFault('store', error);
    return null;
  });
  if (stored) waiter.offer(stored, 'database');
}

async function lastWord(waiter: Waiter, request: AwaitRequest, ports: AwaitPorts): Promise<void> {
  const concession = { key: request.key, as: request.concedeAs, waitedMs: request.timeoutMs };
  const session = await ports.store.concede(concession).catch((error: unknown) => {
    ports.onFault('store', error);
    return null;
  });
  if (session && announced(session)) {
    waiter.offer(session, 'database');
    waiter.takePending();
  }
  waiter.timeOut();
}

const announced = (session: Session): boolean => session.announcedAt !== null;
