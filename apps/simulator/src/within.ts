import { setTimeout as sleep } from 'node:timers/promises';

/** What a promise gives, or null after so many ms, or when the signal says so. The promise must not reject. */
export async function within<T>(promise: Promise<T>, ms: number, signal?: AbortSignal): Promise<T | null> {
  const settled = new AbortController();
  const over = signal ? AbortSignal.any([settled.signal, signal]) : settled.signal;
  const due = sleep(ms, null, { signal: over }).catch(() => null);
  try {
    return await Promise.race([promise, due]);
  } finally {
    settled.abort();
  }
}
