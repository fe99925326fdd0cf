import { systemClock } from '@greenroom/platform';

/** The promise's result, or a rejection after so many ms. What it does goes on: it must be harmless if it ends late. */
export function within<T>(ms: number, what: string, promise: Promise<T>, clock = systemClock): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new Error(`${what} did not answer within ${ms} ms.`)));
    promise.then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error: Error) => {
        cancel();
        reject(error);
      },
    );
  });
}
