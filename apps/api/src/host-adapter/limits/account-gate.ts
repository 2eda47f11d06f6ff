import type { Clock } from '../../common/clock.ts';
import type { HostTarget } from '../../config/host-target.ts';
import type { ConnectionProblem } from '../errors/connection-problems.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { orAborted } from './or-aborted.ts';

/** One attempt to open a session with an account. Exactly one of its outcomes is told. */
export interface AccountAttempt {
  /** The host knows the account. */
  accepted(): void;
  /** The host does not accept its credentials. */
  refused(failure: HostOperationError): void;
  /** Nobody has judged them: the host was not reached, or failed in another way. */
  unjudged(): void;
}

/** How long an account waits that hosts do not accept: doubling from `first` to `longest` (milliseconds). */
const refusalWaits = { first: 60_000, longest: 3_600_000 } as const;

/** After how long an attempt no longer keeps others waiting: whoever judges credentials does it sooner (milliseconds). */
const patience = 3000;

/** How many attempts there are at once before any host has judged the account; as many again at hosts that failed last. */
const firstAttempts = 2;

/** By how much hosts that have not refused yet are asked earlier than those that have, in milliseconds. */
const headStart = 30_000;

/**
 * Keeps one account from being locked: domains lock one that was refused a few times within minutes, wherever that was.
 * Once a host has accepted it, all others are connected to at once. While none has, and after a host refused it, it is tried
 * on few hosts; each further refusal makes all wait for longer.
 */
export class AccountGate {
  readonly #clock: Clock;
  /** Hosts that refused and have not accepted since: they say nothing new of an account that others accept. */
  readonly #refusers = new Set<string>();
  #isProven = false;
  /** Whether what is in doubt was proven before, and one host alone is the reason for the doubt. */
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
   * @param kind Hosts that failed last must not keep the others waiting.
   * @throws HostOperationError `breaker-open` where that takes long.
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

  /** A host that refused already says nothing new: the others come first. */
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
    // However often it refuses: while no other host is asked, it remains the one that may be wrong by itself.
    if (this.#wasProven && !isNews) return;
    this.#isProven = false;
    this.#refusals += 1;
    this.#last = failure;
    // One host may be wrong by itself, so the next one is asked at once.
    if (this.#refusals === 1) return;
    this.#wasProven = false;
    this.#closedUntil = this.#clock.now() + refusalWait(this.#refusals - 1);
  }

  #closed(wait: number): HostOperationError {
    const last = this.#last;
    return new HostOperationError(
      'breaker-open',
      `Other hosts refused the account of the service, which is tried only now and then so that it is not locked.${last === undefined ? '' : ` ${last.message}`}`,
      {
        began: false,
        remedy: last?.remedy ?? null,
        retryAfterSeconds: Math.ceil(wait / 1000),
        cause: last,
      },
    );
  }
}

/** How long to wait after refusal number `refusals` (from 1), in milliseconds. */
export function refusalWait(refusals: number): number {
  return Math.min(refusalWaits.longest, refusalWaits.first * 2 ** Math.min(refusals - 1, 30));
}

/** What says that somebody compared the credentials and did not accept them. */
const refusals: ReadonlySet<ConnectionProblem | null> = new Set<ConnectionProblem>([
  'access-denied',
  'bad-password',
  'account-closed',
  'client-unknown',
]);

/** Whether the credentials were refused: each time may count towards locking their account. */
export function refusesCredentials({ problem }: HostOperationError): boolean {
  return refusals.has(problem);
}

/** The accounts of the service, a gate for each. */
export class AccountGates {
  readonly #kerberos: AccountGate;
  readonly #password: AccountGate;

  constructor(clock: Clock) {
    this.#kerberos = new AccountGate(clock);
    this.#password = new AccountGate(clock);
  }

  /** The gate of the account that a host is reached with; undefined where there is none. */
  of(target: HostTarget): AccountGate | undefined {
    if (target.kind === 'local') return undefined;
    return target.scheme === 'kerberos' ? this.#kerberos : this.#password;
  }
}
