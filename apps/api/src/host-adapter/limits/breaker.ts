import { backoffDelay, type BackoffOptions } from '@aether-v/types';
import type { Clock } from '../../common/clock.ts';
import { refusalWait } from './account-gate.ts';

/** Options of a circuit breaker. */
export interface BreakerOptions {
  readonly clock: Clock;
  /** Consecutive failures that open it. */
  readonly threshold: number;
  readonly backoff: BackoffOptions;
}

/**
 * The severity of a failure. `hard` failures need an operator and open the breaker at once for the longest wait;
 * `refused` credentials wait longer each time, since repeated attempts lock the account.
 */
export type Failure = 'soft' | 'hard' | 'refused';

/**
 * Circuit breaker: keeps an unreachable host from costing others time. Closed: calls pass. Open: calls fail until a
 * wait, which grows with each failure, is over. Half open: one connection attempt at a time closes or reopens it.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #refusals = 0;
  #openUntil = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** True if the host's last attempt failed: it waits in the lane for suspects until it responds. */
  get suspect(): boolean {
    return this.#failures > 0;
  }

  /** The number of consecutive failures. */
  get failures(): number {
    return this.#failures;
  }

  /** Its state: half open if the next attempt decides. */
  get state(): 'closed' | 'open' | 'half-open' {
    if (this.retryAfter > 0) return 'open';
    return this.#openUntil > 0 ? 'half-open' : 'closed';
  }

  /** Milliseconds until the next attempt is allowed; 0 if it is allowed now. */
  get retryAfter(): number {
    return Math.max(0, this.#openUntil - this.#options.clock.now());
  }

  /** Records that the host responded. */
  succeed(): void {
    this.#failures = 0;
    this.#refusals = 0;
    this.#openUntil = 0;
  }

  /** Records that the host did not respond, or refused. */
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
