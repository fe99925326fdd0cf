import { systemClock } from '@greenroom/platform';

/** The promise's result, or a rejection after so many ms. What it does goes on: it must be harmless if it ends late. */
export async function within<T>(
  ms: number,
  what: string,
  promise: Promise<T>,
  clock = systemClock,
): Promise<T> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => reject(new Error(`${what} did not answer within ${ms} ms.`)));
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
