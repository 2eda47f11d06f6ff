/**
 * The service's clock, as far as the browser knows it. Every time that the service tells is compared with this clock and never with the
 * browser's own, which may be hours off. Until the service has said its time, the browser's is all there is.
 *
 * Counted by `Date.now` and not by `performance.now`, which stands still while a computer sleeps. Where the browser's clock is set
 * meanwhile, the next `hello` of the stream corrects it.
 */
export class ServiceClock {
  private readonly ownNow: () => number;
  private aheadMs = 0;
  private readonly listeners = new Set<() => void>();

  constructor(ownNow: () => number = Date.now) {
    this.ownNow = ownNow;
  }

  /** The service's time, in milliseconds since 1970. */
  readonly now = (): number => this.ownNow() + this.aheadMs;

  /** Calls the listener whenever the clock was set. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Sets the clock: this is the service's time now. A service that does not say its time changes nothing. */
  set(now: number): void {
    if (!Number.isFinite(now)) return;
    this.aheadMs = now - this.ownNow();
    for (const listener of this.listeners) listener();
  }
}

/** The clock of this console: one for all that is on the screen. */
export const serviceClock = new ServiceClock();
