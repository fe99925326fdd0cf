import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  timeoutMs: number;
  everyMs?: number;
}

/** Asks again and again until the answer is not `undefined`; `undefined` after the time allowed. */
export async function waitUntil<T>(
  ask: () => Promise<T | undefined>,
  { timeoutMs, everyMs = 50 }: WaitOptions,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() >= deadline) return answer;
    await sleep(everyMs);
  }
}
