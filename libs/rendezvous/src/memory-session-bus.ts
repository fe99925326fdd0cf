import { keyString, type CallKey, type Session } from '@greenroom/contracts';
import type { SessionCache, SessionPublisher, SessionSignal, Subscription, Wake } from './ports';

/** Cache and pub/sub for one process: the fake of the specs, held to the same contract as the real one. */
export class MemorySessionBus implements SessionCache, SessionPublisher, SessionSignal {
  readonly sessions = new Map<string, Session>();
  private readonly listeners = new Map<string, Set<Wake>>();
  private readonly restored: (() => void)[] = [];

  async find(key: CallKey): Promise<Session | null> {
    const id = keyString(key);
    await Promise.resolve();
    return this.sessions.get(id) ?? null;
  }

  async findMany(keys: readonly CallKey[]): Promise<Session[]> {
    const ids = keys.map(keyString);
    await Promise.resolve();
    return ids.flatMap((id) => this.sessions.get(id) ?? []);
  }

  async put(session: Session): Promise<void> {
    await Promise.resolve();
    this.sessions.set(keyString(session), session);
  }

  async publish(session: Session): Promise<void> {
    await this.put(session);
    this.listeners.get(keyString(session))?.forEach((wake) => wake(session));
  }

  subscribe(key: CallKey, wake: Wake): Subscription {
    const id = keyString(key);
    const same = this.listeners.get(id) ?? new Set();
    const listener: Wake = (told) => wake(told);
    this.listeners.set(id, same.add(listener));
    return {
      acknowledged: Promise.resolve(true),
      close: () => {
        same.delete(listener);
        if (same.size === 0 && this.listeners.get(id) === same) this.listeners.delete(id);
      },
    };
  }

  onRestored(listener: () => void): void {
    this.restored.push(listener);
  }

  /** The link was lost and has come back. */
  restore(): void {
    this.restored.forEach((listener) => listener());
  }

  get subscriptions(): number {
    return this.listeners.size;
  }
}
