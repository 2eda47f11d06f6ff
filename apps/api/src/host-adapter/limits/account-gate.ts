import type { Clock } from '../../common/clock.ts';
import type { HostTarget } from '../../config/host-target.ts';
import type { ConnectionProblem } from '../errors/connection-problems.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { orAborted } from './or-aborted.ts';

/** One attempt to open a session with an account. Exactly one outcome must be reported. */
export interface AccountAttempt {
  /** The host accepted the account. */
  accepted(): void;
  /** The host refused the credentials. */
  refused(failure: HostOperationError): void;
  /** The attempt was inconclusive: the host was not reached, or failed in another way. */
  unjudged(): void;
}

/** Backoff of an account that hosts refuse, in milliseconds: doubles from `first` to `longest`. */
const refusalWaits = { first: 60_000, longest: 3_600_000 } as const;

/**
 * The time in milliseconds after which an attempt no longer delays others: credentials are verified faster than that.
 */
const patience = 3000;

/**
 * Concurrent attempts before any host has accepted the account; hosts that failed last have the same number of separate
 * places.
 */
const firstAttempts = 2;

/** The head start in milliseconds of hosts that have not refused yet over those that have. */
const headStart = 30_000;

/**
 * Prevents an account from being locked: domains lock one after a few refusals within minutes, on any hosts. Once a
 * host has accepted it, all others are connected to at once. Before that, and after a refusal, it is tried on few
 * hosts, and each further refusal lengthens the wait for all.
 */
export class AccountGate {
  readonly #clock: Clock;
  /**
   * Hosts that refused and have not accepted since. Their refusals add no information about an account that others
   * accept.
   */
  readonly #refusers = new Set<string>();
  #isProven = false;
  /** True if the account was proven before, and the doubt comes from a single host. */
  #wasProven = false;
  #refusals = 0;
  #closedUntil = 0;
  #last: HostOperationError | undefined;
  readonly #trying = { trusted: 0, suspect: 0 };
  #changed = Promise.withResolvers<undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until the account may be tried at a host.
   *
   * @param kind Hosts that failed last wait separately, so that they do not delay the others.
   * @throws HostOperationError `host-unavailable` if the wait would be long.
   */
  async enter(address: string, kind: 'trusted' | 'suspect', signal: AbortSignal): Promise<AccountAttempt> {
    while (!this.#isProven) {
      const wait = this.#opensAt(address) - this.#clock.now();
      if (wait > 0) throw this.#closed(wait);
      if (this.#mayTry(kind)) break;
      await orAborted(this.#changed.promise, signal);
    }
    const end = this.#begin(kind);
    return {
      accepted: () => {
        this.#accept(address);
        end();
      },
      refused: (failure) => {
        this.#refuse(address, failure);
        end();
      },
      unjudged: end,
    };
  }

  /** Another refusal by the same host adds no information, so other hosts go first. */
  #opensAt(address: string): number {
    return this.#closedUntil + (this.#refusers.has(address) ? headStart : 0);
  }

  #mayTry(kind: 'trusted' | 'suspect'): boolean {
    const { trusted, suspect } = this.#trying;
    return this.#refusals === 0 ? this.#trying[kind] < firstAttempts : trusted + suspect === 0;
  }

  #begin(kind: 'trusted' | 'suspect'): () => void {
    let isCounted = true;
    this.#trying[kind] += 1;
    const end = (): void => {
      if (!isCounted) return;
      isCounted = false;
      this.#trying[kind] -= 1;
      this.#changed.resolve(undefined);
      this.#changed = Promise.withResolvers();
    };
    const cancel = this.#clock.schedule(patience, end);
    return () => {
      cancel();
      end();
    };
  }

  #accept(address: string): void {
    this.#refusers.delete(address);
    this.#isProven = true;
    this.#wasProven = true;
    this.#refusals = 0;
    this.#closedUntil = 0;
  }

  #refuse(address: string, failure: HostOperationError): void {
    const isNews = !this.#refusers.has(address);
    this.#refusers.add(address);
    // A single host that refuses repeatedly remains the only suspect as long as no other host is asked.
    if (this.#wasProven && !isNews) return;
    this.#isProven = false;
    this.#refusals += 1;
    this.#last = failure;
    // A single host may be misconfigured, so the next one is tried at once.
    if (this.#refusals === 1) return;
    this.#wasProven = false;
    this.#closedUntil = this.#clock.now() + refusalWait(this.#refusals - 1);
  }

  #closed(wait: number): HostOperationError {
    const last = this.#last;
    return new HostOperationError(
      'host-unavailable',
      `Other hosts refused the service’s account. To avoid locking it, the service retries with increasing delays.${last === undefined ? '' : ` ${last.message}`}`,
      {
        began: false,
        remedy: last?.remedy ?? null,
        retryAfterSeconds: Math.ceil(wait / 1000),
        cause: last,
      },
    );
  }
}

/** Returns the wait after refusal number `refusals` (from 1), in milliseconds. */
export function refusalWait(refusals: number): number {
  return Math.min(refusalWaits.longest, refusalWaits.first * 2 ** Math.min(refusals - 1, 30));
}

/** Problems which show that the credentials were checked and refused. */
const refusals: ReadonlySet<ConnectionProblem | null> = new Set<ConnectionProblem>([
  'access-denied',
  'bad-password',
  'account-closed',
  'client-unknown',
]);

/** Returns whether the credentials were refused: each refusal may count towards locking the account. */
export function refusesCredentials({ problem }: HostOperationError): boolean {
  return refusals.has(problem);
}

/** One gate per account of the service. */
export class AccountGates {
  readonly #kerberos: AccountGate;
  readonly #password: AccountGate;

  constructor(clock: Clock) {
    this.#kerberos = new AccountGate(clock);
    this.#password = new AccountGate(clock);
  }

  /** Returns the gate of the account used for a host; undefined if it needs none. */
  of(target: HostTarget): AccountGate | undefined {
    if (target.kind === 'local') return undefined;
    return target.scheme === 'kerberos' ? this.#kerberos : this.#password;
  }
}
