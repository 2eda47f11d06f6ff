import PQueue from 'p-queue';

/** Releases a place; further calls do nothing. */
export type Release = () => void;

/** Limits concurrency (FIFO). */
export class Limiter {
  readonly #queue: PQueue;

  constructor(places: number) {
    this.#queue = new PQueue({ concurrency: places });
  }

  /** The number of places in use. */
  get taken(): number {
    return this.#queue.pending;
  }

  /** The number of callers that wait for a place. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Waits for a place. Rejects with the signal's reason if it is aborted first. */
  async acquire(signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    const admitted = Promise.withResolvers<Release>();
    // The queue would release a running place when the signal is aborted, so the signal only covers the wait.
    const waiting = new AbortController();
    const giveUp = (): void => {
      waiting.abort(signal.reason);
      admitted.reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const hold = (): Promise<void> => {
      signal.removeEventListener('abort', giveUp);
      const held = Promise.withResolvers<undefined>();
      admitted.resolve(() => held.resolve(undefined));
      return held.promise;
    };
    this.#queue.add(hold, { signal: waiting.signal }).catch(() => undefined);
    return await admitted.promise;
  }
}
