import type { Clock } from '../common/clock.ts';

/** Waits on a clock, until a shared signal is aborted. */
export class Pause {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Waits until a time (milliseconds since 1970). Rejects with the signal's reason if it is aborted first. */
  until(moment: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#signal.throwIfAborted();
      const abort = (): void => {
        cancel();
        reject(this.#signal.reason as Error);
      };
      const cancel = this.#clock.schedule(moment - this.#clock.now(), () => {
        this.#signal.removeEventListener('abort', abort);
        resolve();
      });
      this.#signal.addEventListener('abort', abort, { once: true });
    });
  }
}
