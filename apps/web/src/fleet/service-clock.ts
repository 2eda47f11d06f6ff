/**
 * The browser's estimate of the service's clock. All times from the service are compared with it and never with the
 * browser's clock, which may be hours off. Until the service has reported its time, the browser's clock is used.
 *
 * Based on `Date.now` instead of `performance.now`, which stops while a computer sleeps. If the browser's clock is
 * changed, the next `hello` of the stream corrects the estimate.
 */
export class ServiceClock {
  readonly #ownNow: () => number;
  #aheadMs = 0;
  readonly #listeners = new Set<() => void>();

  constructor(ownNow: () => number = Date.now) {
    this.#ownNow = ownNow;
  }

  /** Returns the service's time, in milliseconds since 1970. */
  readonly now = (): number => this.#ownNow() + this.#aheadMs;

  /** Calls the listener whenever the clock is adjusted. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sets the service's current time. A service that does not report its time has no effect. */
  set(now: number): void {
    if (!Number.isFinite(now)) return;
    this.#aheadMs = now - this.#ownNow();
    for (const listener of this.#listeners) listener();
  }
}

/** The clock of this console, shared by all components. */
export const serviceClock = new ServiceClock();
