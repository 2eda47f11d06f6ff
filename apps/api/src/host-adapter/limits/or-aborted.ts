/**
 * Waits for a promise, but no longer than until the signal is aborted; then rejects with its reason. What becomes of the
 * promise afterwards is ignored. Unlike `Promise.race` with a promise that lives long, this leaves nothing behind.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      promise.catch(() => undefined);
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
      .catch(() => undefined);
  });
}
