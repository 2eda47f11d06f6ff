import type { Clock } from '../../common/clock.ts';

/** The number of failures without a delay, and the longest delay in milliseconds. */
interface DelayRule {
  readonly free: number;
  readonly longest: number;
}

/** Of one account and one client. Failures of other clients do not delay the owner of the account. */
const ofPair: DelayRule = { free: 3, longest: 5 * 60_000 };
/** Of one client with all accounts, such as one that tries a password on many. */
const ofClient: DelayRule = { free: 10, longest: 5 * 60_000 };

/** Time after which failures are forgotten, in milliseconds. */
const memory = 60 * 60_000;
/** The maximum number of entries; beyond it the oldest are forgotten. */
const maxEntries = 20_000;

interface Failures {
  count: number;
  last: number;
}

/** An attempt that may proceed. It counts as failed until `succeed` is called, so that parallel attempts count too. */
export interface Attempt {
  succeed(): void;
}

/** Delays sign-in attempts after failures, per account and client, and per client. The delay doubles with each failure. */
export class SignInDelays {
  readonly #clock: Clock;
  /** In the order of their last failure. */
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins an attempt. @returns The time to wait in milliseconds if the attempt comes too early. */
  begin(user: string, client: string): Attempt | { readonly wait: number } {
    const pair = JSON.stringify([client, user]);
    const wait = Math.max(this.#wait(pair, ofPair), this.#wait(client, ofClient));
    if (wait > 0) return { wait };
    this.#fail(pair);
    this.#fail(client);
    return {
      succeed: () => {
        this.#failures.delete(pair);
        // Only this attempt: otherwise the owner of one account could guess other passwords without delay.
        this.#takeBack(client);
      },
    };
  }

  /** Returns the number of recent failures of a client. */
  failuresOf(client: string): number {
    return this.#recent(client)?.count ?? 0;
  }

  #wait(key: string, { free, longest }: DelayRule): number {
    const failures = this.#recent(key);
    if (failures === undefined || failures.count < free) return 0;
    const delay = Math.min(longest, 1000 * 2 ** (failures.count - free));
    return failures.last + delay - this.#clock.now();
  }

  #fail(key: string): void {
    const count = (this.#recent(key)?.count ?? 0) + 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, last: this.#clock.now() });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > maxEntries && oldest !== undefined) this.#failures.delete(oldest);
  }

  #takeBack(key: string): void {
    const failures = this.#failures.get(key);
    if (failures === undefined) return;
    failures.count -= 1;
    if (failures.count <= 0) this.#failures.delete(key);
  }

  #recent(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    if (failures === undefined || this.#clock.now() - failures.last < memory) return failures;
    this.#failures.delete(key);
    return undefined;
  }
}
