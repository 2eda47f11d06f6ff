import { backoffDelay, type BackoffOptions } from '@aether-v/types';
import type { Clock } from '../../common/clock.ts';
import { refusalWait } from './account-gate.ts';

/** How a breaker behaves. */
export interface BreakerOptions {
  readonly clock: Clock;
  /** How many failures in a row open it. */
  readonly threshold: number;
  readonly backoff: BackoffOptions;
}

/**
 * How bad a failure is: `hard` ones, which only people can mend, open at once and for the longest wait; `refused` credentials
 * for longer each time, since trying them again and again locks their account.
 */
export type Failure = 'soft' | 'hard' | 'refused';

/**
 * Keeps a host that does not answer from costing others time. Closed: calls go through. Open: none does until a wait is
 * over that grows with each failure. Then half open: one attempt to connect at a time, which closes or opens it again.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #refusals = 0;
  #openUntil = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Whether the host failed last: it waits in the queue for suspects until it has answered. */
  get suspect(): boolean {
    return this.#failures > 0;
  }

  /** Milliseconds until a call may try; 0 when it may now. */
  get retryAfter(): number {
    return Math.max(0, this.#openUntil - this.#options.clock.now());
  }

  /** The host answered. */
  succeed(): void {
    this.#failures = 0;
    this.#refusals = 0;
    this.#openUntil = 0;
  }

  /** The host did not answer, or was not willing to. */
  fail(failure: Failure): void {
    this.#failures += 1;
    const { clock, threshold, backoff } = this.#options;
    if (failure === 'refused') {
      this.#refusals += 1;
      this.#openUntil = clock.now() + refusalWait(this.#refusals);
    } else if (failure === 'hard') this.#openUntil = clock.now() + backoff.longest;
    else if (this.#failures >= threshold)
      this.#openUntil = clock.now() + backoffDelay(this.#failures - threshold + 1, backoff);
  }
}
