import type { EngineClock } from '../engine/index.ts';

/**
 * The wake-up signal of a stream. Several wake-ups count as one, and one that comes before the wait is not lost.
 * Disposing releases every timer and listener that was tied to it.
 */
export class Pulse implements Disposable {
  #woken = false;
  #resume: (() => void) | null = null;
  readonly #releases = new Set<() => void>();

  /** Wakes the waiting stream. */
  readonly wake = (): void => {
    this.#woken = true;
    this.#resume?.();
    this.#resume = null;
  };

  /** Resolves once something has happened since it resolved last. */
  async next(): Promise<void> {
    if (!this.#woken) await new Promise<void>((resolve) => (this.#resume = resolve));
    this.#woken = false;
  }

  /** Wakes when the signal is aborted. */
  onAbort(signal: AbortSignal): void {
    if (signal.aborted) this.wake();
    signal.addEventListener('abort', this.wake, { once: true });
    this.#releases.add(() => signal.removeEventListener('abort', this.wake));
  }

  /** Ties an unsubscribe function to this pulse. */
  tie(release: () => void): void {
    this.#releases.add(release);
  }

  /** An alarm that wakes this pulse; it is silent until it is set. */
  alarm(clock: EngineClock): Alarm {
    const alarm = new Alarm(clock, this.wake);
    this.#releases.add(() => alarm.clear());
    return alarm;
  }

  [Symbol.dispose](): void {
    for (const release of this.#releases) release();
    this.#releases.clear();
  }
}

/** One alarm on a clock: rings once after each `set`. */
export class Alarm {
  readonly #clock: EngineClock;
  readonly #ring: () => void;
  #cancel: () => void = () => undefined;
  #rang = false;

  constructor(clock: EngineClock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings after `delayMs`, replacing the previous setting. */
  set(delayMs: number): void {
    this.clear();
    this.#cancel = this.#clock.schedule(Math.max(0, delayMs), () => {
      this.#rang = true;
      this.#ring();
    });
  }

  /** Returns whether it has fired since it was set. */
  get rang(): boolean {
    return this.#rang;
  }

  /** Silences it. */
  clear(): void {
    this.#cancel();
    this.#rang = false;
  }
}
