/** Limits the number of concurrent pipelines (FIFO), as a real host does. */
export class Runspaces {
  /** Maximum number of concurrent pipelines. */
  max = 1;
  #used = 0;
  readonly #waiting = new Set<() => void>();

  /** Number of pipelines that could start now. */
  get available(): number {
    return Math.max(0, this.max - this.#used);
  }

  /** @returns false if the number is invalid. */
  resize(max: number): boolean {
    if (max < 1) return false;
    this.max = max;
    this.#admit();
    return true;
  }

  /** Waits for a free runspace. Resolves to the function that releases it; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<() => void> {
    const turn = Promise.withResolvers<() => void>();
    const start = (): void => {
      signal.removeEventListener('abort', onAbort);
      turn.resolve(() => {
        this.#used -= 1;
        this.#admit();
      });
    };
    const onAbort = (): void => {
      this.#waiting.delete(start);
      turn.reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(start);
      this.#admit();
    }
    return turn.promise;
  }

  #admit(): void {
    for (const start of this.#waiting) {
      if (this.#used >= this.max) return;
      this.#waiting.delete(start);
      this.#used += 1;
      start();
    }
  }
}
